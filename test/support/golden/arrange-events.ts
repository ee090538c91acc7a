import { flow } from './arrange-flows.ts';
import type { Body, Example } from './example.ts';
import { requiredOf } from './props.ts';
import { isKey, namesOf, type Scene } from './scene.ts';
import type { Stage } from './stage.ts';

export async function listeners(scene: Scene, key: string | undefined): Promise<void> {
  const { stage, listed, example } = scene;
  const named = namesOf(example.url)[3];
  if (key === undefined) return;
  for (const { userFlow } of [...listed, example.requestBody ?? {}])
    if (userFlow?.id) await flow(stage, 'identity/b2xUserFlows', userFlow.id);
  for (const item of listed)
    await stage.make(
      'identity/events/onSignupStart',
      { priority: item.priority, sourceFilter: item.sourceFilter },
      item.id,
    );
  if (isKey(named)) stage.putAt(3, await stage.make('identity/events/onSignupStart', {}));
}

export async function eventsFlows(scene: Scene, key: string | undefined): Promise<void> {
  const { stage, listed, example, rest } = scene;
  const set = 'identity/authenticationEventsFlows';
  await appsIn(stage, [example.requestBody, example.responseBody, example.url]);
  const favorite = { displayName: 'Favorite color', description: 'what is your favorite color' };
  for (const id of providersIn(example)) await stage.provider(id, providerIn(example, id));
  for (const id of attributesIn(example)) await stage.attribute(id, favorite);
  if (!isKey(key)) {
    for (const item of listed) await stage.make(set, rest.length === 0 ? await flowShown(stage, item) : {}, item.id);
    return;
  }
  const id = await stage.make(set, await flowAround(scene), key);
  const appId = rest[2] === 'includeapplications' && example.method === 'DELETE' ? namesOf(example.url)[6] : undefined;
  if (appId)
    await stage.call('POST', `/beta/${set}/${id}/conditions/applications/includeApplications`, {
      appId: stage.real(appId),
    });
}

/** A flow as a list shows it, with a name that only this example uses. */
async function flowShown(stage: Stage, shown: Body): Promise<Body> {
  const { conditions, displayName, description, priority, onAuthenticationMethodLoadStart } = shown;
  const { onAttributeCollection, onUserCreateStart } = shown;
  const applications = conditions?.applications?.includeApplications ?? [];
  const known = applications.map(({ appId }: Body) => ({ appId: stage.real(appId) }));
  const required = requiredOf('identity/authenticationEventsFlows').onAuthenticationMethodLoadStart;
  const identityProviders = (onAuthenticationMethodLoadStart?.identityProviders ?? required.identityProviders).map(
    ({ id }: Body) => ({ id }),
  );
  return {
    displayName,
    description,
    priority,
    onAuthenticationMethodLoadStart: { ...required, identityProviders },
    ...(onUserCreateStart ? { onUserCreateStart: { ...onUserCreateStart, accessPackages: undefined } } : {}),
    ...(onAttributeCollection?.attributes
      ? { onAttributeCollection: collectionShown(stage, onAttributeCollection) }
      : {}),
    ...(known.length > 0 ? { conditions: { applications: { includeApplications: known } } } : {}),
  };
}

/** The attributes and the page of a flow, as they can be sent. */
function collectionShown(stage: Stage, shown: Body): Body {
  const {
    '@odata.type': type,
    attributes,
    attributeCollectionPage,
  } = JSON.parse(stage.translate(JSON.stringify(shown)));
  const views = attributeCollectionPage.views.map(({ inputs }: Body) => ({ inputs }));
  return {
    '@odata.type': type,
    attributes: attributes.map(({ id }: Body) => ({ id })),
    attributeCollectionPage: { views },
  };
}

