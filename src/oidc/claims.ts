import { claimsOf, type User } from '../identity/index.ts';
import type { EpochSeconds } from '../kernel/index.ts';
import { encodePart } from './jwt.ts';
import { lifetimes } from './lifetimes.ts';
import type { SignIn } from './records.ts';

/** Who issues, to whom, when: what both tokens of a flow have in common. */
export interface Issue {
  readonly issuer: string;
  readonly clientId: string;
  readonly now: EpochSeconds;
}

type Payload = Readonly<Record<string, unknown>>;

/**
 * Application claims of a person, frozen into what the sign-in is remembered by. All that have a value: a flow's own
 * selection of them comes with the setting that stores it.
 */
export const applicationClaims = (user: User): Payload => claimsOf(user);

/** Claims of b2c contract c.2 that both tokens carry. No `tid`: clients would take it for the realm and merge flows. */
function common({ issuer, now }: Issue, signIn: SignIn): Payload {
  return {
    ...signIn.claims,
    ...(signIn.newUser ? { newUser: true } : {}),
    iss: issuer,
    sub: signIn.userId,
    oid: signIn.userId,
    tfp: signIn.flowId,
    ver: '1.0',
    iat: now,
    nbf: now,
    auth_time: signIn.authTime,
  };
}

/** `nonce` only when one was sent; hashes only beside what they are of (clients/REQUIREMENTS.md §0.11, §0.12). */
export function idTokenClaims(issue: Issue, signIn: SignIn, bound: Payload): Payload {
  return { ...common(issue, signIn), ...bound, aud: issue.clientId, exp: issue.now + lifetimes.idToken };
}

/** `aud` is the API's application id however the scope named it; `scp` has short names and is absent for the client itself. */
export function accessTokenClaims(issue: Issue, signIn: SignIn, resource: NonNullable<SignIn['resource']>): Payload {
  const scp = resource.names.length === 0 ? {} : { scp: resource.names.join(' ') };
  return {
    ...common(issue, signIn),
    ...scp,
    azp: issue.clientId,
    aud: resource.appId,
    exp: issue.now + lifetimes.accessToken,
  };
}

/** MSAL keeps one account per `uid`; the flow in it keeps the accounts of two flows apart (clients/REQUIREMENTS.md §0.8). */
export const clientInfo = ({ userId, flowId }: SignIn, tenantId: string): string =>
  encodePart({ uid: `${userId}-${flowId.toLowerCase()}`, utid: tenantId });

/** What clients older than `client_info` read (b2c contract b.5). */
export const profileInfo = ({ claims }: SignIn, tenantId: string): string =>
  encodePart({
    ver: '1.0',
    tid: tenantId,
    sub: null,
    name: claims['name'] ?? null,
    preferred_username: null,
    idp: claims['idp'] ?? 'LocalAccount',
  });
