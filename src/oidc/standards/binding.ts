import type { Exchange } from '../../http/index.ts';
import { Fault } from '../../kernel/index.ts';
import type { Application } from '../clients.ts';
import type { Params } from '../dialect/params.ts';
import { standardFaults } from '../dialect/standard-errors.ts';
import type { Claims } from '../own-token.ts';
import type { HeldGrant } from '../records.ts';
import { type ProofServices, readProof } from './dpop.ts';

/** Whether an application's tokens are good only with a proof by its key. */
export const isBound = ({ settings }: Application): boolean =>
  settings.tokenBinding === 'dpop' || settings.securityProfile === 'fapi2';

/**
 * The key that the tokens of a request are to be bound to. A grant that was bound stays so, whatever the application's setting is by
 * now. Throws `oidc.proofRefused`, `oidc.wrongKey`.
 */
export async function keyForTokens(
  app: Application,
  held: HeldGrant | undefined,
  exchange: Exchange,
  services: ProofServices,
): Promise<string | undefined> {
  const boundTo = held?.grant.signIn.boundTo;
  if (!isBound(app) && boundTo === undefined) return undefined;
  const key = await readProof(exchange, services);
  if (boundTo !== undefined && boundTo !== key) throw standardFaults.wrongKey();
  return key;
}

/**
 * A pushed request with the key that its code will be bound to: named in it, or proved by the request itself (RFC 9449 §10.1). Throws
 * `oidc.proofRefused`.
 */
export async function withKey(
  params: Params,
  app: Application,
  exchange: Exchange,
  services: ProofServices,
): Promise<Params> {
  if (!isBound(app) || exchange.headers['dpop'] === undefined) return params;
  const key = await readProof(exchange, services);
  const named = params.get('dpop_jkt');
  if (named !== undefined && named !== key) throw standardFaults.proofRefused({ reason: 'dpop_jkt is another key' });
  return new Map([...params, ['dpop_jkt', key]]);
}

/** The key a token is bound to; undefined: it is a bearer token. */
function boundKey({ cnf }: Claims): string | undefined {
  if (typeof cnf !== 'object' || cnf === null || !('jkt' in cnf)) return undefined;
  return typeof cnf.jkt === 'string' ? cnf.jkt : undefined;
}

/** The token of an `Authorization` header, and whether it came with a proof (RFC 6750 §2.1, RFC 9449 §7.1). */
export interface Presented {
  readonly token: string;
  readonly isProved: boolean;
}

export function presentedToken({ headers }: Exchange): Presented | undefined {
  const [, scheme = '', token] = /^(bearer|dpop) +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  return token === undefined ? undefined : { token, isProved: scheme.toLowerCase() === 'dpop' };
}

/**
 * A bound token comes with a proof by its key, and any other as a bearer token: else a stolen one could be used as if it were not bound.
 * Throws `oidc.proofRefused`, `oidc.wrongKey`.
 */
export async function assertPresentedRight(
  claims: Claims,
  { token, isProved }: Presented,
  exchange: Exchange,
  services: ProofServices,
): Promise<void> {
  const key = boundKey(claims);
  if (!isProved && key === undefined) return;
  if (!isProved || key === undefined) throw standardFaults.wrongKey();
  if ((await readProof(exchange, services, token)) !== key) throw standardFaults.wrongKey();
}

/** What is wrong with a proof, for an answer that is not the token endpoint's; undefined: the failure is of another kind. */
export const proofProblem = (error: unknown): string | undefined =>
  error instanceof Fault && (error.code === 'oidc.proofRefused' || error.code === 'oidc.wrongKey')
    ? error.message
    : undefined;
