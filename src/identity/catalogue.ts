import type { Directory } from '../directory/index.ts';
import { Fault, system } from '../kernel/index.ts';
import { type EntityType, entities, graphAppId } from '../model/index.ts';
import { builtInAttributes, builtInProviders } from './built-in.ts';
import { derivedId } from './derived-id.ts';
import { extensionsAppName } from './extensions-app.ts';
import { graphServicePrincipalName } from './service-principals.ts';

const caller = system('tenant bootstrap');

/**
 * Creates what every tenant has and this one lacks: the application that owns custom attributes, the built-in attributes
 * and providers. Doing it again, or from several processes at once, changes nothing.
 */
export async function bootstrapTenant(directory: Directory): Promise<void> {
  await createExtensionsApp(directory);
  await createGraph(directory);
  for (const { id, displayName, description } of builtInAttributes) {
    const draft = { id, displayName, description, dataType: 'string', userFlowAttributeType: 'builtIn' };
    await createOnce(directory, entities.identityBuiltInUserFlowAttribute, id, draft);
  }
  for (const { id, identityProviderType, displayName } of builtInProviders) {
    await createOnce(directory, entities.builtInIdentityProvider, id, { id, identityProviderType, displayName });
  }
}

/** An imported tenant brings its own, under whose id the values of its users are stored. */
async function createExtensionsApp(directory: Directory): Promise<void> {
  const { items } = await directory.find({
    type: entities.application,
    filter: { op: 'eq', path: ['displayName'], value: extensionsAppName },
    limit: 1,
  });
  if (items.length > 0) return;
  const id = derivedId(directory.tenant.id, 'extensions application object');
  const appId = derivedId(directory.tenant.id, 'extensions application');
  const draft = { id, appId, displayName: extensionsAppName, signInAudience: 'AzureADMyOrg' };
  await createOnce(directory, entities.application, id, draft);
}

/** What administrators look up to know which permissions an application can be given. */
async function createGraph(directory: Directory): Promise<void> {
  const id = derivedId(directory.tenant.id, 'service principal of Microsoft Graph');
  const draft = { id, appId: graphAppId, displayName: graphServicePrincipalName };
  await createOnce(directory, entities.servicePrincipal, id, draft);
}

async function createOnce(
  directory: Directory,
  type: EntityType,
  id: string,
  draft: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (await directory.get({ type, id })) return;
  try {
    await directory.create(caller, type, draft);
  } catch (error) {
    // Another process was faster.
    if (!(error instanceof Fault && error.status === 409)) throw error;
  }
}
