/** The test that holds a class: its file, and its name or the part of it that all its variants share. */
export interface Proof {
  readonly file: string;
  readonly named: string;
}

/** A way in that stood open somewhere, and what keeps it shut here. */
export interface AttackClass {
  readonly number: number;
  /** As it is known in public. */
  readonly known: readonly string[];
  readonly at: string;
  readonly happened: string;
  readonly heldBy: readonly Proof[];
}

export const held = (file: string, named: string): Proof => ({ file, named });
