import type { Directory } from '../../directory/index.ts';
import { passwordNamesOf } from '../../flows/index.ts';
import type { Identity, PasswordProof } from '../../identity/index.ts';
import { newSecret } from '../../kernel/index.ts';
import type { Authority } from '../authority.ts';
import type { Application, Clients } from '../clients.ts';
import { type ErrorCode, refusal } from '../dialect/errors.ts';
import type { Params } from '../dialect/params.ts';
import { redirectUrisOf } from '../dialect/redirect-uri.ts';
import type { Flow } from '../flow.ts';
import { formOf } from '../form-of.ts';
import { assertScopeSyntax, resolveScopes } from '../scopes.ts';
import type { GrantHandler } from './grant.ts';
import { choicesOf, type IssueServices, issueTokens } from './issue.ts';

/** RFC 6749 §4.3, as user flows of its own kind have it (b2c contract c.6). */
export const isPasswordGrant = (grantType: string, authority: Authority): authority is Flow =>
  grantType === 'password' && authority.kind === 'resourceOwner';

/** Longest sign-in name and password that are looked at, in bytes. */
const longest = 4096;

/**
 * What must hold before anybody's password is looked at: the application is a public one, has the flow and implicit tokens
 * switched on, and sends no secret. Throws 90084, 90058, 90224, 90057, 99013, 90083, 90122.
 */
export function checkPasswordRequest(form: Params, app: Application, authority: Flow, hasSecret: boolean): void {
  if (hasSecret) throw refusal('AADB2C90084');
  if (!authority.exchangesPasswords) throw refusal('AADB2C90224');
  if (app.isFallbackPublicClient !== true) {
    const isPublic = redirectUrisOf(app, 'publicClient').length > 0 || redirectUrisOf(app, 'spa').length > 0;
    throw refusal(isPublic ? 'AADB2C90224' : 'AADB2C90058');
  }
  if (app.web.implicitGrantSettings.enableAccessTokenIssuance !== true) throw refusal('AADB2C90057');
  const types = (form.get('response_type') ?? '').split(' ').filter((type) => type !== '');
  const odd = types.find((type) => type !== 'token' && type !== 'id_token');
  if (odd !== undefined) throw refusal('AADB2C99013', 'password', odd);
  for (const name of ['username', 'password', 'scope']) {
    const value = form.get(name);
    if (value === undefined) throw refusal('AADB2C90083', name);
    if (Buffer.byteLength(value) > longest) throw refusal('AADB2C90122', name);
  }
}

/** A password that has to be changed first is not what B2C has a code for: that one is the directory's. */
const refusals: Readonly<Record<Exclude<PasswordProof['kind'], 'proved'>, ErrorCode>> = {
  wrong: 'AADB2C90225',
  locked: 'AADB2C90114',
  disabled: 'AADB2C90111',
  expired: 'AADSTS50055',
};

/**
 * `password` at a resource owner flow: nobody is asked anything, so nobody is let in who would have to be. Names count as far as the flow
 * offers accounts of their kind; throws 90051 when it offers none with a password.
 */
export const passwordGrant =
  (
    services: IssueServices & {
      readonly identity: Identity;
      readonly clients: Clients;
      readonly directory: Pick<Directory, 'get' | 'linked'>;
    },
  ): GrantHandler =>
  async (call) => {
    const { app, authority, correlationId, issuer, form } = call;
    if (authority.kind === 'tenant') throw new TypeError('the dialect lets it pass at flows alone');
    const param = (name: string): string => form.get(name) ?? '';
    assertScopeSyntax(param('scope'));
    const granted = await resolveScopes(param('scope'), app, { clients: services.clients, authority });
    if (!granted.openid && !granted.resource) throw refusal('AADB2C90107', app.appId);
    if (granted.resource) call.resourceId = granted.resource.appId;
    const username = param('username').trim();
    const names = await passwordNamesOf(services.directory, authority.id);
    if (names.length === 0) throw refusal('AADB2C90051');
    const proof = await services.identity.provePassword(username, param('password'), {
      kinds: names,
      visitor: { address: call.address },
    });
    if (proof.kind !== 'proved') {
      call.tried = proof.account ?? { id: null, userPrincipalName: username };
      throw refusal(refusals[proof.kind]);
    }
    call.user = proof.user;
    const now = services.clock.now();
    const signIn = {
      ...granted,
      flowId: authority.id,
      platform: 'publicClient',
      clientInfo: param('client_info') === '1',
      correlationId,
      userId: proof.user.id,
      authTime: now,
      started: now,
      newUser: false,
      claims: formOf(authority, services.tenantId).claims(proof.user),
    } as const;
    const order = { issuer, clientId: app.appId, authority, family: newSecret(), signIn };
    return issueTokens({ ...order, ...choicesOf(call), wantsClientInfo: signIn.clientInfo }, services);
  };
