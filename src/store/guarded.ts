import { faults } from './faults.ts';
import type { StoreTransaction } from './store.ts';

/** A transaction that refuses with `store.over` once it has ended, so that a forgotten `await` cannot write into another's. */
export function guarded(inner: StoreTransaction): { readonly transaction: StoreTransaction; end(): void } {
  let over = false;
  const open = <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (over) throw faults.over();
      return call(...args);
    };
  };
  const { ephemeral: e } = inner;
  const transaction: StoreTransaction = {
    get: open(inner.get),
    find: open(inner.find),
    linked: open(inner.linked),
    insert: open(inner.insert),
    update: open(inner.update),
    remove: open(inner.remove),
    link: open(inner.link),
    unlink: open(inner.unlink),
    ephemeral: {
      put: open(e.put),
      get: open(e.get),
      findBy: open(e.findBy),
      consume: open(e.consume),
      together: open(e.together),
      take: open(e.take),
      increment: open(e.increment),
      remove: open(e.remove),
      drop: open(e.drop),
    },
  };
  return {
    transaction,
    end() {
      over = true;
    },
  };
}
