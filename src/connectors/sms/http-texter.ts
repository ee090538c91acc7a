import { setTimeout as delay } from 'node:timers/promises';
import { flawOfOutsideUrl } from '../../kernel/index.ts';
import { badSetting, faults } from '../faults.ts';
import { createBounds, sendMilliseconds } from '../within-bounds.ts';
import { readBodyTemplate } from './body-template.ts';
import { readHeaders } from './request-headers.ts';
import { readSuccessRule, type SuccessRule } from './success-rule.ts';
import type { Texter, TextMessage } from './texter.ts';

export interface HttpTexterSettings {
  /** `--sms-url`. */
  readonly url: string;
  /** `--sms-headers`. */
  readonly headers: string | undefined;
  /** `--sms-body`. */
  readonly body: string | undefined;
  /** `--sms-from`. */
  readonly from: string | undefined;
  /** `--sms-success`. */
  readonly success: string | undefined;
  /** 10 000 when absent. */
  readonly timeoutMilliseconds?: number;
}

/** What is read of an answer; an honest one is far smaller. */
const largestAnswer = 65_536;

/** Between the two attempts to connect. */
const pauseMilliseconds = 250;

const refused = (reason: string) => faults.textNotSent({ reason });

/** Why the provider was not reached, if not a byte of the request was sent. */
function unreached(error: unknown): string | undefined {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  const { code, syscall } = (first ?? {}) as { readonly code?: unknown; readonly syscall?: unknown };
  const before = syscall === 'connect' || syscall === 'getaddrinfo' || code === 'UND_ERR_CONNECT_TIMEOUT';
  return before ? String(code) : undefined;
}

/** The code of what went wrong, e.g. `ECONNRESET`; never its words. */
function codeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'the connection broke';
}

/** The answer, once; a second attempt only when the first did not even get a connection. */
async function answerTo(url: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
  const attempt = () => fetch(url, { ...init, signal });
  try {
    return await attempt();
  } catch (error) {
    if (unreached(error) === undefined) throw refused(codeOf(error));
  }
  await delay(pauseMilliseconds, undefined, { signal });
  try {
    return await attempt();
  } catch (error) {
    throw refused(unreached(error) ?? codeOf(error));
  }
}

/** The beginning of the body; the rest is not read. */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > largestAnswer) break;
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/** Numbers and short names may be told, words may not: they could repeat the number or the message. */
const told = (value: string | undefined): string =>
  value === undefined
    ? 'nothing'
    : /^[\w.-]{1,20}$/.test(value) && !/\d{6}/.test(value)
      ? `'${value}'`
      : 'something else';

async function judge(response: Response, rule: SuccessRule | undefined): Promise<void> {
  const body = await textOf(response).catch((error: unknown) => {
    // A message that was taken stays taken, whatever becomes of an answer that nobody reads.
    if (rule) throw refused(codeOf(error));
    return '';
  });
  if (!response.ok) throw refused(`it answered ${response.status}`);
  const found = rule?.found(body);
  if (rule && found !== rule.wanted)
    throw refused(`it answered ${response.status} with ${told(found)} where '--sms-success' looks`);
}

/**
 * Hands text messages to any provider that takes an HTTP POST, as the settings describe it. Connections are kept open;
 * certificates are verified and redirects not followed. It throws `connectors.textNotSent` within ten seconds. Throws
 * `connectors.badSetting`.
 */
export function createHttpTexter(settings: HttpTexterSettings): Texter {
  const { url, from, timeoutMilliseconds = sendMilliseconds } = settings;
  const flaw = flawOfOutsideUrl(url);
  if (flaw) throw badSetting('smsUrl', `cannot be used: ${flaw}`);
  const template = readBodyTemplate(settings.body, from);
  const rule = settings.success === undefined ? undefined : readSuccessRule(settings.success);
  const headers = new Map([
    ['accept', 'application/json'],
    ['content-type', template.contentType],
    ['user-agent', 'usher'],
    ...readHeaders(settings.headers ?? ''),
  ]);
  const withinBounds = createBounds(timeoutMilliseconds, refused);
  return {
    async send({ to, text }: TextMessage) {
      if (!/^\+[1-9]\d{1,14}$/.test(to)) throw refused('its number is not in the form +4915112345678');
      const values = new Map(Object.entries({ to, toDigits: to.slice(1), text, from }));
      const body = template.fill((mark) => values.get(mark) ?? '');
      const init: RequestInit = { method: 'POST', headers: [...headers], body, redirect: 'manual' };
      await withinBounds(async (signal) => judge(await answerTo(url, init, signal), rule));
    },
  };
}
