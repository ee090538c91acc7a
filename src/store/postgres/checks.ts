import type { Defect } from '../inspection.ts';
import type { Place, Settings } from './settings.ts';

type Row = Readonly<Record<string, unknown>>;

/** One question to the database, with `$1`, `$2`, … for the values. */
export type Ask = (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

type Check = (ask: Ask, settings: Settings) => Promise<readonly Defect[]>;

const defect = (words: string, cure: string): Defect => ({ words, cure, minor: false });
const hint = (words: string, cure: string): Defect => ({ words, cure, minor: true });

/** Seconds. Servers go by the database's clock, clients and providers by those of the world. */
const mostClockDifference = 30;

const clock: Check = async (ask) => {
  const before = Date.now();
  const [found] = await ask('SELECT extract(epoch FROM clock_timestamp())::float8 AS now');
  const here = (before + Date.now()) / 2000;
  const seconds = Math.round(Math.abs(Number(found?.['now']) - here));
  if (seconds <= mostClockDifference) return [];
  return [hint(`its clock and the clock here differ by ${seconds} s.`, 'Let both machines keep time by NTP.')];
};

const isHere = ({ host }: Place): boolean => ['localhost', '127.0.0.1', '::1'].includes(host) || host.startsWith('/');

/** Told by the settings alone. */
export const encryption: Check = async (_, { places }) => {
  const away = places.filter((place) => !isHere(place));
  if (away.some(({ tls }) => tls === false))
    return [hint('the connection is not encrypted.', 'Use sslmode=verify-full.')];
  if (away.every(({ tls }) => tls !== false && tls.rejectUnauthorized !== false)) return [];
  return [
    hint(
      'the connection is encrypted, but anybody could be at its other end.',
      'Use sslmode=verify-full, with sslrootcert=FILE for an authority of your own.',
    ),
  ];
};

const ownTables: Check = async (ask, { schema }) => {
  const tables = await ask('SELECT tablename AS name FROM pg_tables WHERE schemaname = $1', [schema]);
  if (tables.length === 0) return [];
  if (!tables.some(({ name }) => name === 'usher_migration')) {
    return [defect(`its schema '${schema}' belongs to another program.`, 'Name another one with schema=NAME.')];
  }
  return [];
};

const rights: Check = async (ask, { schema, user, database }) => {
  const [found] = await ask(
    `SELECT has_database_privilege(current_database(), 'CREATE') AS make,
       (SELECT has_schema_privilege(oid, 'USAGE') AND has_schema_privilege(oid, 'CREATE')
        FROM pg_namespace WHERE nspname = $1) AS use`,
    [schema],
  );
  if (found?.['use'] === null && found['make'] !== true) {
    return [
      defect(
        `'${user}' may not make the schema '${schema}'.`,
        `On the server: CREATE SCHEMA "${schema}" AUTHORIZATION "${user}", in database '${database}'.`,
      ),
    ];
  }
  if (found?.['use'] === false) {
    return [
      defect(
        `'${user}' may not use the schema '${schema}'.`,
        `On the server: ALTER SCHEMA "${schema}" OWNER TO "${user}".`,
      ),
    ];
  }
  // A start may have to change a table, which only its owner can.
  const others = await ask(
    `SELECT c.relname AS name, pg_get_userbyid(c.relowner) AS owner FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'S') AND NOT pg_has_role(c.relowner, 'USAGE') ORDER BY 1`,
    [schema],
  );
  const [first] = others;
  if (first === undefined) return [];
  const more = others.length > 1 ? ` and ${others.length - 1} more` : '';
  const owner = String(first['owner']);
  return [
    defect(
      `'${user}' does not own table '${first['name']}'${more}; '${owner}' does.`,
      `On the server: GRANT "${owner}" TO "${user}", or REASSIGN OWNED BY "${owner}" TO "${user}".`,
    ),
  ];
};

const indexes: Check = async (ask, { schema }) => {
  const broken = await ask(
    `SELECT c.relname AS name FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
     JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND NOT i.indisvalid ORDER BY 1 LIMIT 10`,
    [schema],
  );
  return broken.map(({ name }) =>
    defect(`its index '${name}' is not valid.`, `On the server: REINDEX INDEX "${schema}"."${name}".`),
  );
};

/** One server needs a pool for reading, one for writing, and a connection for notices. */
const connections: Check = async (ask, { poolSize, user }) => {
  const needed = 2 * poolSize + 1;
  const [found] = await ask(
    `SELECT least(current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
       nullif((SELECT datconnlimit FROM pg_database WHERE datname = current_database()), -1),
       nullif((SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user), -1)) AS most`,
  );
  const most = Number(found?.['most']);
  if (most >= needed) return [];
  return [
    hint(
      `a server may need ${needed} connections, and '${user}' can have ${most}.`,
      `Lower pool_size, or raise max_connections or the limit of the account.`,
    ),
  ];
};

/** The settings without which an acknowledged write may be gone after a failure of the machine. */
const durability: Check = async (ask) => {
  const off = await ask(
    `SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'
     ORDER BY name`,
  );
  if (off.length === 0) return [];
  const names = off.map(({ name }) => name).join(', ');
  return [
    hint(
      `it can lose what it has acknowledged when its machine fails: off are ${names}.`,
      'Turn them on in postgresql.conf.',
    ),
  ];
};

/** In the order in which they are told. */
export const checks: readonly Check[] = [ownTables, rights, indexes, durability, connections, encryption, clock];
