import { maskedUrl } from '../kernel/index.ts';
import type { EntityType } from '../model/index.ts';
import { faults } from './faults.ts';

/** Something that is wrong with a database, and what to do about it; a sentence each. */
export interface Defect {
  readonly words: string;
  readonly cure: string;
  /** A server runs all the same. */
  readonly minor: boolean;
}

/** What was found by looking into a database, without writing to it. */
export interface Inspection {
  /** What it is, in a few words, e.g. `PostgreSQL 18.4, schema usher`. */
  readonly about: string;
  /** Whether its tables are those that a start would make; `empty`: there are none. */
  readonly state: 'current' | 'other' | 'empty';
  readonly defects: readonly Defect[];
}

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
