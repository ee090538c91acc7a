import { type Body, isPlaceholder } from './example.ts';
import { override, stateOf } from './props.ts';
import { isKey, namesOf, type Scene } from './scene.ts';
import type { Stage } from './stage.ts';

export async function flow(stage: Stage, set: string, id: string, values: Body = {}): Promise<string> {
  const home = `/beta/${set}`;
  if (await stage.has(`${home}/${id}`)) return id;
  const { userFlowType = 'signUpOrSignIn', userFlowTypeVersion = 1, isLanguageCustomizationEnabled } = values;
  const language = isLanguageCustomizationEnabled ? { isLanguageCustomizationEnabled } : {};
  const made = await stage.call('POST', home, { id, userFlowType, userFlowTypeVersion, ...language });
  // With the prefix it is found by either name, and the URL has its place for it.
  if (!made.id.toLowerCase().endsWith(id.toLowerCase())) stage.standsFor(id, made.id);
  stage.made(`${home}/${made.id}`);
  return made.id;
}

export async function flows(scene: Scene, key: string | undefined, set: string, standIn: string): Promise<void> {
  const { stage, listed, body, rest, example } = scene;
  if (!isKey(key)) {
    for (const item of listed) await flowListed(stage, set, item);
    for (const { id } of example.requestBody?.identityProviders ?? []) await stage.provider(id);
    return;
  }
  const own = rest.length === 0 && typeof body.id === 'string' ? body.id : standIn;
  const id = await flow(stage, set, isPlaceholder(key) ? own : key, rest.length === 0 ? body : {});
  stage.putAt(2, id);
  await below(scene, `/beta/${set}/${id}`);
}

async function flowListed(stage: Stage, set: string, item: Body): Promise<void> {
  const home = item.id.startsWith('B2X') ? 'identity/b2xUserFlows' : set;
  const id = await flow(stage, home, item.id, item);
  for (const provider of item.identityProviders ?? []) await linked(stage, `/beta/${home}/${id}`, provider);
}

async function linked(stage: Stage, home: string, provider: Body): Promise<void> {
  const id = await stage.provider(provider.id, provider);
  await stage.call('POST', `${home}/userFlowIdentityProviders/$ref`, { '@odata.id': id });
}

/** What is contained in a flow or referred to by it. */
async function below(scene: Scene, home: string): Promise<void> {
  const { stage, rest, listed, example } = scene;
  const keys = namesOf(example.url);
  const key = keys[4];
  switch (rest[0]) {
    case 'identityproviders':
    case 'userflowidentityproviders':
      for (const item of listed) await linked(stage, home, item);
      if (example.method === 'DELETE') await linkedForRemoval(stage, home, key);
      if (example.requestBody?.['@odata.id']) await referred(scene);
      return;
    case 'userattributeassignments':
      return assignments(scene, home, key);
    case 'languages':
      return languages(scene, home, keys);
    case 'apiconnectorconfiguration':
      return connectors(scene, home);
    default:
  }
}

async function linkedForRemoval(stage: Stage, home: string, key: string | undefined): Promise<void> {
  const id = key === undefined || isPlaceholder(key) ? 'Google-OAUTH' : key;
  await linked(stage, home, { id });
  stage.putAt(4, id);
}

/** The provider that a reference names, or any one where a page leaves it open. */
async function referred({ stage, example }: Scene): Promise<void> {
  const id = String(example.requestBody['@odata.id']).split('/').at(-1) ?? '';
  if (isPlaceholder(id)) stage.standsFor(id, await stage.provider('Facebook-OAUTH'));
  else await stage.provider(id);
}

async function assign(stage: Stage, home: string, values: Body): Promise<void> {
  const { id, userAttribute = {}, displayName = id, isOptional = false, requiresVerification = false } = values;
  const real = await stage.attribute(id, { ...userAttribute, displayName: undefined });
  const choices = values.userAttributeValues ?? [];
  await stage.call('POST', `${home}/userAttributeAssignments`, {
    displayName,
    isOptional,
    requiresVerification,
    userInputType: choices.length > 0 ? 'dropdownSingleSelect' : (values.userInputType ?? 'textBox'),
    userAttributeValues: choices,
    userAttribute: { id: real },
  });
}

async function assignments(scene: Scene, home: string, key: string | undefined): Promise<void> {
  const { stage, body, listed, example, rest } = scene;
  for (const item of listed) await assign(stage, home, item);
  const order: readonly string[] = example.requestBody?.newAssignmentOrder?.order ?? example.responseBody?.order ?? [];
  for (const id of order) await assign(stage, home, { id });
  const created = example.requestBody?.userAttribute?.id;
  if (created && example.method === 'POST') await stage.attribute(created);
  if (key === undefined || rest[1] === 'getorder' || rest[1] === 'setorder') return;
  const id = isPlaceholder(key) ? (body.id ?? 'city') : key;
  await assign(stage, home, { ...body, id });
  stage.putAt(4, stage.real(id));
}

async function languages({ stage, example, rest }: Scene, home: string, keys: readonly string[]): Promise<void> {
  const b2c = home.includes('b2cUserFlows');
  if (b2c) await stage.call('PATCH', home, { isLanguageCustomizationEnabled: true });
  const [, , , , tag, pages, page] = keys;
  const custom = tag === 'es-ES' && (example.status === 204 || example.method === 'DELETE');
  if (custom && b2c) await stage.call('PUT', `${home}/languages/${tag}`, { isEnabled: true });
  if (rest[2] === 'overridespages' && page && example.method !== 'PUT') {
    const sent = { LocalizedStrings: [override] };
    await stage.call('PUT', `${home}/languages/${tag}/${pages}/${page}/$value`, sent);
  }
}

async function connectors({ stage, example }: Scene, home: string): Promise<void> {
  const any = await stage.make('identity/apiConnectors', {}, '{id}');
  const shown = Object.keys(example.responseBody ?? {}).filter((name) => !name.includes('@'));
  const wanted = example.method === 'PUT' && !example.requestBody?.['@odata.id'] ? ['postAttributeCollection'] : shown;
  for (const step of wanted) {
    const page = example.responseBody?.[step];
    const connector = page ? await stage.make('identity/apiConnectors', stateOf('identity/apiConnectors', page)) : any;
    await stage.call('PUT', `${home}/apiConnectorConfiguration/${step}/$ref`, { '@odata.id': connector });
  }
}
