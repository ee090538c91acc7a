import type { Journey } from './journey.ts';

/** Keeps what happened in journeys, for whoever has to explain a sign-in. Never waits and never fails. */
export interface Recorder {
  /** It rests on a page and was stored as this revision: if nothing more is heard of it, it was abandoned. */
  rests(journey: Journey, revision: number): void;
  /** It has an ending and the host was told. */
  ended(journey: Journey): void;
  /** A request failed; the last movement says where. */
  failed(journey: Journey): void;
}
