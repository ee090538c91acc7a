import { type Draft, type entities, fold } from '../model/index.ts';
import type { Tenant } from '../store/index.ts';
import { builtInAttributeIds, emailAttribute } from './built-in.ts';
import { isExtensionName } from './extension-definitions.ts';
import { faults } from './faults.ts';

export interface Registration {
  readonly email: string;
  readonly passwordHash: string;
  /** Attribute values by attribute id (`displayName`, `extension_…`). */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** The name of a person who gave none (b2c contract h.2). */
const nameless = 'unknown';

/** The local account that a sign-up makes, as Azure AD B2C makes it (b2c contract g.2, h.2). Throws `identity.unknownAttribute`. */
export function registrationDraft(
  { email, passwordHash, attributes }: Registration,
  tenant: Tenant,
  id: string,
): Draft<typeof entities.user> {
  const collected = Object.entries(attributes).map(([name, value]) => [propertyOf(name), value] as const);
  const values = Object.fromEntries(collected.filter(([name, value]) => name !== emailAttribute && value !== ''));
  return {
    displayName: nameless,
    ...values,
    id,
    passwordHash,
    identities: [{ signInType: 'emailAddress', issuer: tenant.domains[0] ?? '', issuerAssignedId: email }],
    userPrincipalName: `${id}@${tenant.domains[0]}`,
  };
}

/** Where an attribute is kept. Only what a user flow can collect: whatever the form held, it cannot name `accountEnabled`. */
function propertyOf(attributeId: string): string {
  const builtIn = builtInAttributeIds.find((id) => fold(id) === fold(attributeId));
  if (builtIn) return builtIn;
  if (isExtensionName(attributeId)) return attributeId;
  throw faults.unknownAttribute({ id: attributeId });
}
