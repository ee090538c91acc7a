/** Something that is wrong with a database, and what to do about it; a sentence each. */
export interface Defect {
  readonly words: string;
  readonly cure: string;
  /** A server runs all the same. */
  readonly minor: boolean;
}

/**
 * Whether the tables are those that a migration would make: `newer` are those of a later version, on which this one may work too; `other`, those
 * of another one; `empty`: there are none.
 */
export type State = 'current' | 'newer' | 'other' | 'empty';

/** A server of this version runs on them. */
export const isInOrder = (state: State): state is 'current' | 'newer' => state === 'current' || state === 'newer';

/** What was found by looking into a database, without writing to it. */
export interface Inspection {
  /** What it is, in a few words, e.g. `PostgreSQL 18.4, schema usher`. */
  readonly about: string;
  readonly state: State;
  readonly defects: readonly Defect[];
}

/** Why a database is not opened whose tables may not be changed, and what to do; a sentence each. */
export const notMigrated = (state: Exclude<State, 'current' | 'newer'>): Pick<Defect, 'words' | 'cure'> => ({
  words: state === 'empty' ? 'it has no tables yet.' : 'its tables are not those of this version.',
  cure: "Run 'usher migrate up' with the same --database first.",
});
