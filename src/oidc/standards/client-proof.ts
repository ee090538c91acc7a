import type { Application } from '../clients.ts';
import type { TenantContext, Visit } from '../context.ts';
import { assertEnabled, type Credentials, findClient, readCredentials } from '../credentials.ts';
import { refusal } from '../dialect/errors.ts';
import type { Params } from '../dialect/params.ts';
import { provedByAssertion } from './assertion.ts';
import { assertProofKind } from './profile.ts';

/** A client at an endpoint other than the token endpoint. */
export interface KnownClient {
  readonly app: Application;
  /** It has shown a secret of its own; else it only says who it is. */
  readonly proved: boolean;
}

/** Throws 90081. */
function assertSecret(secret: string, app: Application, { clients }: TenantContext): void {
  if (!clients.hasSecret(app, secret)) throw refusal('AADB2C90081', app.appId);
}

/**
 * Who asks. A proof that is sent must be right; whether one is needed is for the endpoint to say. Throws 90083, 90018, 90092,
 * 90081, `oidc.twoProofs`, `oidc.assertionRefused`.
 */
export async function knowClient(form: Params, visit: Visit, context: TenantContext): Promise<KnownClient> {
  const credentials: Credentials = readCredentials(form, visit.exchange.headers.authorization);
  const app = await findClient(credentials.clientId, context);
  assertEnabled(app, context);
  if (credentials.secret !== undefined) assertSecret(credentials.secret, app, context);
  const proved = await provedByAssertion(credentials, app, visit, context);
  assertProofKind(app, { proved, secret: credentials.secret });
  return { app, proved: proved || credentials.secret !== undefined };
}
