import { Fault, type Observation, type TraceIds } from '../kernel/index.ts';

export type Level = 'error' | 'warn' | 'info' | 'debug';

type Kind = Observation['kind'];

interface Logged<K extends Kind> {
  readonly level: Level;
  /** What may stand in the log of it; everything else is left out. */
  readonly members: readonly Exclude<keyof Extract<Observation, { readonly kind: K }>, 'kind'>[];
}

const flow = ['tenantId', 'flowId'] as const;

/** Every kind of observation: how much it weighs, and which of its members are logged. A member that is not named here is never written. */
export const logged: { readonly [K in Kind]: Logged<K> } = {
  'server.listening': { level: 'info', members: ['url'] },
  'server.stopping': { level: 'info', members: ['signal'] },
  'server.certificateRenewed': { level: 'info', members: [] },
  'server.workerLost': { level: 'error', members: ['code', 'signal'] },
  'http.answered': { level: 'info', members: ['method', 'route', 'status', 'milliseconds', 'correlationId'] },
  'http.failed': { level: 'error', members: ['route', 'correlationId', 'error'] },
  'directory.changed': { level: 'info', members: ['tenantId', 'type', 'key', 'verb', 'by'] },
  'journey.moved': {
    level: 'info',
    members: [...flow, 'journeyId', 'step', 'outcome', 'milliseconds', 'correlationId'],
  },
  'journey.began': { level: 'debug', members: flow },
  'journey.arrived': { level: 'debug', members: flow },
  'journey.refused': { level: 'debug', members: [...flow, 'refusal'] },
  'token.issued': { level: 'info', members: [...flow, 'appId', 'grant'] },
  'token.refused': { level: 'info', members: ['tenantId', 'grant', 'code'] },
  'account.locked': { level: 'info', members: ['tenantId'] },
  'hash.computed': { level: 'debug', members: ['waited', 'worked'] },
  'hash.refused': { level: 'warn', members: [] },
  'outside.called': { level: 'debug', members: ['target', 'outcome', 'status', 'milliseconds'] },
  'message.handed': { level: 'debug', members: ['channel', 'outcome', 'milliseconds'] },
  'store.asked': { level: 'debug', members: ['operation', 'outcome', 'milliseconds'] },
  'logout.told': { level: 'info', members: ['tenantId', 'appId', 'outcome', 'attempts'] },
  'webhook.called': { level: 'info', members: ['tenantId', 'webhookId', 'event', 'outcome', 'attempts'] },
  'mail.sent': { level: 'info', members: ['purpose'] },
  'text.sent': { level: 'info', members: ['purpose'] },
  'store.migrated': { level: 'info', members: ['engine', 'from', 'to'] },
  warning: { level: 'warn', members: ['message', 'error'] },
};

/** Severity numbers of OpenTelemetry's log data model. */
const severities: Readonly<Record<Level, number>> = { debug: 5, info: 9, warn: 13, error: 17 };

/** Characters of one text. */
const longest = 1_000;
const mostFrames = 12;
/** Errors below an error. */
const deepest = 4;

const plainName = /^[\w.-]{1,64}$/;
const frame = /^ {4}at (?:[\w$.<># [\]]{1,200} \()?(?:file:\/\/|node:|\/|[A-Za-z]:\\)[^()\n]{1,400}:\d+:\d+\)?$/;

/** Where an error was made, without its words, which may hold values. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const places = message === '' ? stack : stack.replace(message, () => '');
  const lines = places.split('\n').filter((line) => frame.test(line));
  return lines.slice(0, mostFrames).map((line) => line.trim());
}

/**
 * What is told of an error: its class, its code and where it was made. The words of a driver, a library or another server may hold what
 * somebody typed, and those of a refusal too; only a malfunction that the server words itself is told with its words.
 */
export function errorTold(error: unknown, depth = 0): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { class: error === null ? 'null' : typeof error };
  const { code } = error as { readonly code?: unknown };
  const named = error.constructor.name;
  return {
    class: plainName.test(named) ? named : 'Error',
    ...(typeof code === 'string' && plainName.test(code) ? { code } : {}),
    ...(error instanceof Fault && error.status >= 500 ? { message: bounded(error.message) } : {}),
    frames: framesOf(error),
    ...(error.cause !== undefined && depth < deepest ? { cause: errorTold(error.cause, depth + 1) } : {}),
  };
}

const bounded = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

function toldOf(name: string, value: unknown): unknown {
  if (name === 'error') return errorTold(value);
  if (typeof value === 'number') return Math.round(value * 1000) / 1000;
  return typeof value === 'string' ? bounded(value) : value;
}

/** One observation as JSON in one line, with the names of OpenTelemetry's log data model where it has some. */
export function logLine(observation: Observation, now: Date, ids?: TraceIds): string {
  const { kind } = observation;
  const { level, members } = logged[kind];
  const given = observation as unknown as Readonly<Record<string, unknown>>;
  const line: Record<string, unknown> = {
    timestamp: now.toISOString(),
    severity_text: level.toUpperCase(),
    severity_number: severities[level],
    kind,
  };
  for (const name of members as readonly string[])
    if (given[name] !== undefined) line[name] = toldOf(name, given[name]);
  if (ids) Object.assign(line, { trace_id: ids.traceId, span_id: ids.spanId });
  return `${JSON.stringify(line)}\n`;
}
