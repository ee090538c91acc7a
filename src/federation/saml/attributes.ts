import { attributeOf, childrenOf, type Element, textOf } from './xml.ts';

const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

/**
 * Attribute id → how providers call it, best first: the claims of Microsoft and others, X.500 by object id (SAML 2.0 Profiles §8.2), plain names.
 * https://learn.microsoft.com/entra/external-id/direct-federation
 */
const names: Readonly<Record<string, readonly string[]>> = {
  email: [`${claims}/emailaddress`, 'urn:oid:0.9.2342.19200300.100.1.3', 'email', 'mail', 'emailaddress'],
  givenName: [`${claims}/givenname`, 'urn:oid:2.5.4.42', 'givenName', 'given_name', 'firstName'],
  surname: [`${claims}/surname`, 'urn:oid:2.5.4.4', 'surname', 'family_name', 'lastName', 'sn'],
  displayName: [
    'http://schemas.microsoft.com/identity/claims/displayname',
    'urn:oid:2.16.840.1.113730.3.1.241',
    'displayName',
    `${claims}/name`,
    'name',
  ],
  city: [`${claims}/locality`, 'urn:oid:2.5.4.7', 'city'],
  state: [`${claims}/stateorprovince`, 'urn:oid:2.5.4.8', 'state'],
  country: [`${claims}/country`, 'urn:oid:2.5.4.6', 'country'],
  postalCode: [`${claims}/postalcode`, 'urn:oid:2.5.4.17', 'postalCode'],
  streetAddress: [`${claims}/streetaddress`, 'urn:oid:2.5.4.9', 'streetAddress'],
  jobTitle: ['urn:oid:2.5.4.12', 'jobTitle'],
};

/** What an assertion says of a person, by attribute id, as it came. Of several values of one attribute the first counts. */
export function attributesIn(assertion: Element): Readonly<Record<string, string | undefined>> {
  const told = new Map<string, string | undefined>();
  for (const statement of childrenOf(assertion, 'AttributeStatement')) {
    for (const attribute of childrenOf(statement, 'Attribute')) {
      const name = attributeOf(attribute, 'Name');
      const [value] = childrenOf(attribute, 'AttributeValue');
      if (name !== undefined && !told.has(name)) told.set(name, textOf(value));
    }
  }
  const first = (list: readonly string[]) => list.map((name) => told.get(name)).find((value) => value !== undefined);
  return Object.fromEntries(Object.entries(names).map(([id, list]) => [id, first(list)]));
}
