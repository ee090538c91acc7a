import { madeOnce } from '../kernel/index.ts';
import { type EntityType, isUnbounded } from '../model/index.ts';
import type { NewRow, StoreTransaction } from '../store/index.ts';
import { faults } from './faults.ts';

/**
 * Bytes of one entity beside its media stream: of which there may be millions, and of which there are few. Entra's own limit is not
 * published, and is lower.
 */
const mostBytes = { many: 262_144, few: 1_048_576 } as const;
/**
 * Items of all collections and undeclared members of an entity of which there may be millions: each can be an entry of an index.
 * Entra allows 1200 in an application (https://learn.microsoft.com/entra/identity/users/directory-service-limits-restrictions).
 */
const mostItems = 2000;

type Values = Readonly<Record<string, unknown>>;

interface Extent {
  readonly bytes: number;
  readonly items: number;
}

/** A transaction that writes no entity larger than it may be. Its writes throw `directory.tooLarge`. */
export function bounded(transaction: StoreTransaction): StoreTransaction {
  const demand = ({ ref, values }: NewRow) => demandSize(ref.type, values);
  return {
    ...transaction,
    async insert(row, by) {
      demand(row);
      return transaction.insert(row, by);
    },
    async update(row, by, properties, ifMatch) {
      demand(row);
      return transaction.update(row, by, properties, ifMatch);
    },
  };
}

function demandSize(type: EntityType, values: Values): void {
  const extents = Object.entries(values).map(([name, value]) => ({ name, ...extentOf(type, name, value) }));
  const sumOf = (what: keyof Extent) => extents.reduce((sum, extent) => sum + extent[what], 0);
  const refuse = (what: keyof Extent) =>
    faults.tooLarge({ target: extents.toSorted((a, b) => b[what] - a[what])[0]?.name });
  const bytes = mostBytes[isUnbounded(type) ? 'many' : 'few'] + (type.stream?.maxBytes ?? 0);
  if (sumOf('bytes') > bytes) throw refuse('bytes');
  if (isUnbounded(type) && sumOf('items') > mostItems) throw refuse('items');
}

function extentOf(type: EntityType, name: string, value: unknown): Extent {
  const { bytes, items } = measure(value);
  const undeclared = !Object.hasOwn(type.properties, name) && !Array.isArray(value);
  return { bytes: name.length + bytes, items: items + (undeclared ? 1 : 0) };
}

/** Bytes of an entity, about as many as in JSON. */
export const bytesOf = madeOnce((entity: object): number => measure(entity).bytes);

/** Bytes about as many as in JSON, where no character is escaped: so a text that holds JSON is not counted twice. */
function measure(value: unknown): Extent {
  if (typeof value === 'string') return { bytes: Buffer.byteLength(value), items: 0 };
  if (typeof value !== 'object' || value === null) return { bytes: String(value).length, items: 0 };
  const names = Array.isArray(value) ? [] : Object.keys(value);
  const inner: readonly unknown[] = Object.values(value);
  let bytes = names.reduce((sum, name) => sum + name.length, inner.length);
  let items = inner.length - names.length;
  for (const one of inner) {
    const extent = measure(one);
    bytes += extent.bytes;
    items += extent.items;
  }
  return { bytes, items };
}
