import { fold } from '../model/index.ts';
import { builtInAttributes, emailAttribute } from './built-in.ts';
import { isEmailName } from './sign-in-names.ts';
import type { User } from './user.ts';

export type Claims = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface ClaimsContext {
  /**
   * Ids of the claims to return (b2c contract c.3): those of attributes (`displayName`, `email`, `extension_…` with or without
   * application id), `emails`, `objectId`, `identityProvider`, `identityProviderAccessToken`, `newUser`. Compared without
   * regard to case. Absent: every claim the user has a value for.
   */
  readonly claims?: readonly string[];
  /** Who proved the person, when it was not this tenant: `facebook.com`. */
  readonly identityProvider?: string;
  /** What that provider gave for its own API. */
  readonly identityProviderAccessToken?: string;
  /** This sign-in created the user. */
  readonly newUser?: boolean;
  /** The claims of age gating are returned too: how old the person is before the law. */
  readonly age?: boolean;
}

type Read = (user: User, context: ClaimsContext) => unknown;
interface ClaimRule {
  readonly id: string;
  /** Name in a token. */
  readonly name: string;
  readonly read: Read;
}

const property = (id: keyof User & string, name: string): ClaimRule => ({ id, name, read: (user) => user[id] });

/** Ids of the claims of age gating, and their names in a token (b2c contract c.3). */
export const ageClaims = ['ageGroup', 'consentProvidedForMinor', 'legalAgeGroupClassification'] as const;

/** Claim id -> name in a token (b2c contract c.3). What is not listed here never leaves the directory. */
const claimRules: readonly ClaimRule[] = [
  ...builtInAttributes.map((one) =>
    one.id === emailAttribute ? { id: 'emails', name: one.claim, read: emailsOf } : property(one.id, one.claim),
  ),
  { id: 'objectId', name: 'oid', read: ({ id }) => id },
  { id: 'identityProvider', name: 'idp', read: (_, { identityProvider }) => identityProvider },
  {
    id: 'identityProviderAccessToken',
    name: 'idp_access_token',
    read: (_, { identityProviderAccessToken }) => identityProviderAccessToken,
  },
  ...ageClaims.map(
    (id): ClaimRule => ({ id, name: id, read: (user, { age }) => (age === true ? user[id] : undefined) }),
  ),
  { id: 'newUser', name: 'newUser', read: (_, { newUser }) => newUser || undefined },
];

/**
 * What the claims of these ids are called in a token, the built-in ones first; absent: all of them, except those of custom
 * attributes. For discovery.
 */
export function claimNames(ids?: readonly string[]): readonly string[] {
  if (!ids) return claimRules.map(({ name }) => name);
  const wanted = wantedOf(ids);
  const custom = ids.flatMap((id) => customName(id) ?? []);
  return [...claimRules.filter(({ id }) => wanted.has(fold(id))).map(({ name }) => name), ...custom];
}

/** The addresses of an account are one attribute and one claim, which are not called the same. */
const wantedOf = (ids: readonly string[]): ReadonlySet<string> =>
  new Set(ids.map((id) => (fold(id) === emailAttribute ? 'emails' : fold(id))));

/** The names a person signs in with; for somebody proved elsewhere, the addresses that provider gave. */
function emailsOf(user: User): readonly string[] {
  const names = user.identities.filter(isEmailName).flatMap(({ issuerAssignedId }) => issuerAssignedId ?? []);
  return names.length > 0 ? names : user.otherMails;
}

const customAttribute = /^extension_([0-9a-f]{32}_)?(.+)$/i;

/** `extension_{application id}_{name}` -> `extension_{name}`: tokens leave the application id out (b2c contract h.2). */
const customName = (key: string): string | undefined => {
  const [, appId, name] = customAttribute.exec(key) ?? [];
  return appId ? `extension_${name}` : undefined;
};

function customRules(user: User): readonly ClaimRule[] {
  const members: Readonly<Record<string, unknown>> = { ...user };
  return Object.keys(members).flatMap((key) => {
    const name = customName(key);
    return name ? [{ id: key, name, read: () => members[key] }] : [];
  });
}

/** The application claims of a user by their names in a token. A claim without a value is left out. */
export function claimsOf(user: User, context: ClaimsContext = {}): Claims {
  const wanted = context.claims && wantedOf(context.claims);
  const rules = [...claimRules, ...customRules(user)].filter(
    ({ id, name }) => !wanted || wanted.has(fold(id)) || (name.startsWith('extension_') && wanted.has(fold(name))),
  );
  const claims: Record<string, string | number | boolean | readonly string[]> = {};
  for (const { name, read } of rules) {
    const value = read(user, context);
    if (isClaim(value)) claims[name] = value;
  }
  return claims;
}

function isClaim(value: unknown): value is string | number | boolean | readonly string[] {
  if (Array.isArray(value)) return value.length > 0;
  return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean';
}
