import type { Filter, Path, Scalar } from '../model/index.ts';
import { comparable, compare, foldText, valueAt } from './comparable.ts';

/** What a filter is asked about: the `id`, which is not among the values, and the values. */
export interface Subject {
  readonly id: string;
  readonly values: unknown;
}

type Look = (path: Path) => unknown;

/**
 * The meaning of a filter; every engine answers as this does. Two-valued: a missing member is null, null is equal to null
 * only, and every other test on null is false, so that `ne` and `not` find what has no value (as Graph does).
 */
export const matches = (filter: Filter, subject: Subject): boolean =>
  test(filter, (path) => (path.length === 1 && path[0] === 'id' ? subject.id : valueAt(subject.values, path)));

function test(filter: Filter, look: Look): boolean {
  switch (filter.op) {
    case 'eq':
      return same(look(filter.path), filter.value);
    case 'ne':
      return !same(look(filter.path), filter.value);
    case 'in': {
      const found = look(filter.path);
      return filter.values.some((value) => same(found, value));
    }
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return ordered(filter.op, look(filter.path), filter.value);
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      return partOf(filter.op, look(filter.path), filter.value);
    case 'and':
      return filter.terms.every((term) => test(term, look));
    case 'or':
      return filter.terms.some((term) => test(term, look));
    case 'not':
      return !test(filter.term, look);
    case 'any':
    case 'all':
      return quantified(filter.op, look(filter.path), filter.where);
    default:
      return filter satisfies never;
  }
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

function quantified(op: 'any' | 'all', found: unknown, where: Filter | undefined): boolean {
  const items: readonly unknown[] = Array.isArray(found) ? found : [];
  const holds = (item: unknown) => where === undefined || test(where, (path) => valueAt(item, path));
  return op === 'any' ? items.some(holds) : items.every(holds);
}
