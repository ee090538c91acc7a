import { isUuid } from '../../kernel/index.ts';
import type { EnumType, PropertyType, Scalar } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { entryNamed } from '../surface.ts';
import type { LiteralAt } from './filter-syntax.ts';
import type { Literal } from './filter-tokens.ts';

/** What values can be compared with one another. `any`: null, and members that nobody declared. */
export type Kind = 'text' | 'number' | 'boolean' | 'moment' | 'day' | 'any' | 'none';

/** Undefined is the type of an undeclared member. `none`: what has members or items is compared with nothing. */
export function kindOf(type: PropertyType | undefined): Kind {
  switch (type?.kind) {
    case undefined:
      return 'any';
    case 'string':
    case 'guid':
    case 'enum':
      return 'text';
    case 'int32':
    case 'int64':
    case 'single':
      return 'number';
    case 'dateTimeOffset':
      return 'moment';
    case 'boolean':
      return 'boolean';
    default:
      return 'none';
  }
}

/** A day without a time stands for its midnight, unless it is compared with days. */
export function kindOfLiteral({ kind }: Literal): Kind {
  if (kind === 'null') return 'any';
  if (kind === 'date') return 'moment';
  return kind === 'number' || kind === 'boolean' ? kind : 'text';
}

export const comparable = (a: Kind, b: Kind): boolean => a !== 'none' && (a === b || a === 'any' || b === 'any');

/** Which literals a property of a kind is compared with. Ids and names may look like GUIDs, so text takes those too. */
const literals: Readonly<Partial<Record<PropertyType['kind'], readonly Literal['kind'][]>>> = {
  string: ['string', 'guid'],
  guid: ['string', 'guid'],
  boolean: ['boolean'],
  int32: ['number'],
  int64: ['number'],
  single: ['number'],
  dateTimeOffset: ['date'],
  enum: ['string'],
};

/** The literal as a value of the type; undefined is the type of an undeclared member, which takes any. Throws `graph.badFilter`. */
export function scalarOf(type: PropertyType | undefined, { literal, at }: LiteralAt): Scalar {
  if (literal.kind === 'null' || type === undefined) return literal.value;
  const fits = literals[type.kind]?.includes(literal.kind) && (type.kind !== 'guid' || isUuid(String(literal.value)));
  if (!fits) throw faults.badFilter({ reason: `a value of type ${type.kind} is expected`, position: at });
  return type.kind === 'enum' ? memberText(type.type, String(literal.value), at) : literal.value;
}

function memberText(type: EnumType, text: string, position: number): string {
  if (!type.flags) return memberNamed(type, text, position);
  return membersNamed(type, text, position).join(',') || '0';
}

function memberNamed(type: EnumType, text: string, position: number): string {
  const member = entryNamed(type.members, text.trim())?.[0];
  if (member === undefined) throw faults.badFilter({ reason: `'${type.name}' has no such member`, position });
  return member;
}

/** Members of a flags enumeration, each once, in the order of their values, as they are stored. Throws `graph.badFilter`. */
export function membersNamed(type: EnumType, text: string, position: number): readonly string[] {
  if (text.trim() === '0') return [];
  const named = new Set(text.split(',').map((name) => memberNamed(type, name, position)));
  return Object.entries<number>(type.members)
    .toSorted(([, a], [, b]) => a - b)
    .flatMap(([name]) => (named.has(name) ? [name] : []));
}
