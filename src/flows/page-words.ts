import type { Value } from './localization/value.ts';
import type { Action, Field, Message, Text } from './screen.ts';

type Values = Readonly<Record<string, Value | Text>>;

/** The words of one page. */
export interface PageWords {
  word(name: string, values?: Values): Text;
  failure(name: string, values?: Values): Message;
  info(name: string, values?: Values): Message;
  /** The way back to the application. */
  readonly cancel: Action;
}

export function wordsOf(screenId: string): PageWords {
  const word = (name: string, values?: Values): Text => ({
    id: `${screenId}.${name}`,
    ...(values ? { values } : {}),
  });
  return {
    word,
    failure: (name, values) => ({ tone: 'error', text: word(name, values) }),
    info: (name, values) => ({ tone: 'info', text: word(name, values) }),
    cancel: { name: 'cancel', label: word('button_cancel'), style: 'secondary' },
  };
}

/** A field for a code; `error` is what was wrong with the last one. */
export const codeField = (name: string, label: Text, error?: Text): Field => ({
  name,
  input: 'code',
  label,
  required: true,
  maxLength: 20,
  ...(error ? { errors: [error] } : {}),
});
