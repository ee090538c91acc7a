import type { Journey } from './journey.ts';
import type { Decision, Outcome } from './step.ts';

/** One movement of a journey: which step, what the person pressed, what it came to. */
export interface Movement {
  readonly step: string;
  /** Absent when the step was entered. */
  readonly action?: string;
  readonly outcome: Outcome;
}

/** Keeps what happened in journeys, for whoever has to explain a sign-in. Never waits and never fails. */
export interface Recorder {
  began(journey: Journey): void;
  moved(journeyId: string, movement: Movement): void;
  decided(journeyId: string, step: string, decision: Decision): void;
  ended(journey: Journey): void;
}

export const noRecorder: Recorder = {
  began: () => undefined,
  moved: () => undefined,
  decided: () => undefined,
  ended: () => undefined,
};
