import { randomUUID } from 'node:crypto';
import { type Offer, type Part, partText } from '../../../src/graph/index.ts';
import type { EntityType } from '../../../src/model/index.ts';
import type { Body } from '../golden/example.ts';
import { newerCertificate, override, requiredOf } from '../golden/props.ts';
import type { Stage } from '../golden/stage.ts';

/** Sets in which every tenant has something, and nothing can be made. */
const given = new Set(['organization', 'directoryAudit', 'signIn', 'usher.journey', 'usher.connectorCall']);

/** Contained collections that are full from the beginning. */
const builtIn = new Set(['userFlowLanguageConfiguration', 'userFlowLanguagePage', 'userFlowPageLayout']);

/** A real address for a path template: everything its keys name exists, made for this request. */
export async function placeFor(stage: Stage, offer: Offer): Promise<string> {
  let home = '';
  // It names no listener, and means the only one there is.
  if (/^invokeUserFlow/.test(String(offer.path[0]))) await stage.make('identity/events/onSignupStart', {});
  for (const [index, part] of offer.path.entries()) {
    home += partText(part, typeof part === 'string' ? '' : await keyFor(stage, offer, home, part, index));
  }
  await readyFor(stage, offer, home);
  return home;
}

type KeyPart = Exclude<Part, string>;

async function keyFor(stage: Stage, offer: Offer, home: string, part: KeyPart, index: number): Promise<string> {
  const { keyOf, by } = part;
  if (by !== undefined) {
    const id = await keyFor(stage, offer, home, { keyOf }, index);
    return (await stage.call('GET', `/${offer.version}${home}/${encodeURIComponent(id)}`))[by];
  }
  const last = offer.path.slice(index + 1).every((part) => typeof part === 'string' && part.startsWith('$'));
  if (home.endsWith('/includeApplications')) return applicationIn(stage, offer, home);
  if (last && offer.referenced) return linked(stage, home, keyOf);
  const url = `/${offer.version}${home}`;
  if (given.has(keyOf.name)) return first(stage, url);
  if (builtIn.has(keyOf.name)) return pick(stage, offer, url, last);
  if (keyOf.name === 'identityUserFlowAttributeAssignment') return assignment(stage, home);
  if (keyOf.name === 'extensionProperty') return extensionProperty(stage, home);
  if (keyOf.name === 'externalDomainName') return externalDomain(stage, home);
  return entityIn(stage, home, keyOf, castsIn(offer));
}

const first = async (stage: Stage, url: string): Promise<string> => (await stage.listed(`${url}?$top=1`)).id;

/** A built-in one, except where one of the caller's own is to be replaced or removed. */
async function pick(stage: Stage, offer: Offer, url: string, last: boolean): Promise<string> {
  const { httpMethod, does, version } = offer;
  if (/b2cUserFlows.*languages$/.test(url) && offer.path.includes('overridesPages'))
    await customizable(stage, url.slice(`/${version}`.length));
  if (last && (httpMethod === 'DELETE' || httpMethod === 'PUT') && /languages$/.test(url)) {
    await customizable(stage, url.slice(`/${version}`.length));
    if (does === 'delete') await stage.call('PUT', `${url}/es-ES`, { isEnabled: true });
    return 'es-ES';
  }
  return /languages$/.test(url) ? 'en' : first(stage, url);
}

const customizable = (stage: Stage, languages: string): Promise<Body> =>
  stage.call('PATCH', `/beta${languages.replace(/\/languages$/, '')}`, { isLanguageCustomizationEnabled: true });

async function assignment(stage: Stage, home: string): Promise<string> {
  await stage.call('POST', `/beta${home}`, assignmentOf('city'));
  return 'city';
}

const assignmentOf = (id: string): Body => ({
  displayName: id,
  isOptional: true,
  requiresVerification: false,
  userInputType: 'textBox',
  userAttributeValues: [],
  userAttribute: { id },
});

async function extensionProperty(stage: Stage, home: string): Promise<string> {
  const { id } = await stage.call('POST', `/beta${home}`, extensionOf());
  return id;
}

const extensionOf = (): Body => ({
  name: `walk${randomUUID().slice(0, 8)}`,
  dataType: 'String',
  targetObjects: ['User'],
});

const domainOf = (): Body => ({ id: `walk${randomUUID().slice(0, 8)}.example` });

async function externalDomain(stage: Stage, home: string): Promise<string> {
  const { id } = await stage.call('POST', `/beta${home}`, domainOf());
  return id;
}

