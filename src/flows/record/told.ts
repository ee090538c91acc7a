import { Fault } from '../../kernel/index.ts';
import type { Message, Screen, Text } from '../screen.ts';
import type { Outcome } from '../step.ts';
import type { Traced } from './trace.ts';

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
    case 'back': {
      const { messages } = outcome;
      return { ...nothing, outcome: kind, messages: [...new Set(messages.flatMap(({ text }) => idsOf(text)))] };
    }
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
