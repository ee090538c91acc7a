import type { Application } from '../clients.ts';
import type { TenantContext, Visit } from '../context.ts';
import { assertEnabled, type Credentials, findClient, readCredentials } from '../credentials.ts';
import { refusal } from '../dialect/errors.ts';
import type { Params } from '../dialect/params.ts';
import { standardFaults } from '../dialect/standard-errors.ts';

/** A client at an endpoint other than the token endpoint. */
export interface KnownClient {
  readonly app: Application;
  /** It has shown a secret of its own; else it only says who it is. */
  readonly proved: boolean;
}

/** RFC 6749 §2.3: one way of proof in a request. What is said twice must be said alike. Throws `oidc.twoProofs`. */
function assertOneProof(form: Params, authorization: string | undefined): void {
  if (authorization !== undefined && form.has('client_secret')) throw standardFaults.twoProofs();
}

/** Throws 90081, or AADSTS7000215. */
function assertSecret(secret: string, app: Application, { flow }: Visit, { clients }: TenantContext): void {
  if (clients.hasSecret(app, secret)) return;
  throw flow ? refusal('AADB2C90081') : refusal('AADSTS7000215', app.appId);
}

/**
 * Who asks. A proof that is sent must be right; whether one is needed is for the endpoint to say. Throws `oidc.twoProofs`, 90083, 90018,
 * 90092, 90081 and their AADSTS counterparts.
 */
export async function knowClient(form: Params, visit: Visit, context: TenantContext): Promise<KnownClient> {
  const { authorization } = visit.exchange.headers;
  assertOneProof(form, authorization);
  const credentials: Credentials = readCredentials(form, authorization);
  const app = await findClient(credentials.clientId, visit, context);
  assertEnabled(app, visit, context);
  if (credentials.secret === undefined) return { app, proved: false };
  assertSecret(credentials.secret, app, visit, context);
  return { app, proved: true };
}
