import { system } from '../kernel/index.ts';
import { complete, type EntityType } from '../model/index.ts';
import type { Store } from '../store/index.ts';

type Values = Readonly<Record<string, unknown>>;

/** Inserts entries of a log in one transaction. */
export async function appendTo(
  store: Store,
  type: EntityType,
  entries: readonly Values[],
  nextId: () => string,
): Promise<void> {
  const rows = entries.map((entry) => ({ ref: { type, id: nextId() }, values: complete(type, entry) }));
  const by = system('log');
  await store.write(async (transaction) => {
    for (const row of rows) await transaction.insert(row, by);
  });
}
