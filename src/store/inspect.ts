import { maskedUrl } from '../kernel/index.ts';
import type { EntityType } from '../model/index.ts';
import { faults } from './faults.ts';
import type { Inspection } from './inspection.ts';

/**
 * Looks into a database that a server may have open. Undefined when there is none to look into yet. Throws
 * `store.unknownEngine`, `store.unreachable`, and `store.unusable` for what is no database.
 */
export async function inspectDatabase(url: string, types: readonly EntityType[]): Promise<Inspection | undefined> {
  if (url === 'memory:') return undefined;
  if (/^postgres(ql)?:/.test(url)) return (await import('./postgres/inspect.ts')).inspectPostgres(url, types);
  if (!url.startsWith('sqlite:')) throw faults.unknownEngine({ url: maskedUrl(url) });
  const { inspectSqlite } = await import('./sqlite/inspect.ts');
  try {
    return inspectSqlite(url.slice('sqlite:'.length));
  } catch (cause) {
    throw faults.unusable({ url, reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
}
