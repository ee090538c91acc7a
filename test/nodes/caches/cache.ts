import type { Fleet } from '../fleet.ts';

/** Something that a node keeps in memory of what is in the database, and how it shows from outside. */
export interface Cache {
  /** The file that makes it. */
  readonly file: string;
  /** What is kept, for the name of a test. */
  readonly what: string;
  /** Makes whatever the probe needs. */
  readonly prepare: (fleet: Fleet) => Promise<Probe>;
}

/** Both ask whichever node the work is led to. Turns are numbered from 0, and each is another state. */
export interface Probe {
  change(turn: number): Promise<void>;
  /** Whether the node goes by that change. Asking makes it keep what it goes by. */
  sees(turn: number): Promise<boolean>;
  /** Closes what it has opened. */
  readonly end?: () => Promise<void>;
}

/** Even turns are one state, odd turns the other. */
export const isOdd = (turn: number): boolean => turn % 2 === 1;
