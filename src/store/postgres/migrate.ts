import type { Clock, Observe } from '../../kernel/index.ts';
import type { Catalogue } from '../catalogue.ts';
import { isInOrder, notMigrated } from '../inspection.ts';
import { quoted, sql } from '../sql/fragment.ts';
import { mayWorkOn, type Outline, writeOutline } from '../sql/outline.ts';
import { reconcile } from '../sql/reconcile.ts';
import type { Migrate } from '../store.ts';
import { postgresDefinitions } from './definitions.ts';
import { NotUsable } from './not-usable.ts';
import { checkServer, type ServerFacts, serverQuestion } from './server.ts';
import type { Session } from './session.ts';
import { type Found, lookInto, ownOutline, sequenceFor, tooNew } from './state.ts';
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
 * Brings the tables up to this build in one transaction, one process at a time; tables of a later build on which this one may work stay as they
 * are. Resolves to the name of the sequence: where tables are changed so that programs which run cannot follow, it gets another one, and they
 * write nothing any more that would leave a column or side table out. Throws `NotUsable`, or the driver's errors.
 */
export async function migrate(session: Session, options: MigrateOptions): Promise<string> {
  const [server] = await session.all<ServerFacts>(sql(serverQuestion));
  if (server) checkServer(server);
  const own = ownOutline(options.catalogue);
  const look = () => lookInto((statement) => session.all(statement), options.schema, own);
  if (options.migrate !== 'always') {
    const found = await look();
    if (found.sequence !== undefined && isInOrder(found.state)) return found.sequence;
    if (found.state !== 'empty' || options.migrate === 'never') throw refusal(found);
  }
  session.takeTime();
  await session.exec(`BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '${patience}'`);
  await session.run(sql('SELECT pg_advisory_xact_lock(?)', lock));
  const found = await look();
  const isReady = found.sequence !== undefined && isInOrder(found.state);
  const { name, taken } = isReady ? { name: found.sequence, taken: [] } : await change(session, options, found, own);
  await session.exec('COMMIT');
  const { observe } = options;
  for (const version of taken) observe({ kind: 'store.migrated', engine: 'postgres', from: version - 1, to: version });
  return name;
}

function refusal(found: Found): NotUsable {
  const { words, cure } = notMigrated(found.state === 'empty' ? 'empty' : 'other');
  return tooNew(found) ?? new NotUsable(words, cure);
}

async function change(session: Session, options: MigrateOptions, found: Found, own: Outline) {
  await ensureSchema(session, options.schema);
  const taken = await takeSteps(session, options, found);
  const isKept = found.sequence !== undefined && found.outline !== undefined && mayWorkOn(found.outline, own);
  const name = isKept ? found.sequence : sequenceFor(own);
  if (found.sequence === undefined)
    // The first number is drawn at once: until then PostgreSQL tells it as drawn although it is not.
    await session.exec(`CREATE SEQUENCE ${quoted(name)}; SELECT nextval('${name}')`);
  else if (name !== found.sequence)
    await session.exec(`ALTER SEQUENCE ${quoted(found.sequence)} RENAME TO ${quoted(name)}`);
  await session.play(reconcile(options.catalogue, postgresDefinitions));
  await session.exec('DELETE FROM program');
  await session.run(sql('INSERT INTO program (outline) VALUES (?)', writeOutline(own)));
  return { name, taken };
}

/** The right to make a schema is asked for only where there is none. */
async function ensureSchema(session: Session, schema: string): Promise<void> {
  const there = await session.all(sql('SELECT 1 FROM pg_namespace WHERE nspname = ?', schema));
  if (there.length === 0) await session.exec(`CREATE SCHEMA ${quoted(schema)}`);
}

/** Takes the numbered steps not yet taken; resolves to their numbers. */
async function takeSteps(
  session: Session,
  { schema, clock }: MigrateOptions,
  found: Found,
): Promise<readonly number[]> {
  const tables = await session.all<{ name: string }>(
    sql('SELECT tablename AS name FROM pg_tables WHERE schemaname = ?', schema),
  );
  if (tables.length > 0 && !tables.some(({ name }) => name === 'usher_migration')) {
    throw new NotUsable(`its schema '${schema}' belongs to another program.`, 'Name another one with schema=NAME.');
  }
  if (tables.length === 0)
    await session.exec('CREATE TABLE usher_migration (version bigint PRIMARY KEY, at bigint NOT NULL)');
  const refused = tooNew(found);
  if (refused) throw refused;
  const taken: number[] = [];
  for (const [index, { text }] of steps.entries()) {
    if (index < found.version) continue;
    await session.exec(text);
    await session.run(sql('INSERT INTO usher_migration (version, at) VALUES (?, ?)', index + 1, clock.now()));
    taken.push(index + 1);
  }
  return taken;
}
