import { type Caller, systemFor } from '../kernel/index.ts';
import type { EntityType } from '../model/index.ts';
import { createPlanned, planCreation } from './creation.ts';
import type { CreateOptions, Directory, Versioned } from './directory.ts';
import { present } from './present.ts';
import type { Room } from './room.ts';

type Values = Readonly<Record<string, unknown>>;

/** The plain creation, or what the type's behaviour does in its place. */
export async function createEntity<E extends EntityType>(
  room: Room,
  directory: Directory,
  caller: Caller,
  type: E,
  draft: Values,
  options: CreateOptions,
): Promise<Versioned<E>> {
  const proceed = async (by: Caller, values: Values, related: CreateOptions): Promise<Versioned<E>> => {
    const planned = await planCreation(room, by, type, values, related);
    return present(type, await createPlanned(room, by, planned));
  };
  const create = room.rules.creation(type);
  if (!create) return proceed(caller, draft, options);
  const { clock, tenant } = room;
  const trusted = systemFor(caller, `create ${type.name}`);
  const made = await create({ caller, trusted, tenant, clock, directory, draft, options, proceed });
  return made as Versioned<E>;
}
