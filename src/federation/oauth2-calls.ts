import type { Outside, OutsideFailure, OutsideRequest } from '../connectors/index.ts';
import { errorIn, failed, isMembers, type Members, parse, type Reading } from './oauth2-answer.ts';

/** One call of a provider. `params` go into the query of a GET and the form of a POST. */
export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as `Authorization: Bearer` (RFC 6750 §2.1). */
  readonly bearer?: string;
}

/** Reads what a provider answers. Failures tell no address and nothing that was sent. */
export interface Calls {
  object(call: Call): Promise<Reading<Members>>;
  list(call: Call): Promise<Reading<readonly unknown[]>>;
}

/** For all calls of one sign-in together: somebody waits for the page. */
const usualMilliseconds = 10_000;

/** No provider answers in less; timers end a little early. */
const leastMilliseconds = 20;

/** Profiles come with counters, pictures and last messages; all of them together are a few thousand bytes. */
const largestAnswer = 256 * 1024;

function requestOf(call: Call, milliseconds: number): OutsideRequest {
  const { method = 'GET', url, params = {}, headers = {}, bearer } = call;
  const target = new URL(url);
  const form = new URLSearchParams(params);
  if (method === 'GET') for (const [name, value] of form) target.searchParams.append(name, value);
  return {
    target: 'provider',
    method,
    url: target.href,
    headers: {
      ...headers,
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    },
    ...(method === 'POST' ? { body: form.toString() } : {}),
    milliseconds,
    bytes: largestAnswer,
  };
}

/** Why there is no answer, without an address. */
export const unreached: Readonly<Record<OutsideFailure, string>> = {
  forbidden: 'the address of the provider may not be called',
  timedOut: 'the provider did not answer in time',
  tooLong: 'the answer of the provider is too long',
  unknownHost: 'the provider could not be found',
  unreachable: 'the provider could not be reached',
};

/** For one sign-in. `placeOf`: where an address is really called, see `FederationServices.originOf`. */
export function createCalls(
  outside: Outside,
  placeOf: (url: string) => string,
  milliseconds: number = usualMilliseconds,
): Calls {
  const ends = performance.now() + milliseconds;

  async function ask(call: Call): Promise<Reading<unknown>> {
    const left = Math.ceil(ends - performance.now());
    if (left < leastMilliseconds) return failed(unreached.timedOut);
    const answer = await outside.send(requestOf({ ...call, url: placeOf(call.url) }, left));
    if (answer.kind === 'failed') return failed(unreached[answer.cause]);
    const value = parse(answer.body);
    const error = errorIn(value);
    const isFine = answer.status >= 200 && answer.status < 300;
    if (!isFine || error !== undefined) {
      return failed(`the provider answered ${answer.status}${error ? ` with '${error}'` : ''}`);
    }
    return value === undefined ? failed('the provider answered something else than data') : { kind: 'read', value };
  }

  const shape = failed('the provider answered data of another shape');
  return {
    async object(call) {
      const read = await ask(call);
      if (read.kind === 'failed') return read;
      return isMembers(read.value) ? { kind: 'read', value: read.value } : shape;
    },
    async list(call) {
      const read = await ask(call);
      if (read.kind === 'failed') return read;
      return Array.isArray(read.value) ? { kind: 'read', value: read.value } : shape;
    },
  };
}
