import { maskedUrl } from '../kernel/index.ts';
import { faults } from './faults.ts';

/**
 * Checks the integrity of the database without writing: its findings, none when it is sound, undefined when there is none
 * yet. Throws `store.unknownEngine`, and `store.unusable` for what is no database.
 */
export async function inspectDatabase(url: string): Promise<readonly string[] | undefined> {
  if (url === 'memory:') return undefined;
  if (/^postgres(ql)?:/.test(url)) return (await import('./postgres/inspect.ts')).inspectPostgres(url);
  if (!url.startsWith('sqlite:')) throw faults.unknownEngine({ url: maskedUrl(url) });
  const { inspectSqlite } = await import('./sqlite/inspect.ts');
  try {
    return inspectSqlite(url.slice('sqlite:'.length));
  } catch (cause) {
    throw faults.unusable({ url, reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
}
