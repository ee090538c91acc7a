import { createHash } from 'node:crypto';
import { wordsOf } from '../model/index.ts';
import type { Axis, Family } from './catalogue.ts';
import { foldText, valueAt } from './comparable.ts';

/** One entry of the index of single values; the row it belongs to is known from elsewhere. */
export interface Posting {
  readonly name: string;
  readonly value: string;
}

type Values = Readonly<Record<string, unknown>>;

/** Code points of a value that are kept as they are; of a longer one a digest follows. Engines limit the keys of an index. */
const mostKept = 200;
/** Greater than any text goes on with; a digest follows. */
const cut = '\u{10FFFF}';

/** A folded text as it stands in the index: equal texts are equal there, and one beginning with up to 200 code points begins so there. */
export function indexText(folded: string): string {
  if (folded.length <= mostKept) return folded;
  const points = [...folded];
  if (points.length <= mostKept) return folded;
  return `${points.slice(0, mostKept).join('')}${cut}${createHash('sha256').update(folded).digest('base64url')}`;
}

/** The beginning of a text as far as it can be looked up. */
export const indexPrefix = (folded: string): string => [...folded].slice(0, mostKept).join('');

export const reversed = (folded: string): string => [...folded].reverse().join('');

/** What is not text has an axis of its own, on which it is found by being equal. */
const plain = '#';

/** Undeclared members are told from axes by their beginning, and their elements from them by the end. */
export const openAxis = (member: string, value: string | number | boolean, element: boolean): string =>
  `+${foldText(member)}${element ? '[]' : ''}${typeof value === 'string' ? '' : plain}`;

export const openText = (value: string | number | boolean): string =>
  typeof value === 'string' ? indexText(foldText(value)) : String(value);

/** All entries of an entity, each once. */
export function postingsOf({ axes, open, types }: Family, values: Values): readonly Posting[] {
  const found = [...axes.flatMap((axis) => onAxis(axis, values)), ...(open ? undeclared(types, values) : [])];
  return [...new Map(found.map((posting) => [`${posting.name}\n${posting.value}`, posting])).values()];
}

function onAxis({ name, path, member, as }: Axis, values: Values): readonly Posting[] {
  const found = valueAt(values, path);
  const items: readonly unknown[] = Array.isArray(found) ? found : [found];
  return items
    .map((item) => (member ? valueAt(item, member) : item))
    .filter((item) => typeof item === 'string')
    .flatMap((text) => textsFor(as, text))
    .map((value) => ({ name, value: indexText(value) }));
}

function textsFor(as: Axis['as'], text: string): readonly string[] {
  if (as === 'words') return wordsOf(text).map(foldText);
  return [as === 'reversed' ? reversed(foldText(text)) : foldText(text)];
}

function undeclared(types: Family['types'], values: Values): readonly Posting[] {
  return Object.entries(values)
    .filter(([name]) => !types.some(({ properties }) => Object.hasOwn(properties, name)))
    .flatMap(([name, value]) => {
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      return items
        .filter((item) => typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean')
        .map((item) => ({ name: openAxis(name, item, Array.isArray(value)), value: openText(item) }));
    });
}
