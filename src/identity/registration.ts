import { type Draft, type entities, fold } from '../model/index.ts';
import type { Tenant } from '../store/index.ts';
import { builtInAttributeIds, emailAttribute } from './built-in.ts';
import { isExtensionName } from './extension-definitions.ts';
import { faults } from './faults.ts';
import type { ObjectIdentity } from './sign-in-names.ts';

/** What a new account is made of; it has at least one name, or somebody else proves whose it is. */
export interface Registration {
  /** Names to sign in with. */
  readonly email?: string;
  readonly userName?: string;
  /** E.164. */
  readonly phoneNumber?: string;
  /** Absent: the person signs in without a password. */
  readonly passwordHash?: string;
  /** Stands for the person in place of a name of this tenant. */
  readonly foreign?: { readonly issuer: string; readonly issuerAssignedId: string };
  /** An address that is told to applications; no name to sign in with, and nothing finds an account by it. */
  readonly contactEmail?: string;
  /** Where a code goes when the person cannot sign in any more; no name to sign in with. */
  readonly recoveryEmail?: string;
  /** `Member` when absent. */
  readonly userType?: 'Guest' | 'Member';
  /** Attribute values by attribute id (`displayName`, `extension_…`). */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** The name of a person who gave none (b2c contract h.2). */
export const nameless = 'unknown';

/** In Graph's form (b2c contract g.2). */
function identitiesOf(
  { userName, email, phoneNumber, foreign }: Registration,
  issuer: string,
): readonly ObjectIdentity[] {
  const names = { userName, emailAddress: email, phoneNumber };
  const local = Object.entries(names).flatMap(([signInType, issuerAssignedId]) =>
    issuerAssignedId === undefined ? [] : [{ signInType, issuer, issuerAssignedId }],
  );
  return foreign ? [...local, { signInType: 'federated', ...foreign }] : local;
}

/** The account that a sign-up makes, as Azure AD B2C makes it (b2c contract g.2, h.2). Throws `identity.unknownAttribute`. */
export function registrationDraft(registration: Registration, tenant: Tenant, id: string): Draft<typeof entities.user> {
  const { passwordHash, recoveryEmail, contactEmail, foreign, userType, attributes } = registration;
  const collected = Object.entries(attributes).map(([name, value]) => [propertyOf(name), value] as const);
  const values = Object.fromEntries(collected.filter(([name, value]) => name !== emailAttribute && value !== ''));
  return {
    displayName: nameless,
    ...values,
    id,
    ...(passwordHash === undefined ? {} : { passwordHash }),
    ...(recoveryEmail === undefined ? {} : { recoveryEmail }),
    ...(contactEmail === undefined ? {} : { otherMails: [contactEmail] }),
    ...(foreign ? { mailNickname: nameless } : {}),
    ...(userType ? { userType } : {}),
    identities: identitiesOf(registration, tenant.domains[0] ?? ''),
    userPrincipalName: `${foreign ? `cpim_${id}` : id}@${tenant.domains[0]}`,
  };
}

/** Where an attribute is kept. Only what a user flow can collect: whatever the form held, it cannot name `accountEnabled`. */
export function propertyOf(attributeId: string): string {
  const builtIn = builtInAttributeIds.find((id) => fold(id) === fold(attributeId));
  if (builtIn) return builtIn;
  if (isExtensionName(attributeId)) return attributeId;
  throw faults.unknownAttribute({ id: attributeId });
}
