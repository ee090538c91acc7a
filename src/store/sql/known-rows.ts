import { settled } from '../../kernel/index.ts';
import type { Row } from '../store.ts';

/** Lists of members, rows for each, and characters of one: as much as pages that are looked at again and again have, some ten megabytes. */
const most = { lists: 4, rows: 3000, characters: 2048 } as const;
/** Contents of which it is remembered that they were read; what a long list passes by once is not worth keeping. */
const remembered = 16_384;
/** How much of what was asked lately counts, and the part of it that has to be known for `isUsual`. */
const [lately, usual] = [128, 0.75];

/** Where there is no room, one of so many takes another's place: what is asked for evenly would only drive each other out. */
const turns = 16;

type Names = readonly string[];

interface Known {
  readonly rows: Map<number, Row>;
  /** The part of what was asked lately that was there. */
  share: number;
}

/**
 * Members of rows that were read before, by the number of the write that made them what they are: no two writes of a database have the same, so
 * that what is kept can never be wrong, and nobody has to tell of changes. For engines where a number that was once read is never given
 * out again. Lists of members are told apart as objects.
 */
export interface KnownRows {
  find(only: Names, etag: number): Row | undefined;
  /** Whether to keep it: it has been read before, not long ago, and there is room, or it is its turn to take another's. `size`: characters it is read from. */
  isWorth(only: Names, etag: number, size: number): boolean;
  /** The row, which is settled from now on. Its values must hold on to nothing that they were read from. */
  keep(only: Names, etag: number, row: Row): Row;
  /** Most of what is asked for with these members is known. */
  isUsual(only: Names): boolean;
}

export function createKnownRows(): KnownRows {
  const lists = new Map<Names, Known>();
  const seen = new Float64Array(remembered);
  let turn = 0;

  function listOf(only: Names): Known {
    const known = lists.get(only) ?? { rows: new Map<number, Row>(), share: 0 };
    // The one used longest ago stands first.
    lists.delete(only);
    lists.set(only, known);
    const [oldest] = lists.keys();
    if (lists.size > most.lists && oldest) lists.delete(oldest);
    return known;
  }

  return {
    find(only, etag) {
      const known = lists.get(only);
      const row = known?.rows.get(etag);
      if (known) known.share += ((row ? 1 : 0) - known.share) / lately;
      return row;
    },
    isWorth(only, etag, size) {
      const place = etag % remembered;
      const isAgain = seen[place] === etag;
      seen[place] = etag;
      if (!isAgain || size > most.characters) return false;
      if ((lists.get(only)?.rows.size ?? 0) < most.rows) return true;
      turn = (turn + 1) % turns;
      return turn === 0;
    },
    keep(only, etag, row) {
      const { rows } = listOf(only);
      const kept = Object.freeze({ ...row, values: settled(row.values) });
      rows.set(etag, kept);
      const [oldest] = rows.size > most.rows ? rows.keys() : [];
      if (oldest !== undefined) rows.delete(oldest);
      return kept;
    },
    isUsual: (only) => (lists.get(only)?.share ?? 0) > usual,
  };
}
