import { digest, sameSecret } from '../../kernel/index.ts';
import { refusal } from '../dialect/errors.ts';
import { platformOf } from '../dialect/redirect-uri.ts';
import type { Grant } from '../records.ts';
import type { GrantHandler, TokenCall } from './grant.ts';
import { choicesOf, type IssueServices, issueTokens, type ToIssue } from './issue.ts';
import { checkGrant, type RedeemServices, useUp } from './redeem.ts';

/** RFC 7636 §4.1. */
const verifierPattern = /^[A-Za-z0-9\-._~]{43,128}$/;

/**
 * Both ways (RFC 9700 §4.8): a challenge needs its verifier, and a verifier without a challenge means that somebody took
 * the challenge out of the request. Throws 90183, 90182.
 */
function checkPkce(challenge: string | undefined, verifier: string | undefined): void {
  if (challenge === undefined && verifier === undefined) return;
  if (verifier === undefined || !verifierPattern.test(verifier)) throw refusal('AADB2C90183');
  const computed = digest(verifier);
  if (challenge === undefined || !sameSecret(computed, challenge)) throw refusal('AADB2C90182');
}

/** Repeated as it was, and still registered as it was: a redirect URI taken away ends the codes sent to it. Throws 90287. */
function checkRedirect({ app, form }: TokenCall, { redirectUri = '', signIn }: Grant): void {
  const sent = form.get('redirect_uri');
  const optional = signIn.platform === 'web' && sent === undefined;
  const stands = platformOf(app, redirectUri) === signIn.platform;
  if (!stands || (!optional && sent !== redirectUri)) throw refusal('AADB2C90287', sent ?? '');
}

/** `authorization_code` (RFC 6749 §4.1.3) with PKCE. */
export const authorizationCodeGrant =
  (services: IssueServices & RedeemServices): GrantHandler =>
  async (call) => {
    const { issuer, form } = call;
    const held = await checkGrant(call, 'oidc.AuthorizationCode', services);
    const { family, signIn, clientId, nonce, codeChallenge } = held.grant;
    checkRedirect(call, held.grant);
    checkPkce(codeChallenge, form.get('code_verifier'));
    const wantsClientInfo = signIn.clientInfo || form.get('client_info') === '1';
    const bound = { ...choicesOf(call), ...(nonce === undefined ? {} : { nonce }) };
    const settle: ToIssue['settle'] = (next) => useUp('oidc.AuthorizationCode', held, services, next);
    return issueTokens(
      { issuer, clientId, authority: held.authority, family, signIn, wantsClientInfo, settle, ...bound },
      services,
    );
  };
