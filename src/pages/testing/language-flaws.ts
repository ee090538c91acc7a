import type { WordTable } from '../words.ts';
import { wrongScript } from './scripts.ts';

/** One language file as it lies there. */
export interface LanguageFile {
  readonly tag: string;
  readonly text: string;
}

/** Names of what is filled in. */
export const placeholdersOf = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))].sort();

/** What a translator writes: the text without placeholders and examples of addresses. */
const written = (text: string): string => text.replace(/\{\w*\}|\S+@[\w.]+/g, ' ');

const hasLetters = (text: string): boolean => /\p{L}/u.test(written(text));

/** The last sentence ends alike; Thai does without full stops. */
const endings: readonly (readonly [english: RegExp, translated: RegExp, name: string])[] = [
  [/\.$/, /[.。．।॥؟։…]["”’»」』)]?$/u, 'a full stop'],
  [/:$/, /[:：]$/u, 'a colon'],
  [/\?$/, /[?？؟;;]$/u, 'a question mark'],
  [/…$/, /(…|\.\.\.)$/u, 'an ellipsis'],
];

function wrongEnding(tag: string, text: string, english: string): string | undefined {
  const [, translated, name] = endings.find(([pattern]) => pattern.test(english)) ?? [];
  if (!translated || translated.test(text) || (tag === 'th' && name === 'a full stop')) return undefined;
  return `English ends with ${name}`;
}

/** Marks that no text needs: control characters, and what turns the direction of a text around. U+200C and U+200D join letters. */
const strayMarks = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]/u;

const forms: readonly (readonly [pattern: RegExp, flaw: string])[] = [
  [/^\s|\s$/u, 'a space at its beginning or end'],
  [/\s\s/u, 'two spaces in a row'],
  [strayMarks, 'a line break, control character or mark of direction'],
  [/<\/?[a-z!]|&(#\d+|#x[\da-f]+|[a-z]+\d*);/i, 'markup'],
  [/\*\*|__|\[[^\]]*\]\(/, 'markup'],
];

/** What no text of ours may have, in any language. */
export function wrongForm(text: string): string | undefined {
  if (text === '') return 'it is empty';
  const [, flaw] = forms.find(([pattern]) => pattern.test(text)) ?? [];
  if (flaw !== undefined) return flaw;
  return /[{}]/.test(text.replace(/\{\w+\}/g, '')) ? 'a brace that belongs to no placeholder' : undefined;
}

function wrongPlaceholders(text: string, english: string): string | undefined {
  const [has, needs] = [placeholdersOf(text), placeholdersOf(english)];
  return has.join() === needs.join()
    ? undefined
    : `it fills in ${has.join() || 'nothing'} instead of ${needs.join() || 'nothing'}`;
}

/** A text that reads as English, unless a reason says why. */
function untranslated(text: string, english: string, reason: string | undefined): string | undefined {
  if (text !== english) return reason === undefined ? undefined : 'it is listed as the same as English and is not';
  return hasLetters(english) && reason === undefined ? 'it is the same as in English' : undefined;
}

const flawOf = (tag: string, text: string, english: string, reason: string | undefined): string | undefined =>
  wrongForm(text) ??
  wrongPlaceholders(text, english) ??
  untranslated(text, english, reason) ??
  (reason === undefined ? wrongScript(tag, written(text)) : undefined) ??
  wrongEnding(tag, text, english);

/** Each id has a text in the order of the English file, so that two files can be read side by side and none stands twice. */
export const tidied = (table: WordTable, english: WordTable): string => {
  const kept = Object.keys(english).filter((id) => Object.hasOwn(table, id));
  return `${JSON.stringify(Object.fromEntries(kept.map((id) => [id, table[id]])), null, 2)}\n`;
};

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? { ...found } : undefined;
  } catch {
    return undefined;
  }
}

/** Everything that is wrong with a translation, one sentence each; none for one that can be trusted to be whole. */
export function languageFlaws(
  { tag, text }: LanguageFile,
  english: WordTable,
  same: Readonly<Record<string, string>> = {},
): readonly string[] {
  const table = parsed(text);
  if (!table) return ['the file: it is no JSON object'];
  const has = (id: string) => Object.hasOwn(table, id);
  const missing = Object.keys(english).filter((id) => !has(id));
  const obsolete = Object.keys(table).filter((id) => !Object.hasOwn(english, id));
  const flaws = Object.entries(english).flatMap(([id, original]) => {
    const own = table[id];
    if (!has(id)) return [];
    if (typeof own !== 'string') return [`${id}: it is no text`];
    const flaw = flawOf(tag, own, original, same[id]);
    return flaw === undefined ? [] : [`${id}: ${flaw}`];
  });
  const untidy = missing.length + obsolete.length === 0 && text !== tidied(table as WordTable, english);
  return [
    ...missing.map((id) => `${id}: it is missing`),
    ...obsolete.map((id) => `${id}: English has no such text`),
    ...flaws,
    ...Object.keys(same)
      .filter((id) => !Object.hasOwn(english, id))
      .map((id) => `${id}: listed as the same as English, which has no such text`),
    ...(untidy ? ['the file: its texts stand in another order than the English ones, or one stands twice'] : []),
  ];
}
