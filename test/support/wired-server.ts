import { testDatabase } from './postgres.ts';
import { type PostgresWire, startPostgresWire } from './postgres-wire.ts';
import { deployment, startServe } from './serve.ts';
import type { Usher } from './usher.ts';

/** A server whose way to PostgreSQL is in the hands of a test. */
export interface WiredServer {
  readonly usher: Usher;
  readonly way: PostgresWire;
  end(): Promise<void>;
}

/** It has no budgets, and tells of nothing but errors. */
export async function startWiredServer(): Promise<WiredServer> {
  const database = await testDatabase();
  const way = await startPostgresWire(database.url);
  const deployed = await deployment(database.url);
  const args = ['--limits', 'none', '--log-level', 'error'];
  const usher = await startServe({ ...deployed, database: way.over(database.url) }, { args });
  async function end(): Promise<void> {
    await usher.stop();
    await way.wire.close();
    await database.drop();
  }
  return { usher, way, end };
}