/** Something of its own in a set at the root. */
async function entityIn(stage: Stage, home: string, type: EntityType, casts: readonly string[]): Promise<string> {
  const set = home.slice(1);
  switch (type.name) {
    case 'b2cIdentityUserFlow':
    case 'b2xIdentityUserFlow':
    case 'identityUserFlow':
      return flow(stage, set);
    case 'identityProviderBase':
    case 'identityProvider':
      return stage.provider('Google-OAUTH');
    case 'identityUserFlowAttribute':
      return stage.attribute(`extension_guid_walk${randomUUID().slice(0, 8)}`);
    case 'servicePrincipal':
      return servicePrincipal(stage);
    case 'authenticationEventListener':
      return stage.make(set, await listenerOf(stage, casts));
    case 'authenticationEventsFlow':
      return stage.make(set, await handlerIn(stage, casts));
    case 'usher.authenticationMethod':
      return stage.make(set, await phoneOf(stage));
    case 'usher.webhookDelivery':
      return delivery(stage);
    default:
      return stage.make(set, {});
  }
}

const flowOf = (): Body => ({
  id: `walk${randomUUID().slice(0, 8)}`,
  userFlowType: 'signUpOrSignIn',
  userFlowTypeVersion: 1,
});

async function flow(stage: Stage, set: string): Promise<string> {
  const { id } = await stage.call('POST', `/beta/${set}`, flowOf());
  stage.made(`/beta/${set}/${id}`);
  return id;
}

async function servicePrincipal(stage: Stage): Promise<string> {
  const { id } = await stage.call('POST', '/beta/servicePrincipals', { appId: await applicationOf(stage) });
  stage.made(`/beta/servicePrincipals/${id}`);
  return id;
}

/** A person's; kind and number are those of every other one. */
const phoneOf = async (stage: Stage): Promise<Body> => ({ userId: await stage.make('users', {}) });

/** A sample that nobody took: while it is tried it cannot be sent again. */
async function delivery(stage: Stage): Promise<string> {
  const webhook = await stage.make('usher/webhooks', {});
  await stage.call('POST', `/beta/usher/webhooks/${webhook}/test`, {});
  const tried = `webhookId eq ${webhook} and lastFailure eq 'unreachable'`;
  return (await stage.listed(`/beta/usher/webhookDeliveries?$filter=${tried}`)).id;
}

async function applicationOf(stage: Stage): Promise<string> {
  const { id, appId } = await stage.call('POST', '/beta/applications', { displayName: 'Of the walk' });
  stage.made(`/beta/applications/${id}`);
  return appId;
}

/** The type names that a path narrows to: of the entity, then of the value that holds the reference. */
const castsIn = ({ path }: Offer): readonly string[] =>
  path.filter((part): part is string => typeof part === 'string' && part.startsWith('microsoft.graph.'));

const tokenHandler = 'microsoft.graph.onTokenIssuanceStartCustomExtensionHandler';

/** A listener of the type that a path is about, with the handler that it asks. */
async function listenerOf(stage: Stage, [type, handler = tokenHandler]: readonly string[]): Promise<Body> {
  return { ...(type ? { '@odata.type': `#${type}` } : {}), handler: await handlerOf(stage, handler) };
}

/** The member of an events flow in which a path looks for a reference. */
async function handlerIn(stage: Stage, [, handler]: readonly string[]): Promise<Body> {
  const name = /onAttributeCollection(?:Start|Submit)(?=CustomExtensionHandler)/.exec(handler ?? '')?.[0];
  return name && handler ? { [name]: await handlerOf(stage, handler) } : {};
}

async function handlerOf(stage: Stage, type: string): Promise<Body> {
  const { onAttributeCollection, onAuthenticationMethodLoadStart } = requiredOf('identity/authenticationEventsFlows');
  if (/onAttributeCollectionExternal/.test(type)) return onAttributeCollection;
  if (/onAuthenticationMethodLoadStart/.test(type)) return onAuthenticationMethodLoadStart;
  const migration = type.includes('onPasswordMigration') ? { migrationPropertyId: 'extension_migrated' } : {};
  return { '@odata.type': `#${type}`, ...migration, customExtension: { id: await extensionFor(stage, type) } };
}

/** An extension of the type that a handler calls. */
function extensionFor(stage: Stage, handler = tokenHandler): Promise<string> {
  const name = handler.replace(/Handler$/, '').replace('onPasswordMigration', 'onPasswordSubmit');
  return stage.make('identity/customAuthenticationExtensions', { '@odata.type': `#${name}` });
}

async function applicationIn(stage: Stage, { httpMethod }: Offer, home: string): Promise<string> {
  const appId = await applicationOf(stage);
  if (httpMethod !== 'POST') await stage.call('POST', `/beta${home}`, { appId });
  return appId;
}

/** A reference that is there, so that it can be taken away. */
async function linked(stage: Stage, home: string, type: EntityType): Promise<string> {
  const id = await targetOf(stage, type, []);
  await stage.call('POST', `/beta${home}/$ref`, { '@odata.id': id });
  return id;
}

