import { sameSecret } from '../../kernel/index.ts';
import { belongsTo } from '../authority.ts';
import type { TenantContext, Visit } from '../context.ts';
import { refusal } from '../dialect/errors.ts';
import { formOf } from '../form-of.ts';
import { type Foreign, provenanceOf } from '../provenance.ts';
import { apart } from '../provider-token.ts';
import type { SignIn } from '../records.ts';
import { type Payload, withAnswers } from '../token-form.ts';
import { createDeviceCodes, type HeldRequest } from './device-codes.ts';

/** A journey that was begun for a device, where its host looks for it; `result` is what the host puts there. */
export interface DeviceJourney {
  readonly returnTo: string;
  readonly device: string;
  /** Digest of the cookie of the browser that began it. */
  readonly browser: string;
  readonly result?: {
    readonly login?: { readonly accountId: string; readonly ts: number };
    readonly newUser?: boolean;
    readonly tokenClaims?: Payload;
    readonly foreign?: Foreign;
  };
}

async function signInOf(
  { request: { ticket } }: HeldRequest,
  { login, newUser, tokenClaims, foreign }: NonNullable<DeviceJourney['result']>,
  { authority }: Visit,
  { identity, clock, tenant }: TenantContext,
): Promise<SignIn | undefined> {
  const user = login && (await identity.find(login.accountId));
  if (!user || user.accountEnabled === false) return undefined;
  const told = apart(formOf(authority, tenant.id).claims(user, provenanceOf(foreign)));
  return {
    ...ticket,
    userId: user.id,
    authTime: login.ts,
    started: clock.now(),
    newUser: newUser === true,
    ...told,
    claims: withAnswers(told.claims, tokenClaims),
  };
}

/**
 * Back from the journey, in the browser it began in, once: the device gets what the person agreed to. Throws 90046: there is nothing to
 * go on with.
 */
export async function concludeDevice(
  id: string,
  browser: string,
  visit: Visit,
  context: TenantContext,
): Promise<'done' | 'denied'> {
  const { clock, store } = context;
  const journey = (await store.ephemeral.get('oidc.Interaction', id))?.payload as DeviceJourney | undefined;
  const own = journey?.result && sameSecret(journey.browser ?? '', browser);
  if (!own || !(await store.ephemeral.take('oidc.Interaction', id))) throw refusal('AADB2C90046');
  const codes = createDeviceCodes({ ephemeral: store.ephemeral, clock });
  const held = await codes.byId(journey.device);
  const open = held && !held.request.answer && clock.now() < held.request.expires;
  if (!open || !belongsTo(held.request.ticket, visit.authority)) throw refusal('AADB2C90046');
  const signIn = await signInOf(held, journey.result ?? {}, visit, context);
  await codes.answer(held, signIn ? { kind: 'approved', signIn } : { kind: 'denied' });
  return signIn ? 'done' : 'denied';
}
