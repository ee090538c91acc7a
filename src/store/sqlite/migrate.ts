import type { Clock, Observe } from '../../kernel/index.ts';
import type { Catalogue } from '../catalogue.ts';
import { isInOrder, notMigrated } from '../inspection.ts';
import { sql } from '../sql/fragment.ts';
import { writeOutline } from '../sql/outline.ts';
import { reconcile } from '../sql/reconcile.ts';
import type { Migrate } from '../store.ts';
import type { Connection } from './connection.ts';
import { sqliteDefinitions } from './definitions.ts';
import { play } from './play.ts';
import { type Ask, ownOutline, stateOf, versionOf } from './state.ts';
import { steps } from './steps.ts';

/** Why a database cannot be brought up to date; a sentence for the operator. */
export class NotMigratable extends Error {}

/** Why a file is refused, as a sentence about it. */
export const anotherProgram = 'it belongs to another program.';
export const newerVersion = (version: number): string =>
  `it was written by a newer version (schema ${version}; this version knows up to ${steps.length}).`;

export function notMigratable(state: Parameters<typeof notMigrated>[0]): NotMigratable {
  const { words, cure } = notMigrated(state);
  return new NotMigratable(`${words} ${cure}`);
}

export interface MigrateOptions {
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly migrate: Migrate;
}

/** `USHR` in the file header: whose database it is (SQLite `application_id`). */
const applicationId = 0x55534852;

/**
 * Brings the tables up to this build: the numbered steps not yet taken, each in its own transaction, then the columns and
 * indexes the model asks for. Tables of a later build on which this one may work stay as they are. Throws `NotMigratable`, or the driver's errors.
 */
export function migrate(connection: Connection, { catalogue, clock, observe, migrate: may }: MigrateOptions): void {
  const ask: Ask = (statement) => connection.all(statement);
  const state = stateOf(ask, catalogue);
  if (isInOrder(state)) return;
  if (may !== 'always' && (state === 'other' || may === 'never')) throw notMigratable(state);
  refuseForeign(connection);
  connection.exec('CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT');
  const from = versionOf(ask) ?? 0;
  if (from > steps.length) {
    throw new NotMigratable(newerVersion(from));
  }
  for (const [index, { text }] of steps.entries()) {
    if (index < from) continue;
    inTransaction(connection, () => {
      connection.exec(text);
      connection.run(sql('INSERT INTO migration (version, at) VALUES (?, ?)', index + 1, clock.now()));
    });
    observe({ kind: 'store.migrated', engine: 'sqlite', from: index, to: index + 1 });
  }
  inTransaction(connection, () => {
    play(reconcile(catalogue, sqliteDefinitions), connection);
    connection.exec('DELETE FROM program');
    connection.run(sql('INSERT INTO program (outline) VALUES (?)', writeOutline(ownOutline(catalogue))));
  });
}

function refuseForeign(connection: Connection): void {
  const marked = connection.get<{ application_id: number }>(sql('PRAGMA application_id'))?.application_id;
  if (marked === applicationId) return;
  const tables = connection.get<{ n: number }>(sql('SELECT count(*) AS n FROM sqlite_schema'))?.n ?? 0;
  if (marked !== 0 || tables > 0) throw new NotMigratable(anotherProgram);
  connection.exec(`PRAGMA application_id = ${applicationId}`);
}

function inTransaction(connection: Connection, work: () => void): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    work();
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
