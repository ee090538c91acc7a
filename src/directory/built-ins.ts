import type { Clock } from '../kernel/index.ts';
import { type EntityType, fold, isA, type Place, type Ref, restore } from '../model/index.ts';
import type { Row, StoreReader, Tenant } from '../store/index.ts';
import type { BuiltIn } from './behaviour.ts';
import type { Rules } from './rules.ts';

/** The version of an entity that is not stored; the store's own begin with 1. */
const builtInEtag = 'W/"0"';

export const isBuiltIn = (row: Row): boolean => row.etag === builtInEtag;

type Given = BuiltIn & { readonly type: EntityType };

/** The entities that behaviours say exist without being stored. */
export interface BuiltIns {
  /** Whether there can be any of the type, or of a type derived from it. Costs nothing when there cannot. */
  concern(type: EntityType): boolean;
  /** Those of a place, of the type and of types derived from it, as rows in the order their behaviours gave them; without late values. */
  at(type: EntityType, within: Place | undefined, reader: StoreReader): Promise<readonly Row[]>;
  get(ref: Ref, reader: StoreReader): Promise<Row | undefined>;
}

export function createBuiltIns(rules: Rules, tenant: Tenant, clock: Clock): BuiltIns {
  /** By their folded ids. */
  async function given(type: EntityType, within: Place | undefined, reader: StoreReader): Promise<Map<string, Given>> {
    const found = new Map<string, Given>();
    for (const rule of rules.withBuiltIns(type)) {
      const context = { tenant, clock, reader, ...(within ? { within } : {}) };
      for (const one of (await rule.builtIn?.(context)) ?? []) {
        const concrete = one.type ?? rule.type;
        const key = fold(one.id);
        if (isA(concrete, type) && !found.has(key)) found.set(key, { ...one, type: concrete });
      }
    }
    return found;
  }

  const rowOf = ({ id, type }: Given, within: Place | undefined, values: BuiltIn['values']): Row => ({
    id,
    type: type.name,
    etag: builtInEtag,
    ...(within ? { within } : {}),
    values: restore(type, values),
  });

  const concern = (type: EntityType): boolean => rules.withBuiltIns(type).length > 0;
  return {
    concern,
    async at(type, within, reader) {
      const found = await given(type, within, reader);
      return [...found.values()].map((one) => rowOf(one, within, one.values));
    },
    async get({ type, id, within }, reader) {
      if (!concern(type)) return undefined;
      const one = (await given(type, within, reader)).get(fold(id));
      return one && rowOf(one, within, { ...one.values, ...(await one.late?.()) });
    },
  };
}
