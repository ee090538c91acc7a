import type { EntityType, Filter, Version } from '../../model/index.ts';
import { bind, entityScope } from './bind.ts';
import { parseFilter } from './filter-syntax.ts';

/**
 * Reads `$filter` for a type: names become the declared ones, literals become values of the property's type. `now`: seconds since
 * 1970. Throws `graph.badFilter`, `graph.unknownProperty`, `graph.unsupportedFilter`, `graph.notIndexed`.
 */
export const readFilter = (text: string, type: EntityType, version: Version, now: number): Filter =>
  bind(parseFilter(text), entityScope(type, version, now));
