import type { Identity } from '../../identity/index.ts';
import { newSecret } from '../../kernel/index.ts';
import type { Ephemeral } from '../../store/index.ts';
import { type Authority, belongsTo, nameOf } from '../authority.ts';
import { refusal } from '../dialect/errors.ts';
import { standardFaults } from '../dialect/standard-errors.ts';
import type { SignIn } from '../records.ts';
import { createDeviceCodes, type HeldRequest } from '../standards/device-codes.ts';
import type { GrantHandler } from './grant.ts';
import { choicesOf, type IssueServices, issueTokens } from './issue.ts';
import { assertUser, type RedeemServices } from './redeem.ts';

interface Services extends IssueServices, RedeemServices {
  readonly identity: Identity;
  readonly ephemeral: Ephemeral;
}

/** In the order that tells a stranger least. Throws 90090, 90279, 90088, `oidc.deviceExpired`. */
function assertOwn(held: HeldRequest | undefined, appId: string, authority: Authority, now: number): HeldRequest {
  if (!held) throw refusal('AADB2C90090', 'The provided grant is not known');
  const { request } = held;
  if (request.appId !== appId) throw refusal('AADB2C90279', appId);
  if (!belongsTo(request.ticket, authority)) throw refusal('AADB2C90088', nameOf(request.ticket), authority.id);
  if (now >= request.expires) throw standardFaults.deviceExpired();
  return held;
}

/** What the person did. Throws `oidc.slowDown`, `oidc.authorizationPending`, `oidc.deviceDenied`, 90129. */
async function answered(held: HeldRequest, services: Services): Promise<SignIn> {
  const codes = createDeviceCodes(services);
  if (await codes.isTooSoon(held)) throw standardFaults.slowDown();
  if (!held.request.answer) throw standardFaults.authorizationPending();
  const answer = (await codes.take(held))?.request.answer;
  if (!answer) throw refusal('AADB2C90129');
  if (answer.kind === 'denied') throw standardFaults.deviceDenied();
  return answer.signIn;
}

/** `device_code` (RFC 8628 §3.4): a device asks until somebody has answered in its place; its tokens are given out once. */
export const deviceCodeGrant =
  (services: Services): GrantHandler =>
  async (call) => {
    const { app, authority, issuer, form } = call;
    const codes = createDeviceCodes(services);
    const found = await codes.byDeviceCode(form.get('device_code') ?? '');
    const signIn = await answered(assertOwn(found, app.appId, authority, services.clock.now()), services);
    call.user = await assertUser({ signIn }, services);
    if (signIn.resource) call.resourceId = signIn.resource.appId;
    const wantsClientInfo = signIn.clientInfo || form.get('client_info') === '1';
    const order = { issuer, clientId: app.appId, authority, family: newSecret(), signIn };
    return issueTokens({ ...order, ...choicesOf(call), wantsClientInfo }, services);
  };