/** The flow that a request below it needs: with the provider or the attribute that is asked for or taken away. */
async function flowAround({ example, listed, rest, stage }: Scene): Promise<Body> {
  const required = requiredOf('identity/authenticationEventsFlows');
  const last = rest.at(-1) === '$ref' ? rest.at(-2) : undefined;
  const ids = [...listed.map(({ id }) => String(id)), ...(last && example.method === 'DELETE' ? [last] : [])];
  if (rest[0] === 'onauthenticationmethodloadstart') {
    const load = required.onAuthenticationMethodLoadStart;
    const all = [{ id: 'EmailPassword-OAUTH' }, ...ids.map((id) => ({ id: stage.real(id) }))];
    return { onAuthenticationMethodLoadStart: { ...load, identityProviders: all } };
  }
  if (rest[0] === 'onattributecollection') {
    const all = [...new Set(['email', ...ids.map((id) => stage.real(id))])].map((id) => ({ id }));
    for (const { id } of all) await stage.attribute(id);
    return { onAttributeCollection: { ...required.onAttributeCollection, attributes: all } };
  }
  const inputs = example.requestBody?.onAttributeCollection?.attributeCollectionPage?.views?.[0]?.inputs ?? [];
  if (inputs.length === 0) return {};
  const named = ['email', 'displayName', ...inputs.map(({ attribute }: Body) => stage.real(attribute))];
  const attributes = [...new Set(named)].map((id) => ({ id }));
  return { onAttributeCollection: { ...required.onAttributeCollection, attributes } };
}

/** Providers an example of the events flows names, wherever it does. */
const providersIn = ({ url, requestBody, responseBody }: Example): readonly string[] => [
  ...new Set(JSON.stringify([url, requestBody, responseBody]).match(/\b(?:Google|Facebook)-OAUTH\b/gi) ?? []),
];

/** The name and client id with which a page shows a provider. */
function providerIn({ responseBody }: Example, id: string): Body {
  const shown = new RegExp(
    `"id":"${id}","displayName":"([^"]+)","identityProviderType":"\\w+","clientId":"([^"]+)"`,
    'i',
  );
  const [, displayName = id.split('-')[0], clientId] = shown.exec(JSON.stringify(responseBody) ?? '') ?? [];
  return { displayName, ...(clientId ? { clientId } : {}) };
}

const attributesIn = (example: Example): readonly string[] => [
  ...new Set(JSON.stringify([example.requestBody, example.responseBody]).match(/\bextension_[0-9a-f]{32}_\w+/g) ?? []),
];

/** Applications that conditions name: they must exist, under the server's own ids. */
async function appsIn(stage: Stage, texts: readonly unknown[]): Promise<void> {
  const found = JSON.stringify(texts).matchAll(/"appId":"([0-9a-f-]{36})"|includeApplications\/([0-9a-f-]{36})/gi);
  for (const [, inBody, inPath] of found) {
    const appId = inBody ?? inPath ?? '';
    if (stage.real(appId) !== appId) continue;
    const { id, appId: real } = await stage.call('POST', '/beta/applications', { displayName: 'In a condition' });
    stage.standsFor(appId, real);
    stage.made(`/beta/applications/${id}`);
  }
}

export async function eventListeners(scene: Scene, key: string | undefined): Promise<void> {
  const { stage, example, listed } = scene;
  const set = 'identity/authenticationEventListeners';
  await appsIn(stage, [example.requestBody, example.responseBody]);
  const shown = [example.requestBody, example.responseBody, ...listed].map((body) => body?.handler ?? {});
  const wanted = shown.flatMap(({ customExtension }) => (customExtension?.id ? [customExtension] : []));
  for (const { id, ...page } of wanted) {
    const kind = /on\w+(?=CustomExtensionHandler)/.exec(JSON.stringify(shown))?.[0] ?? 'onTokenIssuanceStart';
    const type = { '@odata.type': `#microsoft.graph.${kind}CustomExtension` };
    if (stage.real(id) !== id) continue;
    await stage.make('identity/customAuthenticationExtensions', translated(stage, { ...type, ...page }), id);
  }
  const extension = await stage.make('identity/customAuthenticationExtensions', {});
  const handler = {
    '@odata.type': '#microsoft.graph.onTokenIssuanceStartCustomExtensionHandler',
    customExtension: { id: extension },
  };
  for (const item of listed) await stage.make(set, listener(stage, { handler, ...item }), item.id);
  if (isKey(key)) await stage.make(set, listener(stage, { handler, ...(example.responseBody ?? {}) }), key);
}

const listener = (stage: Stage, { handler, conditions }: Body): Body =>
  translated(stage, { handler, ...(conditions ? { conditions } : {}) });

/** As a page shows it, with the server's ids. */
const translated = (stage: Stage, shown: Body): Body => JSON.parse(stage.translate(JSON.stringify(shown)));
