/** How much is examined for one answer. */
export interface Limits {
  /** Rows of a list that are sorted; when more match, one in a few hundred does, and an order is rather walked. */
  readonly listed: number;
  /** Rows of the first window of a walk, and of those that follow. */
  readonly window: { readonly first: number; readonly next: number };
  /** Rows walked over for one page, and for one number of all matches. */
  readonly walked: { readonly page: number; readonly count: number };
}

export const usualLimits: Limits = {
  listed: 2000,
  window: { first: 500, next: 4500 },
  walked: { page: 14_000, count: 200_000 },
};

/**
 * Where a statement keeps everybody waiting: windows that are passed over in a few milliseconds each, between which others get their turn.
 * A window of the usual size, each row of it judged by what it holds, took up to 450 ms on a busy machine.
 */
export const inTurnsLimits: Limits = { ...usualLimits, window: { first: 250, next: 250 } };
