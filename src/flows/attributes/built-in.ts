import { type BuiltInAttributeId, builtInAttributeIds } from '../../identity/index.ts';

/** Message ids of the labels of the built-in attributes. */
export const attributeWords: readonly string[] = builtInAttributeIds.map((id) => `attribute.${id}`);

/** HTML autofill detail tokens (HTML §4.10.18.7.1), so that browsers can help. */
const autocompletes: Readonly<Partial<Record<BuiltInAttributeId, string>>> = {
  city: 'address-level2',
  country: 'country-name',
  displayName: 'name',
  givenName: 'given-name',
  jobTitle: 'organization-title',
  postalCode: 'postal-code',
  state: 'address-level1',
  streetAddress: 'street-address',
  surname: 'family-name',
};

const tokens: ReadonlyMap<string, string> = new Map(Object.entries(autocompletes));

/** `isChosen`: of values the flow offers; for a country these are codes. */
export const autocompleteOf = (attributeId: string, isChosen: boolean): string | undefined =>
  attributeId === 'country' && isChosen ? 'country' : tokens.get(attributeId);
