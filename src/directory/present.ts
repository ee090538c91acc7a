import type { Clock } from '../kernel/index.ts';
import { type EntityOf, type EntityType, restore, typeByName } from '../model/index.ts';
import type { Row } from '../store/index.ts';
import type { Versioned } from './directory.ts';
import { faults } from './faults.ts';
import type { Rules } from './rules.ts';
import { maskSecrets } from './secrets.ts';

/** The declaration of a stored type name. Throws `directory.unknownType` (500). */
export function concreteType(asked: EntityType, name: string): EntityType {
  const type = asked.name === name ? asked : typeByName(name);
  if (type) return type;
  throw faults.unknownType({ type: name });
}

/** A stored row as the directory shows it: completed, its secrets masked, its values as they are by now. */
export type Present = <E extends EntityType>(asked: E, row: Row) => Versioned<E>;

export const presenter =
  (rules: Rules, clock: Clock): Present =>
  (asked, row) => {
    const type = concreteType(asked, row.type);
    const entity = rules.show(type, entityOf(type, row.id, row.values), clock);
    return {
      etag: row.etag,
      type,
      entity: entity as EntityOf<typeof asked>,
      ...(row.within ? { within: row.within } : {}),
    };
  };

/** Values, with sealed secrets or open ones, as the entity that readers and rules see. */
export const entityOf = (
  type: EntityType,
  id: string,
  values: Readonly<Record<string, unknown>>,
): EntityOf<EntityType> => ({ id, ...maskSecrets(type, restore(type, values)) });
