import type { Config, Observation, Observe } from '../kernel/index.ts';

type Level = 'error' | 'warn' | 'info' | 'debug';

const levels: { readonly [K in Observation['kind']]: Level } = {
  'server.listening': 'info',
  'server.stopping': 'info',
  'http.answered': 'info',
  'http.failed': 'error',
  'directory.changed': 'info',
  'journey.moved': 'info',
  'token.issued': 'info',
  'logout.told': 'info',
  'webhook.called': 'info',
  'mail.sent': 'info',
  'text.sent': 'info',
  'store.migrated': 'info',
  warning: 'warn',
};

/** Writes observations as JSON lines on standard error, from the level on. */
export async function createLog(level: Config['logLevel']): Promise<Observe> {
  if (level === 'silent') return () => undefined;
  const { pino, destination, stdSerializers } = await import('pino');
  const sink = destination({ dest: 2, sync: true });
  const log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: stdSerializers.err } },
    sink,
  );
  return ({ kind, ...data }) => {
    const weight = levels[kind];
    if (log.isLevelEnabled(weight)) log[weight]({ kind, ...data });
  };
}
