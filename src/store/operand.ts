import type { FunctionName, Operand, Path, Scalar } from '../model/index.ts';
import { foldText } from './comparable.ts';

type Look = (path: Path) => unknown;

/**
 * What an operand comes to. A function of something that is null, missing or of another kind than it takes is null
 * (OData 4.01 URL conventions §5.1.1.4). Lengths and places count UTF-16 units; `concat` of more than 32,768 of them is cut there.
 */
export function result(operand: Operand, look: Look): Scalar {
  if ('value' in operand) return operand.value;
  if ('path' in operand) return scalar(look(operand.path));
  if (operand.call === 'count') return counted(operand.of[0], look);
  return call(
    operand.call,
    operand.of.map((one) => result(one, look)),
  );
}

const scalar = (value: unknown): Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;

/** A collection that is not there is empty. */
function counted(collection: Operand | undefined, look: Look): number {
  const found = collection && 'path' in collection ? look(collection.path) : undefined;
  return Array.isArray(found) ? found.length : 0;
}

const longest = 32_768;
type Arguments = readonly Scalar[];

const onText =
  (apply: (text: string, other: string) => Scalar) =>
  ([first, second = '']: Arguments): Scalar =>
    typeof first === 'string' && typeof second === 'string' ? apply(first, second) : null;

/** Of a moment as it is stored, `2026-11-21T10:00:00Z`. */
const onMoment =
  (from: number, to: number) =>
  ([moment]: Arguments): Scalar => {
    if (typeof moment !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(moment)) return null;
    return Number(moment.slice(from, to));
  };

const functions: Readonly<Record<Exclude<FunctionName, 'count'>, (given: Arguments) => Scalar>> = {
  concat: onText((first, second) => (first + second).slice(0, longest)),
  contains: onText((text, part) => foldText(text).includes(foldText(part))),
  date: ([moment]) => (typeof moment === 'string' && /^\d{4}-\d\d-\d\dT/.test(moment) ? moment.slice(0, 10) : null),
  day: onMoment(8, 10),
  endswith: onText((text, part) => foldText(text).endsWith(foldText(part))),
  hour: onMoment(11, 13),
  indexof: onText((text, part) => foldText(text).indexOf(foldText(part))),
  length: onText((text) => text.length),
  minute: onMoment(14, 16),
  month: onMoment(5, 7),
  second: onMoment(17, 19),
  startswith: onText((text, part) => foldText(text).startsWith(foldText(part))),
  substring: ([text, start, length = longest]) =>
    typeof text === 'string' && typeof start === 'number' && typeof length === 'number'
      ? text.slice(Math.max(start, 0), Math.max(start, 0) + Math.max(length, 0))
      : null,
  tolower: onText((text) => text.toLowerCase()),
  toupper: onText((text) => text.toUpperCase()),
  trim: onText((text) => text.trim()),
  year: onMoment(0, 4),
};

const call = (name: Exclude<FunctionName, 'count'>, given: Arguments): Scalar => functions[name](given);
