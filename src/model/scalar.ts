import { isUuid } from '../kernel/index.ts';
import type { EnumType, PropertyType } from './property.ts';
import { fold } from './query.ts';

/** A type whose values have no members and no items. */
export type ScalarType = Exclude<PropertyType, { kind: 'complex' } | { kind: 'collection' }>;

/** Length in UTF-16 units of a string whose declaration names no limit. */
const defaultMaxLength = 32_768;
const int32Limit = 2_147_483_648;
const singleLimit = 3.402_823_466_385_288_6e38;

/** The value in the form in which it is stored, or undefined when it is not of the type. `null` is not of any type. */
export function readScalar(type: ScalarType, given: unknown): string | number | boolean | undefined {
  if (typeof given === 'string') return readText(type, given);
  if (typeof given === 'number') return readNumber(type, given);
  return type.kind === 'boolean' && typeof given === 'boolean' ? given : undefined;
}

function readText(type: ScalarType, given: string): string | undefined {
  switch (type.kind) {
    case 'string':
      return isText(given, type.maxLength) && !unwanted(type).test(given) && (type.pattern?.test(given) ?? true)
        ? given
        : undefined;
    case 'guid':
      return isUuid(given) ? given.toLowerCase() : undefined;
    case 'dateTimeOffset':
      return readDateTime(given);
    case 'enum':
      return type.type.flags ? readFlags(type.type, given) : readMember(type.type, given);
    default:
      return undefined;
  }
}

function readNumber(type: ScalarType, given: number): number | undefined {
  switch (type.kind) {
    case 'int32':
      return readWhole(given, type.min ?? -int32Limit, type.max ?? int32Limit - 1);
    case 'int64':
      return readWhole(given, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    case 'single':
      return Math.abs(given) <= singleLimit ? positiveZero(given) : undefined;
    default:
      return undefined;
  }
}

/** What `readScalar` accepts, as the end of "must be …". */
export function describeScalar(type: ScalarType): string {
  switch (type.kind) {
    case 'string':
      return describeText(type);
    case 'boolean':
      return 'true or false';
    case 'int32':
      return `a whole number from ${type.min ?? -int32Limit} to ${type.max ?? int32Limit - 1}`;
    case 'int64':
      return `a whole number from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`;
    case 'single':
      return 'a number';
    case 'guid':
      return 'a GUID';
    case 'dateTimeOffset':
      return 'a date and time with a time zone, such as 2026-11-21T10:00:00Z';
    case 'enum':
      return `${type.type.flags ? 'one or more' : 'one'} of ${openMembers(type.type).join(', ')}`;
    default:
      return type satisfies never;
  }
}

/**
 * Text that every engine can store unchanged: no lone surrogate, which has no UTF-8 form, and no U+0000, which
 * PostgreSQL refuses. `maxLength` counts UTF-16 units.
 */
export function isText(given: unknown, maxLength: number = defaultMaxLength): given is string {
  return typeof given === 'string' && given.length <= maxLength && given.isWellFormed() && !given.includes('\u0000');
}

type TextType = Extract<ScalarType, { kind: 'string' }>;

/** Control characters, and what begins a line or a paragraph: a name that is printed into a header or a log must not begin another. */
const unprinted = {
  line: /[\p{Cc}\p{Zl}\p{Zp}]/u,
  lines: /[^\P{Cc}\t\n\r]/u,
  any: /(?!)/,
} as const;

const unwanted = ({ text }: TextType): RegExp => unprinted[text ?? 'line'];

function describeText({ maxLength = defaultMaxLength, pattern, text }: TextType): string {
  const without = { line: ' on one line', lines: ' without control characters', any: '' }[text ?? 'line'];
  return `a string of at most ${maxLength} characters${without}${pattern ? ` matching ${pattern.source}` : ''}`;
}

const positiveZero = (given: number): number => (given === 0 ? 0 : given);

const readWhole = (given: number, min: number, max: number): number | undefined =>
  Number.isSafeInteger(given) && given >= min && given <= max ? positiveZero(given) : undefined;

const openMembers = (type: EnumType): string[] =>
  Object.keys(type.members).filter((member) => !type.reserved.includes(member));

const readMember = (type: EnumType, given: string): string | undefined =>
  openMembers(type).find((member) => fold(member) === fold(given));

/** Members in any order and case, or the number of them all; each once, in the order of their values. */
function readFlags(type: EnumType, given: string): string | undefined {
  const members = openMembers(type)
    .map((name): readonly [string, number] => [name, type.members[name] ?? 0])
    .toSorted(([, a], [, b]) => a - b);
  const named = /^\d{1,9}$/.test(given)
    ? membersIn(members, Number(given))
    : given.split(',').map((name) => readMember(type, name.trim()));
  if (named?.some((name) => name === undefined) !== false) return undefined;
  return members.flatMap(([name]) => (named.includes(name) ? [name] : [])).join(',') || '0';
}

function membersIn(members: readonly (readonly [string, number])[], bits: number): string[] | undefined {
  const named = members.filter(([, bit]) => (bits & bit) === bit);
  return named.reduce((sum, [, bit]) => sum + bit, 0) === bits ? named.map(([name]) => name) : undefined;
}

const dateTime = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.\d{1,12})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/i;

/**
 * `Edm.DateTimeOffset` (OData CSDL §4.4) as UTC text to the second, so that the order of the texts is the order of the
 * times. A day the calendar does not have is refused, where `Date` would move on to the next month.
 */
function readDateTime(given: string): string | undefined {
  const [, day, time] = dateTime.exec(given) ?? [];
  if (!day || !time) return undefined;
  const local = new Date(`${day}T${time}Z`);
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(`${day}T${time}`)) return undefined;
  const utc = new Date(given.toUpperCase()).toISOString();
  return utc.length === 24 ? `${utc.slice(0, 19)}Z` : undefined;
}
