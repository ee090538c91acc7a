import { fold } from '../model/index.ts';
import type { Tenant } from '../store/index.ts';
import { faults } from './faults.ts';
import type { User } from './user.ts';

export type ObjectIdentity = User['identities'][number];

/** Identities a user can have (b2c contract k). */
const maximumIdentities = 10;

/** `emailAddress`, `emailAddress1` … : the name is an e-mail address. */
export const isEmailName = ({ signInType }: ObjectIdentity): boolean => /^emailAddress\d*$/i.test(signInType ?? '');

/** `phoneNumber`: the name is a number in E.164. */
const isPhoneName = (identity: ObjectIdentity): boolean => typeIs(identity, 'phoneNumber');

const typeIs = (identity: ObjectIdentity, type: string): boolean => fold(identity.signInType ?? '') === fold(type);
export const isFederated = (identity: ObjectIdentity): boolean => typeIs(identity, 'federated');

/** A name this tenant itself proves with a password. */
export const isLocalName = (identity: ObjectIdentity): boolean =>
  !isFederated(identity) && !typeIs(identity, 'userPrincipalName');

/** How a person can be addressed; every other type of local name (`userName`, or any text) is a user name. */
export type NameKind = 'email' | 'userName' | 'phone';

export const nameKinds: readonly NameKind[] = ['email', 'userName', 'phone'];

/** Besides those: the principal name of people who have no name of that kind (Graph contract a.10, work accounts). */
export type SoughtName = NameKind | 'principalName';

const kindOf = (identity: ObjectIdentity): NameKind | undefined => {
  if (!isLocalName(identity)) return undefined;
  if (isEmailName(identity)) return 'email';
  return isPhoneName(identity) ? 'phone' : 'userName';
};

/** True when the identity is this name, without regard to case, and of one of these kinds. */
export const isNamed = (identity: ObjectIdentity, name: string, kinds: readonly SoughtName[]): boolean => {
  const kind = kindOf(identity);
  return kind !== undefined && kinds.includes(kind) && fold(identity.issuerAssignedId ?? '') === fold(name);
};

/** True when the identity is what this issuer calls somebody, letter by letter. */
export const isForeign = (identity: ObjectIdentity, issuer: string, issuerAssignedId: string): boolean =>
  isFederated(identity) && identity.issuer === issuer && identity.issuerAssignedId === issuerAssignedId;

/** `+` and at most 15 digits, the first of them not 0 (ITU-T E.164 §6). */
const phoneNumber = /^\+[1-9]\d{6,14}$/;

/** The part before `@`: letters, digits and the marks RFC 5322 §3.2.3 allows in an atom, joined by single dots. */
const localPart = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const hostName = /^[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u;

export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  return at > 0 && isLocalPart(text.slice(0, at)) && text.length <= 254 && hostName.test(text.slice(at + 1));
}

// 64 octets at most (RFC 5321 §4.5.3.1.1).
const isLocalPart = (text: string): boolean => text.length <= 64 && localPart.test(text);

export const belongsTo = (tenant: Tenant, domain: string): boolean =>
  tenant.domains.some((own) => fold(own) === fold(domain));

/**
 * Refuses identities that could not be signed in with. Throws `identity.wrongIssuer` (observed message, Graph contract a.10),
 * `identity.badIdentity`, `identity.tooManyIdentities`.
 */
export function checkIdentities(identities: readonly ObjectIdentity[], tenant: Tenant): void {
  if (identities.length > maximumIdentities) throw faults.tooManyIdentities({ maximum: maximumIdentities });
  const seen = new Set<string>();
  for (const identity of identities) {
    checkIdentity(identity, tenant);
    const pair = JSON.stringify([fold(identity.issuer ?? ''), fold(identity.issuerAssignedId ?? '')]);
    if (seen.has(pair)) throw faults.badIdentity({ signInType: identity.signInType, reason: 'it stands there twice' });
    seen.add(pair);
  }
}

function checkIdentity(identity: ObjectIdentity, tenant: Tenant): void {
  const { signInType, issuer, issuerAssignedId } = identity;
  const refuse = (reason: string) => faults.badIdentity({ signInType, reason });
  if (!signInType) throw refuse('signInType is missing');
  if (!issuer) throw refuse('issuer is missing');
  if (!issuerAssignedId) throw refuse('issuerAssignedId is missing');
  if (isFederated(identity)) return;
  if (!belongsTo(tenant, issuer)) throw faults.wrongIssuer();
  if (isEmailName(identity)) {
    if (!isEmail(issuerAssignedId)) throw refuse('issuerAssignedId is not an e-mail address');
  } else if (isPhoneName(identity)) {
    if (!phoneNumber.test(issuerAssignedId)) throw refuse('issuerAssignedId is not a phone number in E.164');
  } else if (isLocalName(identity) && !isLocalPart(issuerAssignedId)) {
    throw refuse('issuerAssignedId is not a valid user name');
  }
}
