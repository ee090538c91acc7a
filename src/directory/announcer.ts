import type { Observe } from '../kernel/index.ts';
import { type EntityType, isA, typeByName } from '../model/index.ts';
import type { Change } from '../store/index.ts';

type Listener = (change: Change) => void;

/** Tells the listeners of one tenant what has been committed. */
export interface Announcer {
  listen(type: EntityType, listener: Listener): () => void;
  /** Changes of this process: observed, then told. */
  publish(changes: readonly Change[]): void;
  /** A change of another process, which has observed it itself. Changes of other tenants are ignored. */
  receive(change: Change): void;
}

export function createAnnouncer(tenantId: string, observe: Observe): Announcer {
  const subscriptions = new Set<{ readonly type: EntityType; readonly listener: Listener }>();

  const failed = (error: unknown): void =>
    observe({ kind: 'warning', message: 'A listener of directory changes failed.', error });

  function tell(change: Change): void {
    // A type this process does not know can come from a newer one beside it; then only the root tells whom it concerns.
    const touched = [change.type, change.root?.type].map((name) => name && typeByName(name));
    for (const { type, listener } of [...subscriptions]) {
      if (touched.some((one) => one && isA(one, type))) call(listener, change, failed);
    }
  }

  return {
    listen(type, listener) {
      const subscription = { type, listener };
      subscriptions.add(subscription);
      return () => void subscriptions.delete(subscription);
    },
    publish(changes) {
      for (const change of changes) {
        const { type, key, verb } = change;
        observe({ kind: 'directory.changed', tenantId, type, key, verb, by: change.by.kind });
        tell(change);
      }
    },
    receive(change) {
      if (change.tenantId === tenantId) tell(change);
    },
  };
}

/** The write is committed, so a listener that fails cannot undo it; it is reported and the next one is called. */
function call(listener: Listener, change: Change, failed: (error: unknown) => void): void {
  try {
    // An async function fits the listener type as well, and its failure must not end the process.
    const result: unknown = listener(change);
    if (result instanceof Promise) result.catch(failed);
  } catch (error) {
    failed(error);
  }
}
