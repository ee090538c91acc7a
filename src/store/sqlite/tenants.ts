import type { Clock } from '../../kernel/index.ts';
import type { Catalogue } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { faults } from '../faults.ts';
import type { Tenant, Tenants } from '../store.ts';
import { type Connection, quoted, sql } from './connection.ts';
import { tableOf, tupleTableOf } from './layout.ts';

interface TenantColumns {
  readonly id: string;
  readonly display_name: string;
  readonly created: number;
}

export interface TenantParts {
  /** Sees what is committed. */
  readonly read: <T>(run: (connection: Connection) => T) => Promise<T>;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  /** Runs in line with all writes, in a transaction of its own. */
  readonly write: <T>(run: (connection: Connection) => T) => Promise<T>;
}

export function sqliteTenants({ read, catalogue, clock, write }: TenantParts): Tenants {
  return {
    list: () =>
      read((connection) =>
        connection
          .all<TenantColumns>(sql('SELECT id, display_name, created FROM tenant ORDER BY number'))
          .map((tenant) => withDomains(connection, tenant)),
      ),
    find: (idOrDomain) => read((connection) => find(connection, foldText(idOrDomain))),
    create: ({ id, domains, displayName }) =>
      write((connection) => {
        const tenant = { id: foldText(id), domains: domains.map(foldText), displayName, created: clock.now() };
        if (byId(connection, tenant.id)) throw faults.exists({ property: 'id' });
        if (tenant.domains.some((name) => find(connection, name))) throw faults.exists({ property: 'domains' });
        connection.run(
          sql(
            'INSERT INTO tenant (id, display_name, created) VALUES (?, ?, ?)',
            tenant.id,
            displayName,
            tenant.created,
          ),
        );
        for (const [position, name] of tenant.domains.entries()) {
          connection.run(
            sql('INSERT INTO domain (name, tenant, position) VALUES (?, ?, ?)', name, tenant.id, position),
          );
        }
        return tenant;
      }),
    remove: (id) =>
      write((connection) => {
        const tenantId = foldText(id);
        for (const table of tablesOf(catalogue)) {
          connection.run(sql(`DELETE FROM ${quoted(table)} WHERE tenant = ?`, tenantId));
        }
        return connection.run(sql('DELETE FROM tenant WHERE id = ?', tenantId)) > 0;
      }),
  };
}

/** Every table with rows of tenants. */
const tablesOf = (catalogue: Catalogue): readonly string[] => [
  ...catalogue.families.flatMap((family) => [
    tableOf(family),
    ...family.tuples.map((tuple) => tupleTableOf(family, tuple)),
  ]),
  ...['link', 'change', 'ephemeral', 'ephemeral_index', 'domain'],
];

const byId = (connection: Connection, id: string): TenantColumns | undefined =>
  connection.get<TenantColumns>(sql('SELECT id, display_name, created FROM tenant WHERE id = ?', id));

function find(connection: Connection, name: string): Tenant | undefined {
  const found =
    byId(connection, name) ??
    connection.get<TenantColumns>(
      sql(
        `SELECT t.id, t.display_name, t.created FROM domain AS d JOIN tenant AS t ON t.id = d.tenant WHERE d.name = ?`,
        name,
      ),
    );
  return found && withDomains(connection, found);
}

function withDomains(connection: Connection, { id, display_name: displayName, created }: TenantColumns): Tenant {
  const domains = connection.all<{ name: string }>(
    sql('SELECT name FROM domain WHERE tenant = ? ORDER BY position', id),
  );
  return { id, domains: domains.map(({ name }) => name), displayName, created };
}
