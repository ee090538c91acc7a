/** The attributes every tenant has and a flow can collect, with the characters the directory keeps (Graph contract c.4). */
const maxLengths: ReadonlyMap<string, number> = new Map([
  ['city', 128],
  ['country', 128],
  ['displayName', 256],
  ['givenName', 64],
  ['jobTitle', 128],
  ['postalCode', 40],
  ['state', 128],
  ['streetAddress', 1024],
  ['surname', 64],
]);

/** Characters of a custom string attribute (b2c contract h.1). */
const customMaxLength = 256;

export const maxLengthOf = (attributeId: string): number => maxLengths.get(attributeId) ?? customMaxLength;

/** The attribute that is the sign-in name of a local account. */
export const emailAttribute = 'email';

/** Message ids of the labels of the built-in attributes. */
export const attributeWords: readonly string[] = [...maxLengths.keys(), emailAttribute].map((id) => `attribute.${id}`);

/** HTML autofill detail tokens (HTML §4.10.18.7.1), so that browsers can help. */
const autocompletes: ReadonlyMap<string, string> = new Map([
  ['city', 'address-level2'],
  ['country', 'country-name'],
  ['dateOfBirth', 'bday'],
  ['displayName', 'name'],
  ['givenName', 'given-name'],
  ['jobTitle', 'organization-title'],
  ['postalCode', 'postal-code'],
  ['state', 'address-level1'],
  ['streetAddress', 'street-address'],
  ['surname', 'family-name'],
]);

export const autocompleteOf = (attributeId: string): string | undefined => autocompletes.get(attributeId);
