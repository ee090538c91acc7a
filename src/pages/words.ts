import { readdirSync, readFileSync } from 'node:fs';
import { directionOf, type Language, lookup, type Text, type Value, type Words } from '../flows/index.ts';
import { createLru } from '../kernel/index.ts';

/**
 * The texts of one language by message id. `{name}` is replaced by the value of that name. An id `*.NAME` serves every
 * `{page}.NAME` that has no text of its own.
 */
export type WordTable = Readonly<Record<string, string>>;

/** Where tables come from. */
export interface Library {
  /** Tags of the languages there are, lower case. */
  readonly tags: readonly string[];
  /** Asked once for each tag, when it is first spoken. */
  read(tag: string): WordTable;
}

/** What is spoken when the person wants none of our languages, and for an id that a language lacks. */
const fallback = 'en';

/** Spellings of tags that browsers and applications send are without end. */
const tagsKept = 500;

const spokenAs = (tag: string): Language => ({ tag, direction: directionOf(tag) });

/** A file for each language in `languages/`, named by its tag. */
export function languageLibrary(): Library {
  const folder = new URL('./languages/', import.meta.url);
  return {
    tags: readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length)),
    read: (tag) => JSON.parse(readFileSync(new URL(`${tag}.json`, folder), 'utf8')) as WordTable,
  };
}

/** `localaccountsignup.heading` → `*.heading`. */
export const sharedId = (id: string): string => `*${id.slice(id.lastIndexOf('.'))}`;

/** Its own text, else the shared one. */
export function textIn(table: WordTable, id: string): string | undefined {
  const found = [id, sharedId(id)].find((one) => Object.hasOwn(table, one));
  return found === undefined ? undefined : table[found];
}

/** Writes values as a language does; formats are kept. */
function createNotation(): (tag: string, value: Value) => string {
  const formats = createLru<Intl.NumberFormat>(tagsKept);
  const formatOf = (tag: string, unit?: string): Intl.NumberFormat => {
    const key = `${tag} ${unit}`;
    const known = formats.get(key);
    if (known) return known;
    const made = new Intl.NumberFormat(tag, unit === undefined ? {} : { style: 'unit', unit, unitDisplay: 'long' });
    formats.set(key, made);
    return made;
  };
  return (tag, value) => {
    if (typeof value === 'string') return isolated(directionOf(tag), value);
    return typeof value === 'number' ? formatOf(tag).format(value) : formatOf(tag, value.unit).format(value.amount);
  };
}

/** Letters that are written in the other direction. */
const against: Readonly<Record<Language['direction'], RegExp>> = {
  ltr: /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u,
  rtl: /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u,
};

/** A name in letters of the other direction stays apart, so that it does not turn the words around it (UAX 9 §2.4, FSI and PDI). */
const isolated = (direction: Language['direction'], text: string): string =>
  against[direction].test(text) ? `\u2068${text}\u2069` : text;

/**
 * The places of a text filled in; one that no value is for stays as it is. `{0}`, `{1}`, … as administrators of B2C write them are the
 * values in their order.
 */
function fill(text: string, values: Readonly<Record<string, Value>>, write: (value: Value) => string): string {
  const named = new Map(Object.entries(values));
  const inOrder = [...named.values()];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = named.get(name) ?? inOrder[Number(name)];
    return value === undefined ? whole : write(value);
  });
}

/**
 * Translates message ids. English is read at once, another language when it is first spoken. An id nobody knows is shown as it is: a
 * page with an odd word is better than none.
 */
export function createWords(library: Library = languageLibrary()): Words {
  const tables = new Map<string, WordTable>();
  /** What was found for a wanted language; empty: nothing. */
  const found = createLru<string>(tagsKept);
  const notation = createNotation();

  function tableOf(tag: string): WordTable {
    const known = tables.get(tag);
    if (known) return known;
    const table = library.read(tag);
    tables.set(tag, table);
    return table;
  }

  function servedBy(locale: string): string {
    const known = found.get(locale);
    if (known !== undefined) return known;
    const tag = lookup([locale], library.tags) ?? '';
    found.set(locale, tag);
    return tag;
  }

  /** What is spoken and the table for it. Where nothing wanted is there, English. */
  function spoken(locales: readonly string[]): readonly [tag: string, table: WordTable] {
    const locale = locales.find((one) => servedBy(one) !== '');
    return locale === undefined ? [fallback, english] : [locale, tableOf(servedBy(locale))];
  }

  const english = tableOf(fallback);
  return {
    choose: (locales) => spokenAs(spoken(locales)[0]),
    text(id, values, locales) {
      const [tag, table] = spoken(locales);
      const own = textIn(table, id);
      const text = own ?? textIn(english, id) ?? id;
      return fill(text, values, (value) => notation(own === undefined ? fallback : tag, value));
    },
    fill(text, values, locales) {
      const [wanted = fallback] = locales;
      return fill(text, values, (value) => notation(wanted, value));
    },
  };
}

/** The words of one page: one language, chosen once. */
export interface Voice extends Language {
  say(id: string, values?: Readonly<Record<string, Value>>): string;
  tell(text: Text): string;
}

/** `own`: what the flow says in place of the server's texts, by message id. With it a page speaks a language of which we know nothing. */
export function createVoice(
  words: Words,
  locales: readonly string[],
  own: Readonly<Record<string, string>> = {},
): Voice {
  const ours = new Map(Object.entries(own));
  const language = ours.size > 0 && locales[0] !== undefined ? spokenAs(locales[0]) : words.choose(locales);
  const say: Voice['say'] = (id, values = {}) => {
    const text = ours.get(id);
    return text === undefined ? words.text(id, values, [language.tag]) : words.fill(text, values, [language.tag]);
  };
  const tell = (text: Text): string => {
    if ('literal' in text) return isolated(language.direction, text.literal);
    const values = Object.entries(text.values ?? {}).map(([name, value]): [string, Value] => [
      name,
      typeof value === 'object' && !('amount' in value) ? tell(value) : value,
    ]);
    return say(text.id, Object.fromEntries(values));
  };
  return { ...language, say, tell };
}
