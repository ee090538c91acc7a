import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { told } from '../oauth2-answer.ts';
import type { ForeignOutcome } from '../provider.ts';

/** As `fetch` rejects: the provider could not be called. The message is told. */
export class Unreached extends TypeError {}

/** A check of ours, after those of the library. The message is told. */
export class Untrusted extends Error {}

/** By which the person turned back: at any provider (RFC 6749 §4.1.2.1), at Apple. */
const cancellations: readonly string[] = ['access_denied', 'user_cancelled_authorize'];

/** The library's own words, in which no value stands: those are in the causes. */
function reasonOf(error: unknown): string {
  if (error instanceof Unreached || error instanceof Untrusted) return error.message;
  if (error instanceof ResponseBodyError) return `the code was not exchanged: '${told(error.error) ?? 'unknown'}'`;
  if (!(error instanceof ClientError)) return 'the answer could not be read';
  return error.code !== undefined && error.cause instanceof Error ? error.cause.message : error.message;
}

/** What became of a sign-in whose answer was not accepted. */
export function outcomeOf(error: unknown): ForeignOutcome {
  if (!(error instanceof AuthorizationResponseError)) return { kind: 'failed', reason: reasonOf(error) };
  if (cancellations.includes(error.error)) return { kind: 'cancelled' };
  return { kind: 'failed', reason: `the provider answered with the error '${told(error.error) ?? 'unknown'}'` };
}
