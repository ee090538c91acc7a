import { createHash } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { sameSecret } from '../../kernel/index.ts';
import { callOf } from '../call.ts';
import { refusal } from '../dialect/errors.ts';
import { platformOf } from '../dialect/redirect-uri.ts';
import type { GrantHandler } from '../provider.ts';
import type { Grant } from '../records.ts';
import { choicesOf, type IssueServices, issueTokens } from './issue.ts';
import { checkGrant, type RedeemServices, useUp } from './redeem.ts';

export const authorizationCodeParameters = ['code', 'redirect_uri', 'code_verifier', 'client_info'] as const;

const param = (ctx: KoaContextWithOIDC, name: string): string | undefined => {
  const value = ctx.oidc.params?.[name];
  return typeof value === 'string' ? value : undefined;
};

/** RFC 7636 §4.1. */
const verifierPattern = /^[A-Za-z0-9\-._~]{43,128}$/;

/**
 * Both ways (RFC 9700 §4.8): a challenge needs its verifier, and a verifier without a challenge means that somebody took
 * the challenge out of the request. Throws 90183, 90182.
 */
function checkPkce(challenge: string | undefined, verifier: string | undefined): void {
  if (challenge === undefined && verifier === undefined) return;
  if (verifier === undefined || !verifierPattern.test(verifier)) throw refusal('AADB2C90183');
  const computed = createHash('sha256').update(verifier).digest('base64url');
  if (challenge === undefined || !sameSecret(computed, challenge)) throw refusal('AADB2C90182');
}

/** Repeated as it was, and still registered as it was: a redirect URI taken away ends the codes sent to it. Throws 90287. */
function checkRedirect(ctx: KoaContextWithOIDC, { redirectUri = '', signIn }: Grant): void {
  const sent = param(ctx, 'redirect_uri');
  const optional = signIn.platform === 'web' && sent === undefined;
  const { app } = callOf(ctx);
  const stands = app !== undefined && platformOf(app, redirectUri) === signIn.platform;
  if (!stands || (!optional && sent !== redirectUri)) throw refusal('AADB2C90287', sent ?? '');
}

/** `authorization_code` (RFC 6749 §4.1.3) with PKCE. */
export const authorizationCodeGrant =
  (services: IssueServices & RedeemServices): GrantHandler =>
  async (ctx) => {
    const held = await checkGrant(ctx, 'oidc.AuthorizationCode', services);
    const { family, signIn, clientId, nonce, codeChallenge } = held.grant;
    checkRedirect(ctx, held.grant);
    checkPkce(codeChallenge, param(ctx, 'code_verifier'));
    await useUp('oidc.AuthorizationCode', held, services);
    const wantsClientInfo = signIn.clientInfo || param(ctx, 'client_info') === '1';
    const { issuer } = ctx.oidc;
    const bound = { ...choicesOf(callOf(ctx)), ...(nonce === undefined ? {} : { nonce }) };
    ctx.body = await issueTokens(
      { issuer, clientId, authority: held.authority, family, signIn, wantsClientInfo, ...bound },
      services,
    );
  };
