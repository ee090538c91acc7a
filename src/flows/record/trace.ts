import type { EpochSeconds } from '../../kernel/index.ts';
import type { Decision } from '../decision.ts';

/** One movement of a journey as it is kept: ids only, never a value that a person typed. Plain data; travels with the journey. */
export interface Traced {
  readonly at: EpochSeconds;
  readonly step: string;
  /** Absent when the step was entered. */
  readonly action?: string;
  readonly outcome: 'show' | 'next' | 'back' | 'leave' | 'refuse' | 'failed';
  readonly page?: string;
  /** Message ids of what the page complained of. */
  readonly messages: readonly string[];
  /** Names of the fields it complained of. */
  readonly fields: readonly string[];
  /** Names of the facts that were established. */
  readonly learned: readonly string[];
  readonly decisions: readonly Decision[];
  /** Code of the failure inside the server. */
  readonly fault?: string;
  readonly milliseconds: number;
}

/** A journey whose screen could not be shown. */
export const journeyUnshown = <J extends { readonly trace: readonly Traced[] }>(
  journey: J,
  fault: string,
  at: EpochSeconds,
): J => {
  const { step = '', page } = journey.trace.at(-1) ?? {};
  const told = { messages: [], fields: [], learned: [], decisions: [], milliseconds: 0 };
  const one: Traced = { ...told, at, step, outcome: 'failed', fault, ...(page === undefined ? {} : { page }) };
  return { ...journey, trace: extended(journey.trace, one) };
};

/** A journey is short; one that is not is kept with its beginning and its end. */
const longest = 100;

/** Adds one movement; in a long trace the middle is forgotten first. */
export const extended = (trace: readonly Traced[], one: Traced): readonly Traced[] =>
  trace.length < longest ? [...trace, one] : [...trace.slice(0, longest / 2), ...trace.slice(longest / 2 + 1), one];
