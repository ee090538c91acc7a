import type { Clock } from '../../kernel/index.ts';
import type { Catalogue } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { faults } from '../faults.ts';
import type { Tenant, Tenants } from '../store.ts';
import { type Fragment, quoted, sql } from './fragment.ts';
import { tableOf, tupleTableOf } from './layout.ts';
import { hasPostings, postingTableOf } from './posting.ts';
import { all, first, run, type Script } from './script.ts';

interface TenantColumns {
  readonly id: string;
  readonly display_name: string;
  readonly created: number;
}

interface DomainColumns {
  readonly tenant: string;
  readonly name: string;
}

export interface TenantParts {
  /** Sees what is committed. */
  readonly read: <T>(script: () => Script<T>) => Promise<T>;
  /** In a transaction of its own. */
  readonly write: <T>(script: () => Script<T>) => Promise<T>;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  /** Tells other processes that share the database, where there can be any. */
  readonly tell?: (id: string) => Script<unknown>;
}

export function sqlTenants({ read, write, catalogue, clock, tell }: TenantParts): Tenants {
  return {
    list: () => read(listAll),
    find: (idOrDomain) => read(() => find(foldText(idOrDomain))),
    create: ({ id, domains, displayName }) =>
      write(() => create({ id: foldText(id), domains: domains.map(foldText), displayName, created: clock.now() })),
    async remove(given) {
      const id = foldText(given);
      for (const table of tablesOf(catalogue)) while ((await write(() => removeSome(table, id))) >= mostRemoved);
      return write(function* () {
        const removed = yield* remove(catalogue, id);
        if (removed && tell) yield* tell(id);
        return removed;
      });
    },
  };
}

const byId = (id: string): Fragment => sql('SELECT id, display_name, created FROM tenant WHERE id = ?', id);

function* listAll(): Script<readonly Tenant[]> {
  const found = yield* all<TenantColumns>(sql('SELECT id, display_name, created FROM tenant ORDER BY number'));
  const named = yield* all<DomainColumns>(sql('SELECT tenant, name FROM domain ORDER BY tenant, position'));
  const domains = Map.groupBy(named, ({ tenant }) => tenant);
  return found.map((tenant) => toTenant(tenant, domains.get(tenant.id) ?? []));
}

function* find(name: string): Script<Tenant | undefined> {
  const found =
    (yield* first<TenantColumns>(byId(name))) ??
    (yield* first<TenantColumns>(
      sql(
        `SELECT t.id, t.display_name, t.created FROM domain AS d JOIN tenant AS t ON t.id = d.tenant WHERE d.name = ?`,
        name,
      ),
    ));
  if (!found) return undefined;
  return toTenant(found, yield* all(sql('SELECT name FROM domain WHERE tenant = ? ORDER BY position', found.id)));
}

function* create(tenant: Tenant): Script<Tenant> {
  const { id, domains, displayName, created } = tenant;
  if (yield* first(byId(id))) throw faults.exists({ property: 'id' });
  for (const name of domains) if (yield* find(name)) throw faults.exists({ property: 'domains' });
  yield* run(sql('INSERT INTO tenant (id, display_name, created) VALUES (?, ?, ?)', id, displayName, created));
  for (const [position, name] of domains.entries()) {
    yield* run(sql('INSERT INTO domain (name, tenant, position) VALUES (?, ?, ?)', name, id, position));
  }
  return tenant;
}

/** Rows of one transaction: a tenant may have millions, more than a database undoes or locks at once in the time that a write has. */
const mostRemoved = 5000;

/** Gives how many went; fewer than `mostRemoved` when nothing was left at that moment. */
function* removeSome({ name, key }: TenantTable, id: string): Script<number> {
  const table = quoted(name);
  const some = `SELECT ${key} FROM ${table} WHERE tenant = ? LIMIT ${mostRemoved}`;
  return yield* run(sql(`DELETE FROM ${table} WHERE tenant = ? AND (${key}) IN (${some})`, id, id));
}

/** What was written since its table was emptied, and the tenant itself. False when there was none. */
function* remove(catalogue: Catalogue, id: string): Script<boolean> {
  for (const { name } of tablesOf(catalogue)) yield* run(sql(`DELETE FROM ${quoted(name)} WHERE tenant = ?`, id));
  yield* run(sql('DELETE FROM domain WHERE tenant = ?', id));
  return (yield* run(sql('DELETE FROM tenant WHERE id = ?', id))) > 0;
}

/** A table with rows of tenants, and what tells those of one apart: the columns of an index, the tenant left out. */
interface TenantTable {
  readonly name: string;
  readonly key: string;
}

const tablesOf = (catalogue: Catalogue): readonly TenantTable[] => [
  ...catalogue.families.flatMap((family) => [
    { name: tableOf(family), key: 'row' },
    ...family.tuples.map((tuple) => ({ name: tupleTableOf(family, tuple), key: 'row' })),
    ...(hasPostings(family) ? [{ name: postingTableOf(family), key: 'name, value, row' }] : []),
  ]),
  { name: 'link', key: 'source, navigation, target' },
  { name: 'change', key: 'sequence' },
  { name: 'ephemeral_index', key: 'kind, name, value, id' },
  { name: 'ephemeral', key: 'kind, id' },
];

const toTenant = (
  { id, display_name: displayName, created }: TenantColumns,
  domains: readonly Pick<DomainColumns, 'name'>[],
): Tenant => ({ id, domains: domains.map(({ name }) => name), displayName, created });
