import { mailIssuer, type User } from '../identity/index.ts';
import { digest } from '../kernel/index.ts';
import { fold, graphAppId } from '../model/index.ts';
import type { TenantAuthority } from './authority.ts';
import { confirmation, sessionClaim } from './claims.ts';
import { encodePart } from './jwt.ts';
import { aboutPerson } from './protocol-claims.ts';
import type { SignIn } from './records.ts';
import type { Issue, Payload, Provenance, TokenForm } from './token-form.ts';

/** Scopes that ask for claims, and for which (OpenID Connect Core §5.4). */
export const personalScopes = ['profile', 'email'] as const;

const asked: Readonly<Record<string, (typeof personalScopes)[number]>> = {
  name: 'profile',
  preferred_username: 'profile',
  email: 'email',
};

type Identity = User['identities'][number];

const typeIs = ({ signInType }: Identity, type: string): boolean => fold(signInType ?? '').startsWith(fold(type));

/** Guests who prove their address by a code have it as an identity of this issuer (b2c contract i). */
const byCode = ({ issuer }: Identity): boolean => issuer === mailIssuer;

/** Addresses that this tenant has proved, or an administrator has given as the name to sign in with. */
const emailNames = ({ identities }: User): readonly string[] =>
  identities
    .filter((identity) => typeIs(identity, 'emailAddress') || byCode(identity))
    .flatMap(({ issuerAssignedId }) => issuerAssignedId ?? []);

/**
 * Applications go by addresses though they should not (security.md §5, "nOAuth"), so none is told that nobody has proved: `mail` is written by
 * administrators, and by a sign-up whose address was proved; what a provider only says of somebody stands in `otherMails`.
 */
const emailOf = (user: User): string | undefined => user.mail ?? emailNames(user)[0];

/** As a person knows themselves: an address, a user name, a number; for people it changes, so it is for show only. */
function usernameOf(user: User): string | undefined {
  const typed = ['emailAddress', 'userName', 'phoneNumber'].flatMap((type) =>
    user.identities
      .filter((identity) => typeIs(identity, type))
      .flatMap(({ issuerAssignedId }) => issuerAssignedId ?? []),
  );
  return typed[0] ?? emailNames(user)[0] ?? user.mail ?? user.userPrincipalName ?? undefined;
}

/** Who has proved a guest: the provider, or the code to their address. */
function providerOf(user: User, { identityProvider }: Provenance): string | undefined {
  if (identityProvider !== undefined) return identityProvider;
  return user.identities.some(byCode) ? mailIssuer : undefined;
}

const present = (claims: Payload): Payload =>
  Object.fromEntries(
    Object.entries(claims).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );

const personalClaims = (user: User): Payload =>
  present({ name: user.displayName, preferred_username: usernameOf(user), email: emailOf(user) });

const claimsOf = (user: User, from: Provenance = {}): Payload =>
  present({ ...personalClaims(user), idp: providerOf(user, from) });

/** Those that nobody has to ask for, and those that the scopes ask for. */
const granted = (claims: Payload, scopes: readonly string[]): Payload =>
  Object.fromEntries(
    Object.entries(claims).filter(([name]) => {
      const scope = asked[name];
      return scope === undefined || scopes.includes(scope);
    }),
  );

/** When no API was asked for, the access token is one for user info (OpenID Connect Core §5.3), as in Microsoft Entra. */
export const userinfoResource = (openid: boolean, personal: readonly string[]) =>
  openid ? { appId: graphAppId, names: ['openid', ...personal] } : undefined;

/** Ordinary tokens of the directory, version 2.0 (b2c contract i): they name the tenant and no flow. */
export function tenantForm({ lifetimes }: TenantAuthority, tenantId: string): TokenForm {
  /** Pairwise: another one for each application, and always the same for that one. */
  const subjectOf = (userId: string, clientId: string): string => digest(`${tenantId} ${clientId} ${userId}`);
  const clientInfo = ({ userId }: SignIn): string => encodePart({ uid: userId, utid: tenantId });

  const common = (
    { issuer, now }: Issue,
    { claims, personal = [], userId, authTime }: SignIn,
    aud: string,
  ): Payload => ({
    ...granted(aboutPerson(claims), personal),
    aud,
    iss: issuer,
    sub: subjectOf(userId, aud),
    oid: userId,
    tid: tenantId,
    ver: '2.0',
    iat: now,
    nbf: now,
    exp: now + lifetimes.token,
    auth_time: authTime,
  });

  return {
    claims: claimsOf,
    subjectOf,
    idToken: (issue, signIn, bound) => ({
      ...common(issue, signIn, issue.clientId),
      ...bound,
      ...sessionClaim(signIn),
    }),
    accessToken: (issue, signIn, { appId, names }, key) => ({
      ...common(issue, signIn, appId),
      ...(names.length === 0 ? {} : { scp: names.join(' ') }),
      azp: issue.clientId,
      ...confirmation(key),
    }),
    userinfo: (user, clientId, scopes) => ({
      ...granted(personalClaims(user), scopes),
      sub: subjectOf(user.id, clientId),
      oid: user.id,
    }),
    clientInfo,
    about: (signIn, wantsClientInfo) => (wantsClientInfo ? { client_info: clientInfo(signIn) } : {}),
    scope: ({ echo, personal = [] }) => [echo, ...personal].join(' '),
    supported: [
      ...['sub', 'iss', 'aud', 'exp', 'iat', 'nbf', 'auth_time', 'nonce', 'tid', 'oid', 'ver', 'idp'],
      ...Object.keys(asked),
      'roles',
    ],
  };
}
