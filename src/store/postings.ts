import { createHash } from 'node:crypto';
import { isPrintableAscii } from '../kernel/index.ts';
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

export const reversed = (folded: string): string =>
  (isPrintableAscii(folded) ? folded.split('') : [...folded]).reverse().join('');

/** What is not text has an axis of its own, on which it is found by being equal. */
const notText = '#';

/** Undeclared members are told from axes by their beginning, and their elements from them by the end. */
export const openAxis = (member: string, value: string | number | boolean, element: boolean): string =>
  `+${foldText(member)}${element ? '[]' : ''}${typeof value === 'string' ? '' : notText}`;

export const openText = (value: string | number | boolean): string =>
  typeof value === 'string' ? indexText(foldText(value)) : String(value);

/** All entries of an entity, each once. */
export function postingsOf(family: Family, values: Values): readonly Posting[] {
  const found = new Map<string, Posting>();
  const add = (name: string, value: string) => void found.set(`${name}\n${value}`, { name, value });
  for (const axis of family.axes) addOnAxis(axis, values, add);
  if (family.open) addUndeclared(family, values, add);
  return [...found.values()];
}

type Add = (name: string, value: string) => void;

function addOnAxis({ name, path, member, as }: Axis, values: Values, add: Add): void {
  const found = valueAt(values, path);
  if (found === undefined || found === null) return;
  for (const item of Array.isArray(found) ? found : [found]) {
    const text: unknown = member ? valueAt(item, member) : item;
    if (typeof text === 'string') for (const value of textsFor(as, text)) add(name, indexText(value));
  }
}

function textsFor(as: Axis['as'], text: string): readonly string[] {
  if (as === 'words') return wordsOf(text).map(foldText);
  return [as === 'reversed' ? reversed(foldText(text)) : foldText(text)];
}

function addUndeclared({ types }: Family, values: Values, add: Add): void {
  const declared = declaredIn(types);
  for (const [name, value] of Object.entries(values)) {
    if (declared.has(name)) continue;
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean')
        add(openAxis(name, item, Array.isArray(value)), openText(item));
    }
  }
}

const declaredNames = new WeakMap<Family['types'], ReadonlySet<string>>();

/** Names of members that some of the types declare. */
function declaredIn(types: Family['types']): ReadonlySet<string> {
  const known = declaredNames.get(types);
  if (known) return known;
  const declared = new Set(types.flatMap(({ properties }) => Object.keys(properties)));
  declaredNames.set(types, declared);
  return declared;
}
