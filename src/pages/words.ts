import { readFileSync } from 'node:fs';
import type { Text, Words } from '../flows/index.ts';

/** English text, or that of another language, by message id. `{name}` is replaced by the value of that name. */
export type WordTable = Readonly<Record<string, string>>;

/** Every language the pages speak: one line and one file each. */
const tags = ['en'] as const;

/** What is spoken when the person wants none of our languages, and for an id that a language lacks. */
const fallback = 'en';

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur']);

export interface Language {
  /** RFC 5646, as the file is named. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
}

export interface Languages extends Words {
  /** The first wanted language there is, by lookup (RFC 4647 §3.4): `de-AT` is served by `de`. */
  choose(locales: readonly string[]): Language;
}

export function readLanguages(): ReadonlyMap<string, WordTable> {
  return new Map(
    tags.map((tag): [string, WordTable] => [
      tag,
      JSON.parse(readFileSync(new URL(`./languages/${tag}.json`, import.meta.url), 'utf8')) as WordTable,
    ]),
  );
}

/** `de-Latn-AT` → `de-latn-at`, `de-latn`, `de`. */
function ranges(locale: string): readonly string[] {
  const parts = locale.toLowerCase().split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

/** Translates message ids. An id nobody knows is shown as it is: a page with an odd word is better than none. */
export function createWords(tables: ReadonlyMap<string, WordTable> = readLanguages()): Languages {
  const choose = (locales: readonly string[]): Language => {
    const tag = locales.flatMap(ranges).find((range) => tables.has(range)) ?? fallback;
    return { tag, direction: rightToLeft.has(tag.split('-', 1)[0] ?? '') ? 'rtl' : 'ltr' };
  };
  return {
    choose,
    text(id, values, locales) {
      const found = [choose(locales).tag, fallback]
        .map((tag) => tables.get(tag))
        .find((table) => table?.[id] !== undefined);
      return (found?.[id] ?? id).replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
    },
  };
}

/** The words of one page: one language, chosen once. */
export interface Voice extends Language {
  say(id: string, values?: Readonly<Record<string, string>>): string;
  tell(text: Text): string;
}

export function createVoice(words: Languages, locales: readonly string[]): Voice {
  const language = words.choose(locales);
  const say: Voice['say'] = (id, values = {}) => words.text(id, values, [language.tag]);
  const tell = (text: Text): string => {
    if ('literal' in text) return text.literal;
    const values = Object.entries(text.values ?? {}).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : tell(value),
    ]);
    return say(text.id, Object.fromEntries(values));
  };
  return { ...language, say, tell };
}