async function targetOf(stage: Stage, type: EntityType, casts: readonly string[]): Promise<string> {
  if (/(?:Authentication|Custom)Extension$/.test(type.name)) return extensionFor(stage, casts.at(-1));
  switch (type.name) {
    case 'identityProviderBase':
    case 'identityProvider':
      return stage.provider('Google-OAUTH');
    case 'identityUserFlowAttribute':
      return 'city';
    case 'b2xIdentityUserFlow':
      return 'B2X_1_guests';
    default:
      return stage.make('identity/apiConnectors', {});
  }
}

/** Single references and contents must be there to be read or removed. */
async function readyFor(stage: Stage, offer: Offer, home: string): Promise<void> {
  const { does, httpMethod, path, type } = offer;
  if (does === 'content' && httpMethod !== 'PUT' && home.includes('/overridesPages/'))
    await stage.call('PUT', `/beta${home}`, { LocalizedStrings: [override] });
  const single = home.replace(/\/\$ref$/, '');
  const wanted = (does === 'unlink' && typeof path.at(-2) === 'string') || does === 'get' || does === 'links';
  if (wanted && single.includes('apiConnectorConfiguration'))
    await stage.call('PUT', `/beta${single}/$ref`, { '@odata.id': await targetOf(stage, type, []) });
}

/** What the request carries. */
export async function bodyFor(stage: Stage, offer: Offer, home: string): Promise<Body> {
  const { does, httpMethod, path, type } = offer;
  if (httpMethod === 'GET' || httpMethod === 'DELETE') return undefined;
  const names = path.filter((part) => typeof part === 'string');
  const last = names.at(-1) ?? '';
  if (does === 'link') return { '@odata.id': await targetOf(stage, type, castsIn(offer)) };
  if (does === 'content') return { LocalizedStrings: [override] };
  if (does === 'operation') return operationBody(stage, last, home);
  if (last === 'includeApplications') return { appId: await applicationOf(stage) };
  if (does === 'create') return creationBody(stage, type, names.join('/'));
  if (does === 'put') return requiredOf(names.join('/'));
  const typed = type.abstract || ['authenticationEventsFlow', 'identityProviderBase'].includes(type.name);
  return typed ? { '@odata.type': requiredOf(names.join('/'))['@odata.type'] } : {};
}

async function operationBody(stage: Stage, name: string, home: string): Promise<Body> {
  switch (name) {
    case 'addPassword':
      return { passwordCredential: { displayName: 'walk' } };
    case 'removePassword': {
      const { keyId } = await stage.call('POST', `/beta${home.replace(/\w+$/, 'addPassword')}`, {});
      return { keyId };
    }
    case 'setOrder':
      return { newAssignmentOrder: { order: [] } };
    case 'validateAuthenticationConfiguration': {
      const { endpointConfiguration, authenticationConfiguration } = requiredOf(
        'identity/customAuthenticationExtensions',
      );
      return home.split('/').length > 4 ? {} : { endpointConfiguration, authenticationConfiguration };
    }
    case 'uploadClientCertificate':
      return newerCertificate();
    case 'test':
      return home.includes('/apiConnectors/') ? { step: 'PostAttributeCollection', audience: 'b2c' } : {};
    case 'replay':
      return home.includes('/webhooks/') ? { since: new Date(0).toISOString() } : {};
    default:
      return {};
  }
}

async function creationBody(stage: Stage, type: EntityType, set: string): Promise<Body> {
  switch (type.name) {
    case 'b2cIdentityUserFlow':
    case 'b2xIdentityUserFlow':
    case 'identityUserFlow':
      return flowOf();
    case 'identityProviderBase':
      return { ...socialOf, '@odata.type': '#microsoft.graph.socialIdentityProvider', identityProviderType: 'GitHub' };
    case 'identityProvider':
      return { name: 'GitHub', type: 'GitHub', clientId: 'c', clientSecret: 's' };
    case 'identityUserFlowAttribute':
      return { displayName: `walk${randomUUID().slice(0, 8)}`, dataType: 'string' };
    case 'identityUserFlowAttributeAssignment':
      return assignmentOf('city');
    case 'extensionProperty':
      return extensionOf();
    case 'externalDomainName':
      return domainOf();
    case 'servicePrincipal':
      return { appId: await applicationOf(stage) };
    case 'authenticationEventListener':
      return { ...requiredOf(set), ...(await listenerOf(stage, [])) };
    case 'usher.authenticationMethod':
      return { ...requiredOf(set), ...(await phoneOf(stage)) };
    case 'invitation':
      return { invitedUserEmailAddress: `${randomUUID()}@fabrikam.example`, inviteRedirectUrl: 'https://app.example/' };
    default:
      return requiredOf(set);
  }
}

const socialOf = { displayName: 'GitHub', clientId: 'c', clientSecret: 's' };
