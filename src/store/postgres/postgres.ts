import { createCatalogue } from '../catalogue.ts';
import { usualLimits } from '../limits.ts';
import { logsOf, usualChangeRetentionDays } from '../retention.ts';
import type { Database, OpenOptions } from '../store.ts';
import { PostgresEngine } from './engine.ts';
import { migrate } from './migrate.ts';
import { numbersOf } from './numbers.ts';
import { openPools } from './pools.ts';
import { Primary } from './primary.ts';
import { settingsOf } from './settings.ts';
import { keepTime } from './time.ts';
import { unusable } from './trouble.ts';

/**
 * Any number of processes on one database. `postgres://USER:PASSWORD@HOST:PORT/DATABASE`; the parameters are in
 * docs/postgresql.md. Throws `store.unreachable`, `store.unusable`.
 */
export async function postgresDatabase(url: string, options: OpenOptions): Promise<Database> {
  return (await openPostgres(url, options)).database();
}

/** What the driver, Node or the server said, below the faults that tell it. */
const rootOf = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;

/** The engine itself, which also tells how often it began a transaction. Throws as above. */
export async function openPostgres(url: string, options: OpenOptions): Promise<PostgresEngine> {
  const settings = settingsOf(url);
  const { clock, observe, types, changeRetentionDays = usualChangeRetentionDays, limits = usualLimits } = options;
  const { migrate: may = 'always' } = options;
  const catalogue = createCatalogue(types);
  const logs = logsOf(catalogue);
  const ending = new AbortController();
  let ready = false;
  // Until then whoever opens is told, once and in full.
  const primary = new Primary(settings, observe);
  const pools = openPools(primary, (one) => ready && observe(one));
  try {
    if (primary.isOneOfSeveral) await primary.look();
    const numbers = await pools.with('writer', async (session) => {
      try {
        return numbersOf(
          settings.schema,
          await migrate(session, { schema: settings.schema, catalogue, clock, observe, migrate: may }),
        );
      } catch (error) {
        session.abandon();
        // As it is: what went wrong is told by the operator's words below, not by those of a request.
        throw new Error('the tables could not be made', { cause: error });
      }
    });
    await keepTime(pools, clock, ending.signal);
    const opened = await pools.with('reader', (session) => numbers.settled(session));
    ready = true;
    return new PostgresEngine({
      pools,
      primary,
      numbers,
      catalogue,
      clock,
      observe,
      changeRetentionDays,
      limits,
      logs,
      opened,
      ending,
    });
  } catch (error) {
    ending.abort();
    await pools.end();
    throw unusable(rootOf(error), settings, primary.place);
  }
}
