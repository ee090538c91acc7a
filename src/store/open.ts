import { maskedUrl } from '../kernel/index.ts';
import type { EntityType } from '../model/index.ts';
import { faults } from './faults.ts';
import type { Inspection } from './inspection.ts';
import type { Database, OpenOptions } from './store.ts';
import { toldDatabase } from './told.ts';

interface Engine {
  open(url: string, options: OpenOptions): Promise<Database>;
  inspect(url: string, types: readonly EntityType[]): Promise<Inspection | undefined>;
}

// Imported on demand, so an unused driver is never loaded.
const memory: Engine = {
  open: async (_, options) => (await import('./memory/memory.ts')).memoryDatabase(options),
  inspect: async () => undefined,
};

const sqlite: Engine = {
  open: async (url, options) => (await import('./sqlite/sqlite.ts')).sqliteDatabase(url, options),
  inspect: async (url, types) => (await import('./sqlite/inspect.ts')).inspectSqlite(url, types),
};

const postgres: Engine = {
  open: async (url, options) => (await import('./postgres/postgres.ts')).postgresDatabase(url, options),
  inspect: async (url, types) => (await import('./postgres/inspect.ts')).inspectPostgres(url, types),
};

/** By the scheme of the URL. */
const engines: Readonly<Record<string, Engine>> = {
  'memory:': memory,
  'postgres:': postgres,
  'postgresql:': postgres,
  'sqlite:': sqlite,
};

function engineOf(url: string): Engine {
  const engine = engines[url.slice(0, url.indexOf(':') + 1)];
  if (!engine) throw faults.unknownEngine({ url: maskedUrl(url) });
  return engine;
}

/** Opens `memory:`, `sqlite:PATH` or `postgres://…`. Throws `store.unknownEngine`, `store.unusable`, `store.unreachable`. */
export async function openDatabase(url: string, options: OpenOptions): Promise<Database> {
  return toldDatabase(await engineOf(url).open(url, options), options);
}

/**
 * Looks into a database that a server may have open. Undefined when there is none to look into yet. Throws
 * `store.unknownEngine`, `store.unreachable`, and `store.unusable` for what is no database.
 */
export async function inspectDatabase(url: string, types: readonly EntityType[]): Promise<Inspection | undefined> {
  return engineOf(url).inspect(url, types);
}
