import type { Clock, Observe } from '../../kernel/index.ts';
import type { Catalogue } from '../catalogue.ts';
import { notMigrated } from '../inspection.ts';
import { quoted, sql } from '../sql/fragment.ts';
import { reconcile } from '../sql/reconcile.ts';
import type { Migrate } from '../store.ts';
import { postgresDefinitions } from './definitions.ts';
import { NotUsable } from './not-usable.ts';
import { checkServer, type ServerFacts, serverQuestion } from './server.ts';
import type { Session } from './session.ts';
import { sequenceName, stateOf } from './state.ts';
import { steps } from './steps.ts';

/** Held by the process that changes tables; any number that no other program is likely to use. */
const lock = 0x55534852;
/** How long a process waits for another one that changes tables, or for writes under way; then it gives up. */
const patience = '5min';

export interface MigrateOptions {
  readonly schema: string;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly migrate: Migrate;
}

/**
 * Brings the tables up to this build in one transaction, one process at a time. Resolves to the name of the sequence, which
 * tells the columns that the model asks for: a process that was started with another model finds no such sequence any more,
 * so it can write nothing that would leave a column or side table out. Throws `NotUsable`, or the driver's errors.
 */
export async function migrate(session: Session, options: MigrateOptions): Promise<string> {
  const { catalogue, observe } = options;
  const [server] = await session.all<ServerFacts>(sql(serverQuestion));
  if (server) checkServer(server);
  const wanted = sequenceName(catalogue);
  if (options.migrate !== 'always') {
    const state = await stateOf((statement) => session.all(statement), options.schema, wanted);
    if (state === 'current') return wanted;
    const { words, cure } = notMigrated(state);
    if (state === 'other' || options.migrate === 'never') throw new NotUsable(words, cure);
  }
  session.takeTime();
  await session.exec(`BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '${patience}'`);
  await session.run(sql('SELECT pg_advisory_xact_lock(?)', lock));
  await ensureSchema(session, options.schema);
  const taken = await takeSteps(session, options);
  const [found] = await session.all<{ name: string }>(
    sql(
      `SELECT sequencename AS name FROM pg_sequences WHERE schemaname = current_schema() AND sequencename LIKE 'sequence\\_%'`,
    ),
  );
  if (found?.name !== wanted) {
    if (found) await session.exec(`ALTER SEQUENCE ${quoted(found.name)} RENAME TO ${quoted(wanted)}`);
    // The first number is drawn at once: until then PostgreSQL tells it as drawn although it is not.
    else await session.exec(`CREATE SEQUENCE ${quoted(wanted)}; SELECT nextval('${wanted}')`);
    await session.play(reconcile(catalogue, postgresDefinitions));
  }
  await session.exec('COMMIT');
  for (const version of taken) observe({ kind: 'store.migrated', engine: 'postgres', from: version - 1, to: version });
  return wanted;
}

/** The right to make a schema is asked for only where there is none. */
async function ensureSchema(session: Session, schema: string): Promise<void> {
  const there = await session.all(sql('SELECT 1 FROM pg_namespace WHERE nspname = ?', schema));
  if (there.length === 0) await session.exec(`CREATE SCHEMA ${quoted(schema)}`);
}

/** Takes the numbered steps not yet taken; resolves to their numbers. */
async function takeSteps(session: Session, { schema, clock }: MigrateOptions): Promise<readonly number[]> {
  const tables = await session.all<{ name: string }>(
    sql('SELECT tablename AS name FROM pg_tables WHERE schemaname = ?', schema),
  );
  if (tables.length > 0 && !tables.some(({ name }) => name === 'usher_migration')) {
    throw new NotUsable(`its schema '${schema}' belongs to another program.`, 'Name another one with schema=NAME.');
  }
  if (tables.length === 0)
    await session.exec('CREATE TABLE usher_migration (version bigint PRIMARY KEY, at bigint NOT NULL)');
  const [last] = await session.all<{ version: number | null }>(
    sql('SELECT max(version) AS version FROM usher_migration'),
  );
  const from = last?.version ?? 0;
  if (from > steps.length) {
    throw new NotUsable(
      `it was written by a newer version (schema ${from}; this version knows up to ${steps.length}).`,
      'Run the newer version, or restore a copy from before.',
    );
  }
  const taken: number[] = [];
  for (const [index, step] of steps.entries()) {
    if (index < from) continue;
    await session.exec(step);
    await session.run(sql('INSERT INTO usher_migration (version, at) VALUES (?, ?)', index + 1, clock.now()));
    taken.push(index + 1);
  }
  return taken;
}
