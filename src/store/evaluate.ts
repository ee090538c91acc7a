import { type Comparison, type Filter, type Path, type Scalar, typeMember, wordsOf } from '../model/index.ts';
import { comparable, compare, foldText, valueAt } from './comparable.ts';
import { result } from './operand.ts';

/** What a filter is asked about: the `id`, which is not among the values, the type and the values. */
export interface Subject {
  readonly id: string;
  /** Name of the concrete type. */
  readonly type?: string;
  readonly values: unknown;
  /** The entities that a reference navigation leads to; absent: none. */
  readonly linked?: (navigation: string) => readonly Subject[];
}

/** What one filter sees: an entity, or an element of a collection in one. */
interface View {
  look(path: Path): unknown;
  /** The type of the subject itself. */
  readonly type: string | undefined;
  linked(navigation: string): readonly Subject[];
}

/**
 * The meaning of a filter; every engine answers as this does. Two-valued: a missing member is null, null is equal to null
 * only, and every other test on null is false, so that `ne` and `not` find what has no value (as Graph does).
 */
export const matches = (filter: Filter, subject: Subject): boolean =>
  test(filter, {
    look: (path) => (path.length === 1 && path[0] === 'id' ? subject.id : memberAt(subject.values, path)),
    type: subject.type,
    linked: (navigation) => subject.linked?.(navigation) ?? [],
  });

/** Directory extensions are not declared, so that the asker may not know their case. */
function memberAt(values: unknown, path: Path): unknown {
  const [name = ''] = path;
  if (!/^extension_/i.test(name) || typeof values !== 'object' || values === null) return valueAt(values, path);
  const stored = Object.hasOwn(values, name)
    ? name
    : Object.keys(values).find((one) => foldText(one) === foldText(name));
  return valueAt(values, stored === undefined ? path : [stored, ...path.slice(1)]);
}

const element = (item: unknown): View => ({
  look: (path) => valueAt(item, path),
  type: typeNamed(item),
  linked: () => [],
});

function test(filter: Filter, view: View): boolean {
  switch (filter.op) {
    case 'in': {
      const found = view.look(filter.path);
      return filter.values.some((value) => same(found, value));
    }
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      return partOf(filter.op, view.look(filter.path), filter.value);
    case 'word':
      return wordIn(view.look(filter.path), filter.value);
    case 'has':
      return flagged(view.look(filter.path), filter.members);
    case 'isof':
      return isOf(filter.path.length === 0 ? view.type : typeNamed(view.look(filter.path)), filter.types);
    case 'compare':
      return compared(filter.by, result(filter.left, view.look), result(filter.right, view.look));
    case 'and':
      return filter.terms.every((term) => test(term, view));
    case 'or':
      return filter.terms.some((term) => test(term, view));
    case 'not':
      return !test(filter.term, view);
    case 'any':
    case 'all':
      return quantified(filter.op, view.look(filter.path), filter.where);
    case 'linked':
      return linkedTo(view.linked(filter.navigation), filter.where);
    default:
      return compared(filter.op, view.look(filter.path), filter.value);
  }
}

function compared(op: Comparison, found: unknown, value: Scalar): boolean {
  if (op === 'eq') return same(found, value);
  return op === 'ne' ? !same(found, value) : ordered(op, found, value);
}

function same(found: unknown, value: Scalar): boolean {
  if (found === undefined || found === null) return value === null;
  if (typeof found !== typeof value) return false;
  return typeof found === 'string' ? foldText(found) === foldText(String(value)) : found === value;
}

function ordered(op: 'gt' | 'ge' | 'lt' | 'le', found: unknown, value: Scalar): boolean {
  if (typeof found !== typeof value || (typeof found !== 'string' && typeof found !== 'number')) return false;
  const order = compare(comparable(found), comparable(value));
  if (order === 0) return op === 'ge' || op === 'le';
  return order > 0 ? op === 'gt' || op === 'ge' : op === 'lt' || op === 'le';
}

function partOf(op: 'startsWith' | 'endsWith' | 'contains', found: unknown, value: string): boolean {
  if (typeof found !== 'string') return false;
  const [text, part] = [foldText(found), foldText(value)];
  if (op === 'startsWith') return text.startsWith(part);
  return op === 'endsWith' ? text.endsWith(part) : text.includes(part);
}

function wordIn(found: unknown, value: string): boolean {
  const beginning = foldText(value);
  return typeof found === 'string' && wordsOf(found).some((word) => foldText(word).startsWith(beginning));
}

/** The value of a flags enumeration is its members, joined by commas. */
function flagged(found: unknown, members: readonly string[]): boolean {
  if (typeof found !== 'string') return false;
  const set = new Set(found.split(',').map(foldText));
  return members.every((member) => set.has(foldText(member)));
}

function typeNamed(value: unknown): string | undefined {
  const name = valueAt(value, [typeMember]);
  return typeof name === 'string' ? name : undefined;
}

const isOf = (name: string | undefined, types: readonly string[]): boolean =>
  name !== undefined && types.includes(name);

function quantified(op: 'any' | 'all', found: unknown, where: Filter | undefined): boolean {
  const items: readonly unknown[] = Array.isArray(found) ? found : [];
  const holds = (item: unknown) => where === undefined || test(where, element(item));
  return op === 'any' ? items.some(holds) : items.every(holds);
}

const linkedTo = (targets: readonly Subject[], where: Filter | undefined): boolean =>
  targets.some((target) => where === undefined || matches(where, target));
