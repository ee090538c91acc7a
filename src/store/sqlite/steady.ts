import { createLru } from '../../kernel/index.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Fragment } from '../sql/fragment.ts';
import { tableOf } from '../sql/layout.ts';

type Rows = readonly object[];

interface Answer {
  readonly rows: Rows;
  /** Characters, with those of the question. */
  readonly size: number;
}

/** Answers that are kept, characters of all of them, and of one. */
const most = { answers: 1_000, characters: 4_000_000, ofOne: 262_144 } as const;
/** What a row and its numbers are counted as. */
const around = 200;

/** Tables that a statement of this folder's vocabulary names: behind one of these words stands a table or the query of one. */
const named = /\b(?:FROM|JOIN|INTO|UPDATE)\s+("[^"]+"|\w+)/g;
/** Lists of values that are handed over. */
const noTables: ReadonlySet<string> = new Set(['json_each']);

const tablesIn = (text: string): readonly string[] =>
  [...text.matchAll(named)].map(([, name = '']) => name.replaceAll('"', '')).filter((name) => !noTables.has(name));

/**
 * Answers of what is asked often and seldom written: statements that read small families alone. No other process writes the
 * file, and every write of this one is told of here, so that what is kept is what would be read.
 */
export interface Steady {
  /** Whether all that the statement reads is of this kind. */
  reads(text: string): boolean;
  /** Whether the statement changes any of it. */
  writes(text: string): boolean;
  /** The answer that is kept, or else the one read. What is kept is frozen. */
  answer(statement: Fragment, read: () => Rows): Rows;
  /** Such a statement was carried out; what it did cannot be read yet. */
  wrote(): void;
  /** What was written can be read from now on. */
  shown(): void;
}

const sizeOf = (rows: Rows): number => rows.reduce((sum, row) => sum + around + lengthOf(row), 0);

const lengthOf = (row: object): number =>
  Object.values(row).reduce((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);

export function createSteady({ families }: Pick<Catalogue, 'families'>): Steady {
  const tables: ReadonlySet<string> = new Set(['link', ...families.filter(({ large }) => !large).map(tableOf)]);
  const kept = createLru<Answer>(most.answers);
  let characters = 0;
  let hasWritten = false;

  function forget(): void {
    kept.clear();
    characters = 0;
  }

  function keep(key: string, rows: Rows): void {
    const size = sizeOf(rows) + key.length;
    if (size > most.ofOne) return;
    if (characters + size > most.characters) forget();
    for (const row of rows) Object.freeze(row);
    characters += size;
    const gone = kept.set(key, { rows: Object.freeze(rows), size });
    characters -= gone?.size ?? 0;
  }

  return {
    reads(text) {
      const found = tablesIn(text);
      return text.startsWith('SELECT') && found.length > 0 && found.every((name) => tables.has(name));
    },
    writes: (text) => !text.startsWith('SELECT') && tablesIn(text).some((name) => tables.has(name)),
    answer({ sql, values }, read) {
      const key = `${sql}\n${JSON.stringify(values)}`;
      const known = kept.get(key);
      if (known) return known.rows;
      const rows = read();
      keep(key, rows);
      return rows;
    },
    wrote() {
      hasWritten = true;
    },
    shown() {
      if (hasWritten) forget();
      hasWritten = false;
    },
  };
}
