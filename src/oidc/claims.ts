import { ageClaims, claimNames, claimsOf, type User } from '../identity/index.ts';
import type { Flow } from './flow.ts';
import { encodePart } from './jwt.ts';
import { aboutPerson } from './protocol-claims.ts';
import type { SignIn } from './records.ts';
import type { Issue, Payload, Provenance, TokenForm } from './token-form.ts';

/** Ids of claims that no attribute stands for. */
const unassigned = ['identityProvider', 'identityProviderAccessToken', ...ageClaims];

/** Application claims of a person that a flow returns. */
function applicationClaims(user: User, { returned }: Flow, from: Provenance = {}): Payload {
  const { attributes, identityProvider, identityProviderToken, age } = returned;
  const { identityProvider: provider, identityProviderAccessToken: token } = from;
  return claimsOf(user, {
    ...(attributes ? { claims: [...attributes, ...unassigned] } : {}),
    age,
    ...(identityProvider && provider !== undefined ? { identityProvider: provider } : {}),
    ...(identityProviderToken && token !== undefined ? { identityProviderAccessToken: token } : {}),
  });
}

/** The same by name, for discovery: the application claims of a flow, then the protocol's own (b2c contract a.2). */
function claimsSupported({ returned, flowClaim }: Flow): readonly string[] {
  const { attributes, identityProvider, identityProviderToken, newUser, age } = returned;
  const left = [
    ...(identityProvider ? [] : ['idp']),
    ...(identityProviderToken ? [] : ['idp_access_token']),
    ...(newUser ? [] : ['newUser']),
    ...(age ? [] : ageClaims),
  ];
  const names = claimNames(attributes && [...attributes, ...unassigned, 'newUser', 'objectId']);
  const protocol = ['sub', 'iss', 'iat', 'exp', 'aud', flowClaim, 'nonce', 'auth_time'];
  return [...names.filter((name) => !left.includes(name)), ...protocol];
}

/** In place of a person's id, where a flow keeps to what B2C's oldest tokens said. */
const noSubject = 'Not supported currently. Use oid claim.';

/** Whoever reads tokens here goes by `oid`. */
const subjectOf = (userId: string, { hasSubject }: Flow): string => (hasSubject ? userId : noSubject);

/** Claims of b2c contract c.2 that both tokens carry. No `tid`: clients would take it for the realm and merge flows. */
function common({ issuer, now }: Issue, signIn: SignIn, flow: Flow): Payload {
  return {
    ...aboutPerson(signIn.claims),
    ...(flow.returned.newUser && signIn.newUser ? { newUser: true } : {}),
    iss: issuer,
    sub: subjectOf(signIn.userId, flow),
    oid: signIn.userId,
    [flow.flowClaim]: signIn.flowId,
    ver: '1.0',
    iat: now,
    nbf: now,
    exp: now + flow.lifetimes.token,
    auth_time: signIn.authTime,
  };
}

/** Says which key a token is bound to (RFC 9449 §6). */
export const confirmation = (key: string | undefined): Payload => (key === undefined ? {} : { cnf: { jkt: key } });

/** By which an application is told that a session has ended. */
export const sessionClaim = ({ sid }: SignIn): Payload => (sid === undefined ? {} : { sid });

/** What clients older than `client_info` read (b2c contract b.5). */
const profileInfo = ({ claims }: SignIn, tenantId: string): string =>
  encodePart({
    ver: '1.0',
    tid: tenantId,
    sub: null,
    name: claims['name'] ?? null,
    preferred_username: null,
    idp: claims['idp'] ?? 'LocalAccount',
  });

/** Tokens of user flows (b2c contract c). */
export function flowForm(flow: Flow, tenantId: string): TokenForm {
  /** The flow in it keeps the accounts of two flows apart. */
  const clientInfo = ({ userId, flowId }: SignIn): string =>
    encodePart({ uid: `${userId}-${flowId.toLowerCase()}`, utid: tenantId });

  return {
    claims: (user, from) => applicationClaims(user, flow, from),
    subjectOf: (userId) => subjectOf(userId, flow),
    idToken: (issue, signIn, bound) => ({
      ...common(issue, signIn, flow),
      ...bound,
      ...sessionClaim(signIn),
      aud: issue.clientId,
    }),
    // `aud` is the API's application id however the scope named it; `scp` has short names and is absent for the client itself.
    accessToken: (issue, signIn, { appId, names }, key) => ({
      ...common(issue, signIn, flow),
      ...(names.length === 0 ? {} : { scp: names.join(' ') }),
      azp: issue.clientId,
      aud: appId,
      ...confirmation(key),
    }),
    userinfo: (user) => ({ ...applicationClaims(user, flow), sub: subjectOf(user.id, flow), oid: user.id }),
    clientInfo,
    about(signIn, wantsClientInfo) {
      if (wantsClientInfo) return { client_info: clientInfo(signIn) };
      return signIn.openid ? { profile_info: profileInfo(signIn, tenantId) } : {};
    },
    scope: ({ echo }) => echo,
    supported: claimsSupported(flow),
  };
}
