/** Code that keeps something out, and the test that has to notice when it is gone. */
export interface Guard {
  /** Of `classes.ts`. */
  readonly attack: number;
  readonly file: string;
  /** As it stands in the file, exactly once. */
  readonly code: string;
  /** What stands there when nobody guards any more. It still has to load. */
  readonly without: string;
  /** The file of the test, and a part of the names of those of its tests that are run; absent: all of them. */
  readonly test: string;
  readonly named?: string;
}

/** One line that tells guards apart, for people and for the command line. */
export const titleOf = ({ attack, file, code }: Guard): string =>
  `${attack} ${file}: ${code.replace(/\s+/g, ' ').trim().slice(0, 60)}`;
