import type { Clock } from '../kernel/index.ts';
import { type EntityType, fold, isA, type Place, type Ref, restore } from '../model/index.ts';
import type { Row, StoreReader, Tenant } from '../store/index.ts';
import type { Rules } from './rules.ts';

/** The version of an entity that is not stored; the store's own begin with 1. */
const builtInEtag = 'W/"0"';

export const isBuiltIn = (row: Row): boolean => row.etag === builtInEtag;

/** The entities that behaviours say exist without being stored. */
export interface BuiltIns {
  /** Whether there can be any of the type, or of a type derived from it. Costs nothing when there cannot. */
  concern(type: EntityType): boolean;
  /** Those of a place, of the type and of types derived from it, as rows in the order their behaviours gave them. */
  at(type: EntityType, within: Place | undefined, reader: StoreReader): Promise<readonly Row[]>;
  get(ref: Ref, reader: StoreReader): Promise<Row | undefined>;
}

export function createBuiltIns(rules: Rules, tenant: Tenant, clock: Clock): BuiltIns {
  const builtIns: BuiltIns = {
    concern: (type) => rules.withBuiltIns(type).length > 0,
    async at(type, within, reader) {
      const place = within ? { within } : {};
      const rows = new Map<string, Row>();
      for (const rule of rules.withBuiltIns(type)) {
        for (const one of (await rule.builtIn?.({ tenant, clock, reader, ...place })) ?? []) {
          const concrete = one.type ?? rule.type;
          if (!isA(concrete, type) || rows.has(fold(one.id))) continue;
          const values = restore(concrete, one.values);
          rows.set(fold(one.id), { id: one.id, type: concrete.name, etag: builtInEtag, ...place, values });
        }
      }
      return [...rows.values()];
    },
    async get({ type, id, within }, reader) {
      if (!builtIns.concern(type)) return undefined;
      return (await builtIns.at(type, within, reader)).find((row) => fold(row.id) === fold(id));
    },
  };
  return builtIns;
}
