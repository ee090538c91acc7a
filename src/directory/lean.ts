import { sparse } from '../model/index.ts';
import type { NewRow, StoreTransaction } from '../store/index.ts';

/** A transaction that stores of an entity what reading it does not give back anyway. */
export const lean = (transaction: StoreTransaction): StoreTransaction => ({
  ...transaction,
  insert: (row, by) => transaction.insert(leanRow(row), by),
  update: (row, by, properties, ifMatch) => transaction.update(leanRow(row), by, properties, ifMatch),
});

const leanRow = ({ ref, values }: NewRow): NewRow => ({ ref, values: sparse(ref.type, values) });
