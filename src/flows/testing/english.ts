import { readFileSync } from 'node:fs';
import { passwordMessages } from '../../identity/index.ts';
import type { Value } from '../localization/value.ts';
import type { Words } from '../step.ts';
import { flowWords } from '../words.ts';

const table = new Map<string, string>(
  Object.entries(JSON.parse(readFileSync(new URL('../../pages/languages/en.json', import.meta.url), 'utf8'))),
);

const textOf = (id: string): string => table.get(id) ?? table.get(`*${id.slice(id.lastIndexOf('.'))}`) ?? id;

const written = (value: Value | undefined): string =>
  typeof value === 'object' ? `${value.amount} ${value.unit}` : String(value ?? '');

const filled = (text: string, values: Readonly<Record<string, Value>>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => written(values[name]));

/** What journeys say in English, by message id. */
export const english: Readonly<Record<string, string>> = Object.fromEntries(
  [...flowWords, ...passwordMessages].map((id) => [id, textOf(id)]),
);

/** English for everybody; the pages own the real ones. */
export const englishWords: Words = {
  choose: () => ({ tag: 'en', direction: 'ltr' }),
  text: (id, values) => filled(textOf(id), values),
  fill: filled,
};
