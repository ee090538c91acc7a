import { createHash } from 'node:crypto';
import { type Fragment, quoted, sql } from '../sql/fragment.ts';
import type { Session } from './session.ts';

/**
 * The database's one sequence, and how a reader knows that it has seen every change up to a number.
 *
 * Numbers are drawn before a transaction commits, so a lower one may appear after a higher one. Therefore a transaction, before
 * it draws its first, takes a shared advisory lock on the last number drawn so far: all it will draw are greater. Locks end
 * after the commit can be seen. A reader takes the last number drawn, L, and then the least number locked, F. Whoever drew a
 * number up to L did so before L was read, and took its lock before that; so either the lock is among those seen, and the number
 * is greater than F, or the transaction had ended, and a statement that begins now sees what it wrote. Up to the lesser
 * of L and F, nothing can appear any more. What is told is the last change up to there: a number that was drawn for nothing may be drawn again
 * after a crash or by a standby that is promoted, that of a change never, and whoever had read up to the first would miss the second.
 */
export interface Numbers {
  /** Begins a serializable transaction; resolves to the first numbers of its own, ascending: as many as an entity and what is told of it take. */
  begin(session: Session): Promise<number[]>;
  /** Further numbers for a transaction, ascending; asked for while a script has its turn. */
  readonly more: Fragment;
  /** The last change up to which nothing can appear any more for statements that begin afterwards; 0 where nothing has ever changed. */
  settled(session: Session): Promise<number>;
}

const drawnAtOnce = 8;
const drawnAtFirst = 4;
/** Lock keys are 64 bits: the name of the schema, so that two in one database do not wait for each other, and 48 of the number. */
const numberBits = 48n;

export function numbersOf(schema: string, sequence: string): Numbers {
  const space = BigInt(createHash('sha256').update(schema).digest().readUInt16BE() & 0x7fff) << numberBits;
  const end = space + (1n << numberBits);
  const lock = `SELECT pg_advisory_xact_lock_shared(${space} + last_value) FROM ${quoted(sequence)}`;
  const draw = (count: number): string => `SELECT nextval('${sequence}') AS number FROM generate_series(1, ${count})`;
  const key = '(l.classid::bigint << 32 | l.objid::bigint)';
  const locked = `SELECT min(${key}) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
    WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND d.datname = current_database()
      AND ${key} >= ${space} AND ${key} < ${end} AND ${key} <= ${space} + s.last_value`;
  // The inner queries need the outer row, so they run after the sequence was read.
  const below = `SELECT c.sequence FROM change AS c WHERE c.sequence <= least(s.last_value, (${locked}) - ${space})`;
  const forgotten = "SELECT value FROM counter WHERE name = 'forgotten'";
  const settled = sql(
    `SELECT greatest((${below} ORDER BY c.sequence DESC LIMIT 1), (${forgotten}), 0) AS settled FROM ${quoted(sequence)} AS s`,
  );
  return {
    async begin(session) {
      const results = await session.exec(`BEGIN ISOLATION LEVEL SERIALIZABLE; ${lock}; ${draw(drawnAtFirst)}`);
      return (results.at(-1)?.rows ?? []).map((row: { readonly number: unknown }) => Number(row.number));
    },
    more: sql(draw(drawnAtOnce)),
    async settled(session) {
      const [found] = await session.all<{ settled: number }>(settled);
      return found?.settled ?? 0;
    },
  };
}
