import { ageClaims, claimNames, claimsOf, type User } from '../identity/index.ts';
import type { EpochSeconds } from '../kernel/index.ts';
import type { Flow } from './flow.ts';
import { encodePart } from './jwt.ts';
import type { SignIn } from './records.ts';

/** Who issues, to whom, when: what both tokens of a flow have in common. */
export interface Issue {
  readonly issuer: string;
  readonly clientId: string;
  readonly flow: Flow;
  readonly now: EpochSeconds;
}

type Payload = Readonly<Record<string, unknown>>;

/** Who proved a person in place of this tenant. */
export interface Provenance {
  readonly identityProvider?: string;
  readonly identityProviderAccessToken?: string;
}

/** Ids of claims that no attribute stands for. */
const unassigned = ['identityProvider', 'identityProviderAccessToken', ...ageClaims];

/** Application claims of a person that a flow returns, frozen into what the sign-in is remembered by. */
export function applicationClaims(user: User, { returned }: Flow, from: Provenance = {}): Payload {
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
export function claimsSupported({ returned, flowClaim }: Flow): readonly string[] {
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

/** The `sub` of a person in what a flow gives out. Whoever reads tokens here goes by `oid`. */
export const subjectOf = (userId: string, { hasSubject }: Flow): string => (hasSubject ? userId : noSubject);

/** Claims of b2c contract c.2 that both tokens carry. No `tid`: clients would take it for the realm and merge flows. */
function common({ issuer, flow, now }: Issue, signIn: SignIn): Payload {
  return {
    ...signIn.claims,
    ...(signIn.newUser ? { newUser: true } : {}),
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

/** `nonce` only when one was sent; hashes only beside what they are of (clients/REQUIREMENTS.md §0.11, §0.12). */
export function idTokenClaims(issue: Issue, signIn: SignIn, bound: Payload): Payload {
  const sid = signIn.sid === undefined ? {} : { sid: signIn.sid };
  return { ...common(issue, signIn), ...bound, ...sid, aud: issue.clientId };
}

/** Says which key a token is bound to (RFC 9449 §6). */
export const confirmation = (key: string | undefined): Payload => (key === undefined ? {} : { cnf: { jkt: key } });

/** `aud` is the API's application id however the scope named it; `scp` has short names and is absent for the client itself. */
export function accessTokenClaims(
  issue: Issue,
  signIn: SignIn,
  resource: NonNullable<SignIn['resource']>,
  key?: string,
): Payload {
  const scp = resource.names.length === 0 ? {} : { scp: resource.names.join(' ') };
  return {
    ...common(issue, signIn),
    ...scp,
    azp: issue.clientId,
    aud: resource.appId,
    ...confirmation(key),
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
