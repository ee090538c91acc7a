import { maskedUrl } from '../kernel/index.ts';
import { faults } from './faults.ts';
import type { Database, OpenOptions } from './store.ts';

type Open = (url: string, options: OpenOptions) => Promise<Database>;

/** URL scheme -> engine. Imported on demand, so an unused driver is never loaded. */
const engines: Readonly<Record<string, Open>> = {
  'memory:': async (_, options) => (await import('./memory/memory.ts')).memoryDatabase(options),
  'postgres:': async (url, options) => (await import('./postgres/postgres.ts')).postgresDatabase(url, options),
  'postgresql:': async (url, options) => (await import('./postgres/postgres.ts')).postgresDatabase(url, options),
  'sqlite:': async (url, options) => (await import('./sqlite/sqlite.ts')).sqliteDatabase(url, options),
};

/** Opens `memory:`, `sqlite:PATH` or `postgres://…`. Throws `store.unknownEngine`, `store.unusable`, `store.unreachable`. */
export async function openDatabase(url: string, options: OpenOptions): Promise<Database> {
  const open = engines[url.slice(0, url.indexOf(':') + 1)];
  if (!open) throw faults.unknownEngine({ url: maskedUrl(url) });
  return open(url, options);
}
