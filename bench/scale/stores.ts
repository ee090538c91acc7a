import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent, systemClock } from '../../src/kernel/index.ts';
import { allTypes, entities } from '../../src/model/index.ts';
import { createCatalogue } from '../../src/store/catalogue.ts';
import { openDatabase } from '../../src/store/index.ts';
import { sqliteDialect } from '../../src/store/sqlite/dialect.ts';
import { startPostgres, testDatabase } from '../../test/support/postgres.ts';
import { startServe } from '../../test/support/serve.ts';
import { seeded, startUsher, type Usher } from '../../test/support/usher.ts';
import { deploymentOf } from '../deployed.ts';
import { postgresSink } from './fill-postgres.ts';
import { type Sink, sqliteSink } from './fill-sqlite.ts';
import { copierOf, createSamples, type Samples } from './people.ts';
import { Recorder } from './rows.ts';

/** An engine with room for stores of any size. */
export interface Place {
  readonly engine: string;
  /** An empty store. */
  make(): Promise<EmptyStore>;
  remove(): Promise<void>;
}

export interface EmptyStore {
  readonly databaseUrl: string;
  /** In development mode, with the seeded tenant and an outbox. */
  develop(): Promise<Usher>;
  /** As people run it: `usher serve`. */
  serve(): Promise<Usher>;
  sink(): Promise<Sink>;
}

/** No limit for a client that asks as fast as it can. */
const unlimited = (args: readonly string[]): readonly string[] => [
  ...['--throttling', 'none'],
  ...(args.includes('--limits') ? [] : ['--limits', 'none']),
  ...args,
];

/** `query`: of the database's URL, for those that serve. */
function startsOf(
  data: string,
  database: string,
  args: readonly string[],
  query = '',
): Pick<EmptyStore, 'develop' | 'serve'> {
  const deployed = deploymentOf(`${database}${query}`);
  return {
    develop: () =>
      startUsher({
        data,
        args: ['--encryption-key', deployed.key, ...unlimited(args)],
        database: async () => deployed.database,
      }),
    serve: () => startServe(deployed, { args: unlimited(args) }),
  };
}

type Opening = (args?: readonly string[], query?: string) => Promise<Place>;

/** `args`: more of the command that starts the server. `query`: of the database's URL. */
export const places = {
  async sqlite(args = [], query = '') {
    const folder = mkdtempSync(join(tmpdir(), 'usher-scale-'));
    return {
      engine: 'SQLite',
      async make() {
        const data = mkdtempSync(join(folder, 'store-'));
        const file = join(data, 'usher.db');
        return {
          databaseUrl: `sqlite:${file}`,
          ...startsOf(data, `sqlite:${file}`, args, query),
          sink: async () => sqliteSink(file),
        };
      },
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  async postgres(args = []) {
    const folder = mkdtempSync(join(tmpdir(), 'usher-scale-'));
    const server = await startPostgres({ durable: true });
    return {
      engine: 'PostgreSQL',
      async make() {
        const data = mkdtempSync(join(folder, 'store-'));
        const { url } = await testDatabase(server);
        return {
          databaseUrl: url,
          ...startsOf(data, url, args),
          sink: () => postgresSink(url),
        };
      },
      async remove() {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
} as const satisfies Readonly<Record<string, Opening>>;

const atOnce = 5000;

/** Fills a store with copies of people whom the API made, by the store's own script for an insertion. */
export async function fill(store: EmptyStore, size: number, progress: (done: number) => void): Promise<void> {
  const usher = await store.develop();
  const ids = await createSamples(usher).finally(() => usher.stop());
  const copy = copierOf(await storedSamples(store.databaseUrl, ids));
  const sink = await store.sink();
  // Every write on PostgreSQL leaves the name of its process; these leave none of one that runs.
  const process = store.databaseUrl.startsWith('postgres') ? { process: randomUUID() } : {};
  const parts = {
    tenantId: seeded.tenantId,
    catalogue: createCatalogue(allTypes()),
    dialect: sqliteDialect,
    clock: systemClock,
  };
  const recorder = new Recorder({ ...parts, ...process }, sink.number);
  for (let done = 0; done < size; ) {
    for (const end = Math.min(size, done + atOnce); done < end; done += 1) {
      const { id, values } = copy(done);
      recorder.add(id, values);
    }
    await sink.put(recorder.take());
    progress(done);
  }
  await sink.end(recorder.number);
}

async function storedSamples(url: string, ids: Samples) {
  const database = await openDatabase(url, { clock: systemClock, observe: silent, types: allTypes() });
  const read = async (id: string) => {
    const row = await database.tenant(seeded.tenantId).read((reader) => reader.get({ type: entities.user, id }));
    if (!row) throw new Error('A sample that the API made is not in the store.');
    return row;
  };
  try {
    return { local: await read(ids.local), federated: await read(ids.federated) };
  } finally {
    await database.close();
  }
}
