import { changedId, createChangeCache } from '../directory/index.ts';
import { entities } from '../model/index.ts';
import { kinds } from './kinds/index.ts';
import type { Federation, ForeignProvider } from './provider.ts';
import type { FederationServices } from './services.ts';

const type = entities.identityProviderBase;

/** Providers kept ready at once. */
const capacity = 300;

/** Each provider is made ready once, and again when it has changed. */
export function createFederation(services: FederationServices): Federation {
  const { directory } = services;

  async function load(id: string): Promise<ForeignProvider | undefined> {
    const found = await directory.get({ type, id });
    const kind = found && kinds.find((one) => one.serves(found));
    if (!found || !kind) return undefined;
    const secrets = await directory.reveal({ type: found.type, id: found.entity.id });
    return kind.create(found, secrets, services);
  }

  const cache = createChangeCache<ForeignProvider>(directory, {
    types: [type],
    concerns: (change, _, id) => changedId(change, type) === id,
    load,
    capacity,
  });
  return { find: (id) => cache.get(id) };
}
