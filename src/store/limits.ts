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

/** Rows that are looked at in a few milliseconds. A window of 4,500, each row of it judged by what it holds, took up to 450 ms on a busy machine. */
export const shortStretch = 500;

/** The same amounts in short stretches, for where a statement keeps everybody waiting: between two of them others get their turn. */
export const inTurns = (limits: Limits): Limits => {
  const short = (size: number) => Math.min(size, shortStretch / 2);
  return { ...limits, window: { first: short(limits.window.first), next: short(limits.window.next) } };
};
