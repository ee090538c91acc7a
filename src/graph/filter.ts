import type { EntityType, Filter, Property, Version } from '../model/index.ts';
import { parseFilter } from './filter-syntax.ts';
import { bind, entityScope } from './options/bind.ts';

/** A property that a caller may know of at all; internal ones do not exist on the wire. */
export const visible = (property: Property): boolean => property.rules.access !== 'internal';

/**
 * Reads `$filter` for a type: names become the declared ones, literals become values of the property's type. `now`: seconds since
 * 1970. Throws `graph.badFilter`, `graph.unknownProperty`, `graph.unsupportedFilter`, `graph.notIndexed`.
 */
export const readFilter = (text: string, type: EntityType, version: Version, now: number): Filter =>
  bind(parseFilter(text), entityScope(type, version, now));
