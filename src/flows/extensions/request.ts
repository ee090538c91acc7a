import type { User } from '../../identity/index.ts';
import { entities } from '../../model/index.ts';
import type { CollectedAttribute, DataType } from '../attributes/collected-attribute.ts';
import type { AttributeValue } from '../attributes/read.ts';
import type { Facts } from '../facts.ts';
import type { StepContext } from '../step.ts';
import { wires } from './event.ts';
import type { Subscription } from './subscriptions.ts';

type Journey = StepContext['journey'];

/** What an extension is told of an application. */
interface Principal {
  readonly id: string;
  readonly appId: string;
  readonly appDisplayName: string;
  readonly displayName: string;
}

async function principalOf({ directory, journey: { client } }: StepContext): Promise<Principal> {
  const { appId, displayName } = client;
  const { items } = await directory.find({
    type: entities.servicePrincipal,
    filter: { op: 'eq', path: ['appId'], value: appId.toLowerCase() },
    limit: 1,
  });
  return { id: items[0]?.entity.id ?? appId, appId, appDisplayName: displayName, displayName };
}

/** `en-us`, as the published samples spell it. */
const marketOf = ({ locales }: Journey): string => (locales[0] ?? 'en-US').toLowerCase();

/** Further members of `authenticationContext`. */
export interface Circumstances {
  readonly requestType?: 'signUp' | 'signIn' | 'forgotPassword';
  readonly user?: Readonly<Record<string, unknown>>;
}

/** What every request says of the sign-in (b2c contract f.4). The journey knows no other resource than its application. */
async function authenticationContext(context: StepContext, { requestType, user }: Circumstances) {
  const { journey } = context;
  const principal = await principalOf(context);
  return {
    correlationId: journey.correlationId,
    client: { ip: journey.sender.address, locale: marketOf(journey), market: marketOf(journey) },
    protocol: 'OAUTH2.0',
    ...(requestType ? { requestType } : {}),
    clientServicePrincipal: principal,
    resourceServicePrincipal: principal,
    ...(user ? { user } : {}),
  };
}

/** The body of a call. `own`: what only this event sends. */
export async function requestBody(
  context: StepContext,
  { event, listenerId, extension }: Subscription,
  own: Readonly<Record<string, unknown>>,
  circumstances: Circumstances = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { journey, directory } = context;
  const { id: tenantId } = directory.tenant;
  return {
    type: `microsoft.graph.authenticationEvent.${event}`,
    source: `/tenants/${tenantId}/applications/${journey.client.appId}`,
    data: {
      '@odata.type': `microsoft.graph.${wires[event].callout}`,
      tenantId,
      authenticationEventListenerId: listenerId,
      customAuthenticationExtensionId: extension?.id,
      authenticationContext: await authenticationContext(context, circumstances),
      ...own,
    },
  };
}

/** Members of the user that are told, in the order of the published sample; what has no value is left out. */
const toldOfUser = [
  'companyName',
  'createdDateTime',
  'displayName',
  'givenName',
  'id',
  'mail',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'userType',
] as const satisfies readonly (keyof User)[];

export const userElement = (user: User): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    toldOfUser.flatMap((name) => {
      const value = user[name];
      return value === null || value === undefined ? [] : [[name, value]];
    }),
  );

const valueTypes: Readonly<Record<DataType, string>> = {
  string: 'stringDirectoryAttributeValue',
  stringCollection: 'stringDirectoryAttributeValue',
  dateTime: 'stringDirectoryAttributeValue',
  int64: 'int64DirectoryAttributeValue',
  boolean: 'booleanDirectoryAttributeValue',
};

const isExtension = (id: string): boolean => /^extension_/i.test(id);

/** An attribute that has no value yet is sent with an empty one: an API may only fill in what it was told of. */
const attributeElement = ({ id, dataType }: CollectedAttribute, value: AttributeValue | undefined) => ({
  '@odata.type': `microsoft.graph.${valueTypes[dataType]}`,
  value: value ?? (valueTypes[dataType] === valueTypes.string ? '' : null),
  attributeType: isExtension(id) ? 'directorySchemaExtension' : 'builtIn',
});

/** By which names the new person will be known. */
function identitiesOf({ foreign, signInName }: Facts, issuer: string) {
  if (foreign) {
    return [{ signInType: 'federated', issuer: foreign.issuer, issuerAssignedId: foreign.issuerAssignedId }];
  }
  if (signInName === undefined) return [];
  const kind = signInName.startsWith('+') ? 'phoneNumber' : 'userName';
  return [{ signInType: signInName.includes('@') ? 'email' : kind, issuer, issuerAssignedId: signInName }];
}

/** What is known of somebody who signs up. The password is not in it. */
export const signUpInfo = (
  { journey, directory }: StepContext,
  attributes: readonly CollectedAttribute[],
  values: Readonly<Record<string, AttributeValue>>,
) => ({
  userSignUpInfo: {
    attributes: Object.fromEntries(attributes.map((one) => [one.id, attributeElement(one, values[one.id])])),
    identities: identitiesOf(journey.facts, directory.tenant.domains[0] ?? ''),
  },
});
