import type { AttributeValue } from '../attributes/read.ts';
import type { KnownAttribute } from './answer-claims.ts';
import type { ConnectorAudience, ConnectorStep } from './connector-step.ts';
import { connectorBody, type Subject } from './request-body.ts';

/** Somebody who has just come from a provider. */
const federated = {
  email: 'john.smith@fabrikam.example',
  identities: [{ signInType: 'federated', issuer: 'facebook.com', issuerAssignedId: '0123456789' }],
} as const;

const known = { displayName: 'John Smith', givenName: 'John', surname: 'Smith' } as const;

const filledIn = {
  ...known,
  jobTitle: 'Supplier',
  streetAddress: '1000 Main Street',
  city: 'Seattle',
  postalCode: '12345',
  state: 'Washington',
  country: 'United States',
} as const;

const values: Readonly<Record<KnownAttribute['dataType'], AttributeValue>> = {
  string: 'custom attribute value',
  boolean: true,
  int64: 42,
  stringCollection: 'first,second',
  dateTime: '2001-02-03T00:00:00Z',
};

const subjects: Readonly<Record<ConnectorStep, Subject>> = {
  PostFederationSignup: { ...federated, attributes: known },
  PostAttributeCollection: { ...federated, attributes: filledIn },
  PreTokenIssuance: { ...federated, objectId: '11111111-0000-0000-0000-000000000000', attributes: filledIn },
};

/** What a call at a step looks like, of a person who does not exist: for trying an API without a sign-in. */
export function sampleRequest(
  step: ConnectorStep,
  audience: ConnectorAudience,
  { clientId, attributes }: { readonly clientId: string; readonly attributes: readonly KnownAttribute[] },
): Readonly<Record<string, unknown>> {
  const custom = attributes.filter(({ id }) => id.startsWith('extension_'));
  const own = Object.fromEntries(custom.map(({ id, dataType }) => [id, values[dataType]]));
  const subject = subjects[step];
  // Nobody has been asked for an attribute before the page that asks.
  const all = step === 'PostFederationSignup' ? subject.attributes : { ...subject.attributes, ...own };
  return connectorBody(step, audience, { ...subject, attributes: all }, { clientId, locale: 'en-US' });
}
