import { isDeepStrictEqual } from 'node:util';
import type { Caller } from '../kernel/index.ts';
import { type EntityType, fold, restore, validate } from '../model/index.ts';
import type { Row } from '../store/index.ts';
import { faults } from './faults.ts';
import { entityOf } from './present.ts';
import { isTrusted } from './room.ts';
import { dropMasks, keepMasked, maskedMembers } from './secrets.ts';

type Values = Readonly<Record<string, unknown>>;

/** What a body changes of an entity. */
export interface Changed {
  /** In normal form. */
  readonly values: Values;
  /** Members of an open type that are to go. */
  readonly dropped: readonly string[];
  /** Puts back, out of the stored values, the secrets that the body names by their mask. */
  keep(next: Values, stored: Values): Values;
}

/** The body of an update: what it does not name stays. Throws `model.*`, `directory.maskedSecret`. */
export function readPatch(type: EntityType, seen: Row, body: Values, caller: Caller): Changed {
  const named = validate(type, withoutOwnId(body, seen.id), 'update', { trusted: isTrusted(caller) });
  return { values: dropMasks(type, named, 'update'), dropped: [], keep: (next) => next };
}

/**
 * The body of a replacement: what a client may set and it does not name has its default again, what cannot change may be named
 * as it is. Throws `model.*`, `directory.maskedSecret`, `directory.otherId`.
 */
export function readReplacement(type: EntityType, seen: Row, body: Values, caller: Caller): Changed {
  const current = entityOf(type, seen.id, seen.values) as Values;
  const named = readWhole(type, seen.id, body, caller);
  const changing = Object.entries(named).filter(
    ([name, value]) => accessOf(type, name) !== 'create' || !isDeepStrictEqual(value, current[name]),
  );
  const values = validate(type, Object.fromEntries(changing), 'update', { trusted: isTrusted(caller) });
  const defaults = Object.entries(restore(type, {})).filter(
    ([name, value]) =>
      !Object.hasOwn(named, name) && isSettable(type, name) && !isDeepStrictEqual(value, current[name]),
  );
  const masked = maskedMembers(type, values);
  return {
    values: { ...Object.fromEntries(defaults), ...dropMasks(type, values, 'update') },
    dropped: Object.keys(seen.values).filter(
      (name) => !Object.hasOwn(type.properties, name) && !Object.keys(named).some((one) => fold(one) === fold(name)),
    ),
    keep: (next, stored) => keepMasked(next, stored, masked),
  };
}

/** A body that says everything about the entity of this id; the id itself may be left out. */
export function readWhole(type: EntityType, id: string, body: Values, caller: Caller): Values {
  const rest = withoutOwnId(body, id);
  if (Object.keys(rest).some((name) => fold(name) === 'id')) throw faults.otherId({ id });
  const address = type.key === 'client' ? { id } : {};
  const { id: _, ...named } = validate(type, { ...rest, ...address }, 'create', { trusted: isTrusted(caller) });
  return named;
}

const accessOf = (type: EntityType, name: string) =>
  Object.hasOwn(type.properties, name) ? type.properties[name]?.rules.access : undefined;

const isSettable = (type: EntityType, name: string): boolean => {
  const access = accessOf(type, name);
  return access === undefined || access === 'write';
};

/** Clients that send back what they read send its `id`; one that names another entity is left for validation to refuse. */
const withoutOwnId = (body: Values, id: string): Values =>
  Object.fromEntries(
    Object.entries(body).filter(
      ([name, value]) => !(fold(name) === 'id' && typeof value === 'string' && fold(value) === fold(id)),
    ),
  );
