import { type Draft, type entities, fold } from '../model/index.ts';
import type { Tenant } from '../store/index.ts';
import { builtInAttributeIds, emailAttribute } from './built-in.ts';
import { isExtensionName } from './extension-definitions.ts';
import { faults } from './faults.ts';
import type { ObjectIdentity } from './sign-in-names.ts';

/** What a new account is made of; it has at least one name. */
export interface Registration {
  /** Names to sign in with. */
  readonly email?: string;
  readonly userName?: string;
  /** E.164. */
  readonly phoneNumber?: string;
  /** Absent: the person signs in without a password. */
  readonly passwordHash?: string;
  /** Where a code goes when the person cannot sign in any more; no name to sign in with. */
  readonly recoveryEmail?: string;
  /** Attribute values by attribute id (`displayName`, `extension_…`). */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** The name of a person who gave none (b2c contract h.2). */
export const nameless = 'unknown';

/** In Graph's form (b2c contract g.2). */
function identitiesOf({ userName, email, phoneNumber }: Registration, issuer: string): readonly ObjectIdentity[] {
  const names = { userName, emailAddress: email, phoneNumber };
  return Object.entries(names).flatMap(([signInType, issuerAssignedId]) =>
    issuerAssignedId === undefined ? [] : [{ signInType, issuer, issuerAssignedId }],
  );
}

/** The local account that a sign-up makes, as Azure AD B2C makes it (b2c contract g.2, h.2). Throws `identity.unknownAttribute`. */
export function registrationDraft(registration: Registration, tenant: Tenant, id: string): Draft<typeof entities.user> {
  const { passwordHash, recoveryEmail, attributes } = registration;
  const collected = Object.entries(attributes).map(([name, value]) => [propertyOf(name), value] as const);
  const values = Object.fromEntries(collected.filter(([name, value]) => name !== emailAttribute && value !== ''));
  return {
    displayName: nameless,
    ...values,
    id,
    ...(passwordHash === undefined ? {} : { passwordHash }),
    ...(recoveryEmail === undefined ? {} : { recoveryEmail }),
    identities: identitiesOf(registration, tenant.domains[0] ?? ''),
    userPrincipalName: `${id}@${tenant.domains[0]}`,
  };
}

/** Where an attribute is kept. Only what a user flow can collect: whatever the form held, it cannot name `accountEnabled`. */
export function propertyOf(attributeId: string): string {
  const builtIn = builtInAttributeIds.find((id) => fold(id) === fold(attributeId));
  if (builtIn) return builtIn;
  if (isExtensionName(attributeId)) return attributeId;
  throw faults.unknownAttribute({ id: attributeId });
}
