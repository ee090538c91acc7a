import type { Authority } from '../authority.ts';
import type { Application, Clients } from '../clients.ts';
import type { SignIn } from '../records.ts';
import { assertScopeSyntax, resolveScopes } from '../scopes.ts';
import { isFapi } from '../standards/profile.ts';
import { personalScopes } from '../tenant-claims.ts';
import type { GrantHandler } from './grant.ts';
import { choicesOf, type IssueServices, issueTokens, type ToIssue } from './issue.ts';
import { checkGrant, type RedeemServices, useUp } from './redeem.ts';

const aboutPeople: ReadonlySet<string> = new Set(['openid', ...personalScopes]);

const oidcScopes = new Set(['openid', 'offline_access']);

/** As they were at sign-in, with those that ask for claims. */
const granted = ({ echo, personal = [] }: SignIn): string => [echo, ...personal].join(' ');

/** Another API may be asked for; more about the person may not (RFC 6749 §6). */
function within({ openid, personal = [] }: SignIn, scope: string): string {
  const about: readonly string[] = [...(openid ? ['openid'] : []), ...personal];
  const isRefused = (one: string): boolean => aboutPeople.has(one) && !about.includes(one);
  return scope
    .split(' ')
    .filter((one) => !isRefused(one))
    .join(' ');
}

/**
 * What the renewed tokens are for. A client may ask for another API than at sign-in, as MSAL does with one refresh token.
 * Permissions are read anew, since an administrator may have taken one back; ID token and refresh token stay as granted.
 */
async function rescope(
  signIn: SignIn,
  scope: string | undefined,
  client: Application,
  place: { readonly clients: Clients; readonly authority: Authority },
): Promise<SignIn> {
  const asked = scope === undefined ? undefined : await resolveScopes(within(signIn, scope), client, place);
  const { resource, echo } = asked?.resource ? asked : await resolveScopes(granted(signIn), client, place);
  const { resource: _, ...rest } = signIn;
  const base = [...(signIn.openid ? ['openid'] : []), ...(signIn.offline ? ['offline_access'] : [])];
  const names = echo.split(' ').filter((one) => one !== '' && !oidcScopes.has(one));
  return { ...rest, ...(resource ? { resource } : {}), echo: [...names, ...base].join(' ') };
}

/**
 * `refresh_token` (RFC 6749 §6): each one is good for one use; its reuse ends the family (RFC 9700 §4.14.2). Under FAPI it lasts: it is
 * worth nothing to others, and a client that loses an answer keeps what it has (FAPI 2.0 §5.3.2.1).
 */
export const refreshTokenGrant =
  (services: IssueServices & RedeemServices & { readonly clients: Clients }): GrantHandler =>
  async (call) => {
    const { app, issuer, form } = call;
    const scope = form.get('scope');
    assertScopeSyntax(scope);
    const held = await checkGrant(call, 'oidc.RefreshToken', services);
    const { family, clientId } = held.grant;
    const signIn = await rescope(held.grant.signIn, scope, app, {
      clients: services.clients,
      authority: held.authority,
    });
    if (signIn.resource) call.resourceId = signIn.resource.appId;
    const keepsRefreshToken = isFapi(app);
    const settle: ToIssue['settle'] = async (next) => {
      if (!keepsRefreshToken) await useUp('oidc.RefreshToken', held, services, next);
    };
    const wantsClientInfo = signIn.clientInfo || form.get('client_info') === '1';
    const { authority } = held;
    const order = {
      issuer,
      clientId,
      authority,
      family,
      signIn,
      wantsClientInfo,
      ...choicesOf(call),
      keepsRefreshToken,
      settle,
    };
    return issueTokens(order, services);
  };
