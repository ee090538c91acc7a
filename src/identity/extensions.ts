import { createChangeCache, type Directory, type Versioned } from '../directory/index.ts';
import { entities, everyItem, everyPage, fold, type Place } from '../model/index.ts';
import type { Extension, ExtensionDataType } from './extension-definitions.ts';

/** The properties a tenant has added to its users: custom attributes of user flows, and extension properties for users. */
export interface Extensions {
  /** By name without regard to case. */
  find(name: string): Promise<Extension | undefined>;
  list(): Promise<readonly Extension[]>;
}

/** Kept in memory until an attribute or an application of the tenant changes. */
export function createExtensions(directory: Directory): Extensions {
  const types = [entities.identityUserFlowAttribute, entities.application];
  const cache = createChangeCache(directory, {
    types,
    capacity: 1,
    // What an application itself is changes no definition; those it contains are told for themselves.
    concerns: ({ type, verb }) => type !== entities.application.name || verb === 'deleted',
    load: () => readAll(directory),
  });
  const all = async () => (await cache.get('all')) ?? new Map<string, Extension>();
  return {
    find: async (name) => (await all()).get(fold(name)),
    list: async () => [...(await all()).values()],
  };
}

async function readAll(directory: Directory): Promise<ReadonlyMap<string, Extension>> {
  const { application, extensionProperty } = entities;
  const found = new Map<string, Extension>();
  const add = (extension: Extension): void => void found.set(fold(extension.name), extension);
  for await (const applications of everyPage((query) => directory.find(query), { type: application })) {
    if (applications.length === 0) continue;
    const within = applications.map(placeIn);
    // Those of the custom attributes are among them.
    for (const { entity } of await everyItem((query) => directory.find(query), { type: extensionProperty, within })) {
      // The behaviour of extension properties lets no other data type in.
      if (entity.targetObjects.includes('User'))
        add({ name: entity.name, dataType: entity.dataType as ExtensionDataType });
    }
  }
  return found;
}

const placeIn = ({ entity: { id } }: Versioned<typeof entities.application>): Place => ({
  parent: { type: entities.application, id },
  navigation: 'extensionProperties',
});
