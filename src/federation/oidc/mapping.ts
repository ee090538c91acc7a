import { type Failed, failed, isMembers, type Members } from '../oauth2-answer.ts';
import { claimsIn, type Identified } from '../outside-claims.ts';

/** Which claims of a provider say what. */
export interface Mapping {
  /** Claims that hold the person's lasting name, the first that is there counts. */
  readonly userId: readonly string[];
  /** Attribute id → claim, or a claim within another one. */
  readonly attributes: Readonly<Record<string, string | readonly [string, string]>>;
  /** Says that the address has been proved; absent: `email_verified`, which speaks of `email` alone (OpenID Connect Core §5.1). */
  readonly emailVerified?: string;
}

/** As the standard names them (OpenID Connect Core §5.1). */
export const standardAttributes = {
  displayName: 'name',
  givenName: 'given_name',
  surname: 'family_name',
  email: 'email',
} as const;

/** UTF-16 units of `identities.issuerAssignedId`. */
const longestId = 100;

const isTrue = (value: unknown): boolean => value === true || value === 'true';

function valueAt(claims: Members, place: Mapping['attributes'][string]): unknown {
  if (typeof place === 'string') return claims[place];
  const [outer, inner] = place;
  const within = claims[outer];
  return isMembers(within) ? within[inner] : undefined;
}

/**
 * Some providers write a list where there is one value, e.g. `emails` of Azure AD B2C. A street may be written in lines (OpenID Connect Core
 * §5.1.1), where forms here have one.
 */
function textOf(value: unknown): unknown {
  const [one] = Array.isArray(value) ? value : [value];
  if (typeof one === 'string') return one.trim().replace(/\s*[\r\n]+\s*/g, ', ');
  return typeof one === 'number' || typeof one === 'boolean' ? String(one) : one;
}

function idIn(claims: Members, names: readonly string[]): string | undefined {
  const value = names.map((name) => claims[name]).find((one) => one !== undefined);
  const text = Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === 'string' && text.length <= longestId && /^[\x21-\x7e]+$/.test(text) ? text : undefined;
}

/** Whether the claims lack something that is mapped, so that it is worth asking further. */
export const lacks = (claims: Members, { attributes }: Mapping): boolean =>
  Object.values(attributes).some((place) => valueAt(claims, place) === undefined);

/** Who the claims of a verified ID token, and what came with it, say that somebody is. `userId` is taken from the token alone. */
export function identifiedBy(token: Members, more: Members, mapping: Mapping): Identified | Failed {
  const id = idIn(token, mapping.userId);
  if (id === undefined) return failed('the ID token lacks the claim that names the person');
  const { emailVerified = 'email_verified', attributes } = mapping;
  const { email: place = '' } = attributes;
  const source = valueAt(token, place) === undefined ? more : token;
  const speaksOfIt = mapping.emailVerified !== undefined || place === 'email';
  const isEmailVerified = speaksOfIt && isTrue(source[emailVerified]);
  // An address passes from one person to the next; as a name it is good for nothing unless the provider vouches for it.
  if (id.includes('@') && id === token['email'] && !isTrue(token[emailVerified])) {
    return failed('the person is named by an address that the provider has not proved');
  }
  const all = { ...more, ...token };
  const values = Object.entries(attributes).map(([name, one]) => [name, textOf(valueAt(all, one))] as const);
  const claims = claimsIn(Object.fromEntries(values));
  return { issuerAssignedId: id, claims, isEmailVerified: isEmailVerified && claims['email'] !== undefined };
}
