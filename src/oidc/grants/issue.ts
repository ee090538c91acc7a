import { type Clock, type EpochSeconds, newSecret } from '../../kernel/index.ts';
import type { Authority } from '../authority.ts';
import { formOf } from '../form-of.ts';
import { signJwt } from '../jwt.ts';
import type { KeyRing } from '../keys.ts';
import { lifetimes } from '../lifetimes.ts';
import { withProviderToken } from '../provider-token.ts';
import type { Grants, NewRefreshToken, SignIn } from '../records.ts';
import { grantClaim } from '../standards/own-access-token.ts';
import type { TokenCall, TokenKey } from './grant.ts';

export interface IssueServices {
  readonly tenantId: string;
  readonly clock: Clock;
  readonly grants: Grants;
  readonly keys: () => Promise<KeyRing>;
}

export interface ToIssue {
  readonly issuer: string;
  readonly clientId: string;
  readonly authority: Authority;
  readonly family: string;
  readonly signIn: SignIn;
  readonly nonce?: string;
  readonly wantsClientInfo: boolean;
  readonly key: TokenKey | undefined;
  /** The access token names what it came from, so that it ends with it for those who ask (RFC 7009 §2.1). */
  readonly isRevocable: boolean;
  /** The client goes on with the refresh token it has. */
  readonly keepsRefreshToken?: boolean;
  /** Uses up what the tokens are given for, before any is made, and keeps the refresh token among them. Absent: nothing is used up. */
  readonly settle?: (next: NewRefreshToken | undefined) => Promise<void>;
}

/**
 * A day after the sign-in for a single-page application, however often it is renewed; else its full life each time, within the
 * flow's window.
 */
function refreshExpiry(
  { platform, started }: SignIn,
  { refreshToken, window }: Authority['lifetimes'],
  now: number,
): number {
  if (platform === 'spa') return started + lifetimes.spaRefreshToken;
  return Math.min(now + refreshToken, window === undefined ? Number.POSITIVE_INFINITY : started + window);
}

function newRefreshToken(order: ToIssue, now: EpochSeconds): NewRefreshToken | undefined {
  const { family, clientId, signIn, authority, key } = order;
  const expires = refreshExpiry(signIn, authority.lifetimes, now);
  if (order.keepsRefreshToken || !signIn.offline || expires <= now) return undefined;
  const { boundTo: _, providerToken: __, ...lasting } = signIn;
  const bound = key?.refreshToo ? { boundTo: key.thumbprint } : {};
  const grant = { family, clientId, signIn: { ...lasting, ...bound, newUser: false }, issued: now, expires };
  return { value: newSecret(), grant };
}

const refreshMembers = (next: NewRefreshToken | undefined, now: EpochSeconds) =>
  next ? { refresh_token: next.value, refresh_token_expires_in: next.grant.expires - now } : {};

/** What all grants say of the client's own choices. */
export const choicesOf = ({ key, app }: Pick<TokenCall, 'key' | 'app'>): Pick<ToIssue, 'key' | 'isRevocable'> => ({
  key,
  isRevocable: app.settings.isRevocationAllowed === true,
});

/**
 * The token answer (b2c contract b.5): numbers as numbers, an access token only when a resource was asked for.
 */
export async function issueTokens(order: ToIssue, services: IssueServices): Promise<Readonly<Record<string, unknown>>> {
  const { issuer, clientId, authority, nonce, key, family, isRevocable } = order;
  const form = formOf(authority, services.tenantId);
  const now = services.clock.now();
  const ring = await services.keys();
  const { signing } = ring;
  const next = newRefreshToken(order, now);
  if (order.settle) await order.settle(next);
  else if (next) await services.grants.keep('oidc.RefreshToken', next.value, next.grant);
  const signIn = withProviderToken(order.signIn, ring);
  const issue = { issuer, clientId, now };
  const { token: lifetime } = authority.lifetimes;
  const accessToken = signIn.resource && {
    access_token: signJwt(signing, {
      ...form.accessToken(issue, signIn, signIn.resource, key?.thumbprint),
      ...(isRevocable ? grantClaim(family) : {}),
    }),
    expires_in: lifetime,
    expires_on: now + lifetime,
    resource: signIn.resource.appId,
  };
  const idToken = signIn.openid && {
    id_token: signJwt(signing, form.idToken(issue, signIn, nonce === undefined ? {} : { nonce })),
    id_token_expires_in: lifetime,
  };
  return {
    ...accessToken,
    ...(idToken || {}),
    token_type: key ? 'DPoP' : 'Bearer',
    not_before: now,
    ...form.about(signIn, order.wantsClientInfo),
    scope: form.scope(signIn),
    ...refreshMembers(next, now),
  };
}
