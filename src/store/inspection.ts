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

/** Why a database is not opened whose tables may not be changed, and what to do; a sentence each. */
export const notMigrated = (state: Exclude<Inspection['state'], 'current'>): Pick<Defect, 'words' | 'cure'> => ({
  words: state === 'empty' ? 'it has no tables yet.' : 'its tables are not those of this version.',
  cure: "Run 'usher migrate up' with the same --database first.",
});
