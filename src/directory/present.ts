import { settled } from '../kernel/index.ts';
import { type EntityOf, type EntityType, restore, restoreOnly, typeByName } from '../model/index.ts';
import type { Row } from '../store/index.ts';
import type { Versioned } from './directory.ts';
import { faults } from './faults.ts';
import { maskSecrets } from './secrets.ts';

/** The declaration of a stored type name. Throws `directory.unknownType` (500). */
export function concreteType(asked: EntityType, name: string): EntityType {
  const type = asked.name === name ? asked : typeByName(name);
  if (type) return type;
  throw faults.unknownType({ type: name });
}

/** A stored row as the directory shows it: completed, its secrets masked. `only`: of these members at least. */
export function present<E extends EntityType>(asked: E, row: Row, only?: readonly string[]): Versioned<E> {
  const known = kept.get(row);
  if (known) return known as Versioned<E>;
  const isKept = Object.isFrozen(row);
  const made = shown(concreteType(asked, row.type), row, isKept ? row.only : only);
  if (isKept) kept.set(row, Object.freeze({ ...made, entity: settled(made.entity) }));
  return made as Versioned<E>;
}

/** Of rows that the store keeps; all who read them share them. */
const kept = new WeakMap<Row, Versioned<EntityType>>();

const shown = (type: EntityType, { id, etag, within, values }: Row, only?: readonly string[]) => ({
  etag,
  type,
  entity: entityOf(type, id, values, only),
  ...(within ? { within } : {}),
});

/** Values, with sealed secrets or open ones, as the entity that readers and rules see. */
export const entityOf = (
  type: EntityType,
  id: string,
  values: Readonly<Record<string, unknown>>,
  only?: readonly string[],
): EntityOf<EntityType> => ({
  id,
  ...maskSecrets(type, only ? restoreOnly(type, values, only) : restore(type, values)),
});
