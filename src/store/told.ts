import { Fault, type Observe, type Trace, untraced } from '../kernel/index.ts';
import type { Database, Ephemeral, Store } from './store.ts';

/** To whom it is told how long the database took. */
export interface Telling {
  readonly observe: Observe;
  readonly trace?: Trace;
}

type Timed = <T>(operation: string, ask: () => Promise<T>) => Promise<T>;

const outcomeOf = (error: unknown): string => (error instanceof Fault ? error.code : 'failed');

/** Operations by name alone: neither what is asked nor what is answered is told. */
function timedOn(engine: string, { observe, trace = untraced }: Telling): Timed {
  const tell = (operation: string, outcome: string, began: number): void =>
    observe({ kind: 'store.asked', operation, outcome, milliseconds: performance.now() - began });
  const timed: Timed = async (operation, ask) => {
    const began = performance.now();
    try {
      const value = await ask();
      tell(operation, 'ok', began);
      return value;
    } catch (error) {
      tell(operation, outcomeOf(error), began);
      throw error;
    }
  };
  if (trace === untraced) return timed;
  return (operation, ask) => {
    const facts = { 'db.system.name': engine, 'db.operation.name': operation };
    return trace.span({ name: `store ${operation}`, kind: 'client', facts }, () => timed(operation, ask));
  };
}

const toldEphemeral = (inner: Ephemeral, timed: Timed): Ephemeral => ({
  put: (kind, record, ifRevision) => timed('ephemeral.put', () => inner.put(kind, record, ifRevision)),
  get: (kind, id) => timed('ephemeral.get', () => inner.get(kind, id)),
  findBy: (kind, index, value) => timed('ephemeral.findBy', () => inner.findBy(kind, index, value)),
  consume: (kind, id) => timed('ephemeral.consume', () => inner.consume(kind, id)),
  together: (writes, answered) => timed('ephemeral.together', () => inner.together(writes, answered)),
  take: (kind, id, answered) => timed('ephemeral.take', () => inner.take(kind, id, answered)),
  increment: (kind, id, ttlSeconds, answered) =>
    timed('ephemeral.increment', () => inner.increment(kind, id, ttlSeconds, answered)),
  remove: (kind, id) => timed('ephemeral.remove', () => inner.remove(kind, id)),
  drop: (kinds, index, value) => timed('ephemeral.drop', () => inner.drop(kinds, index, value)),
});

const toldStore = (inner: Store, timed: Timed): Store => ({
  tenantId: inner.tenantId,
  read: (run) => timed('read', () => inner.read(run)),
  write: (run) => timed('write', () => inner.write(run)),
  ephemeral: toldEphemeral(inner.ephemeral, timed),
  changes: (query) => timed('changes', () => inner.changes(query)),
  sequence: () => timed('sequence', () => inner.sequence()),
});

/** The same database, which tells how long tenants waited for it. */
export function toldDatabase(inner: Database, telling: Telling): Database {
  const timed = timedOn(inner.engine, telling);
  return { ...inner, tenant: (id) => toldStore(inner.tenant(id), timed) };
}
