import { type EpochSeconds, Fault } from '../../kernel/index.ts';
import type { Message, Screen, Text } from '../screen.ts';
import type { Decision, Outcome } from '../step.ts';

/** One movement of a journey as it is kept: ids only, never a value that a person typed. Plain data; travels with the journey. */
export interface Traced {
  readonly at: EpochSeconds;
  readonly step: string;
  /** Absent when the step was entered. */
  readonly action?: string;
  readonly outcome: Outcome['kind'] | 'failed';
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

/** A journey is short; one that is not is kept with its beginning and its end. */
const longest = 100;

/** Adds one movement; in a long trace the middle is forgotten first. */
export const extended = (trace: readonly Traced[], one: Traced): readonly Traced[] =>
  trace.length < longest ? [...trace, one] : [...trace.slice(0, longest / 2), ...trace.slice(longest / 2 + 1), one];

const idsOf = (text: Text): readonly string[] => ('id' in text ? [text.id] : []);

function complaintsOf({ messages, fields, verification }: Screen): Pick<Traced, 'messages' | 'fields'> {
  const said: readonly Message[] = [...messages, ...(verification?.messages ?? [])];
  const wrong = fields.filter(({ errors = [] }) => errors.length > 0);
  const errors = [
    ...said.filter(({ tone }) => tone === 'error').flatMap(({ text }) => idsOf(text)),
    ...wrong.flatMap(({ errors: texts = [] }) => texts.flatMap(idsOf)),
  ];
  return { messages: [...new Set(errors)], fields: wrong.map(({ name }) => name) };
}

const nothing = { messages: [], fields: [], learned: [] } as const;

/** What a movement came to, without what was said in it. */
export function toldOf(outcome: Outcome): Pick<Traced, 'outcome' | 'page' | 'messages' | 'fields' | 'learned'> {
  const { kind } = outcome;
  switch (kind) {
    case 'show':
      return { ...nothing, outcome: kind, page: outcome.screen.id, ...complaintsOf(outcome.screen) };
    case 'next':
      return { ...nothing, outcome: kind, learned: Object.keys(outcome.learned ?? {}) };
    case 'refuse':
      return { ...nothing, outcome: kind, messages: [outcome.refusal] };
    case 'leave':
      return { ...nothing, outcome: kind };
    default:
      return outcome satisfies never;
  }
}

/** A step that threw. */
export const failureOf = (error: unknown): Pick<Traced, 'outcome' | 'messages' | 'fields' | 'learned' | 'fault'> => ({
  ...nothing,
  outcome: 'failed',
  fault: error instanceof Fault ? error.code : 'internal',
});
