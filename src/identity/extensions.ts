import { createChangeCache, type Directory } from '../directory/index.ts';
import { entities, fold, type Place } from '../model/index.ts';
import type { Extension, ExtensionDataType } from './extension-definitions.ts';

/** The properties a tenant has added to its users: custom attributes of user flows, and extension properties for users. */
export interface Extensions {
  /** By name without regard to case. */
  find(name: string): Promise<Extension | undefined>;
  list(): Promise<readonly Extension[]>;
}

/** Entities of one read; the largest page of the store. */
const readSize = 999;

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
  const found = new Map<string, Extension>();
  const add = (extension: Extension): void => void found.set(fold(extension.name), extension);
  // Those of the custom attributes are among them.
  for (const places of await applicationPlaces(directory)) {
    for await (const { entity } of every(directory, entities.extensionProperty, places)) {
      // The behaviour of extension properties lets no other data type in.
      if (entity.targetObjects.includes('User'))
        add({ name: entity.name, dataType: entity.dataType as ExtensionDataType });
    }
  }
  return found;
}

async function applicationPlaces(directory: Directory): Promise<readonly (readonly Place[])[]> {
  const pages: Place[][] = [];
  for await (const { entity } of every(directory, entities.application)) {
    const place: Place = {
      parent: { type: entities.application, id: entity.id },
      navigation: 'extensionProperties',
    };
    const last = pages.at(-1);
    if (last && last.length < readSize) last.push(place);
    else pages.push([place]);
  }
  return pages;
}

type Listed = typeof entities.application | typeof entities.extensionProperty;

async function* every<E extends Listed>(directory: Directory, type: E, within?: readonly Place[]) {
  let after: string | undefined;
  do {
    const page = await directory.find({
      type,
      limit: readSize,
      ...(within ? { within } : {}),
      ...(after === undefined ? {} : { after }),
    });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
