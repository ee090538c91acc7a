import type { Filter, Path, Scalar } from '../../model/index.ts';
import type { Family, HotProperty } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { type Fragment, quoted, sql } from './connection.ts';
import { columnOf, tupleTableOf } from './layout.ts';

interface Column {
  readonly sql: string;
  readonly kind: HotProperty['kind'];
}

/** Finds the column of a path, and the condition for `any` on a collection; undefined when there is none. */
interface Target {
  column(path: Path): Column | undefined;
  any(filter: Extract<Filter, { op: 'any' | 'all' }>): Fragment | undefined;
}

/**
 * A filter as a condition on family table `r`: indexed where a column holds the value, asked of the reference evaluator
 * where none does. Every part is true or false, never unknown, so that `NOT` means what the evaluator means.
 */
export function filterSql(filter: Filter, family: Family, tenantId: string): Fragment {
  return print(filter, entityTarget(family, tenantId)) ?? evaluated(filter);
}

const evaluated = (filter: Filter): Fragment => sql('usher_matches(r.body, r.id, ?)', JSON.stringify(filter));

const entityTarget = (family: Family, tenantId: string): Target => ({
  column(path) {
    const [name] = path;
    if (path.length !== 1) return undefined;
    if (name === 'id') return { sql: 'r.key', kind: 'text' };
    const hot = family.hot.find((property) => property.name === name);
    return hot && { sql: `r.${quoted(columnOf(hot))}`, kind: hot.kind };
  },
  any: (filter) => anyOfTuple(filter, family, tenantId),
});

/** Through the side table: exact when every member asked for is in the tuple, else a first cut that the evaluator refines. */
function anyOfTuple(
  filter: Extract<Filter, { op: 'any' | 'all' }>,
  family: Family,
  tenantId: string,
): Fragment | undefined {
  const tuple = filter.path.length === 1 ? family.tuples.find(({ name }) => name === filter.path[0]) : undefined;
  if (!tuple || filter.op === 'all' || !filter.where) return undefined;
  const member: Target = {
    column(path) {
      const found = path.length === 1 ? tuple.members.find(({ name }) => name === path[0]) : undefined;
      return found && { sql: `t.${quoted(columnOf(found))}`, kind: found.kind };
    },
    any: () => undefined,
  };
  const conjuncts = filter.where.op === 'and' ? filter.where.terms : [filter.where];
  const printed = conjuncts.map((term) => print(term, member, false));
  const native = printed.filter((part) => part !== undefined);
  if (native.length === 0) return undefined;
  const where = joined(native, ' AND ');
  const rows = `SELECT t.row FROM ${quoted(tupleTableOf(family, tuple))} AS t WHERE t.tenant = ? AND ${where.sql}`;
  const found = sql(`r.row IN (${rows})`, tenantId, ...where.values);
  return native.length === printed.length ? found : joined([found, evaluated(filter)], ' AND ');
}

/** Whether the filter names a whole unique tuple, so that at most one row can match and is best looked up by it. */
export function namesOneTuple(filter: Filter, family: Family): boolean {
  if (filter.op === 'and') return filter.terms.some((term) => namesOneTuple(term, family));
  if (filter.op !== 'any' || filter.where === undefined || filter.path.length !== 1) return false;
  const tuple = family.tuples.find(({ name }) => name === filter.path[0]);
  const terms = filter.where.op === 'and' ? filter.where.terms : [filter.where];
  const named = terms.flatMap((term) => (term.op === 'eq' && term.value !== null ? [term.path.join('/')] : []));
  return tuple?.members.every(({ name }) => named.includes(name)) ?? false;
}

/** Undefined when nothing in the filter has a column. `refine`: parts without one may be left to the evaluator. */
function print(filter: Filter, target: Target, refine = true): Fragment | undefined {
  switch (filter.op) {
    case 'and':
    case 'or':
      return printTerms(filter, target, refine);
    case 'not': {
      const term = print(filter.term, target, refine);
      return term && sql(`NOT ${term.sql}`, ...term.values);
    }
    case 'any':
    case 'all':
      return target.any(filter);
    default: {
      const column = target.column(filter.path);
      return column && printTest(filter, column);
    }
  }
}

function printTerms(
  { op, terms }: Extract<Filter, { op: 'and' | 'or' }>,
  target: Target,
  refine: boolean,
): Fragment | undefined {
  if (terms.length === 0) return sql(op === 'and' ? '1' : '0');
  const printed = terms.map((term) => print(term, target, refine));
  const rest = terms.filter((_, index) => printed[index] === undefined);
  const native = printed.filter((part) => part !== undefined);
  if (native.length === 0 || (rest.length > 0 && !refine)) return undefined;
  return joined(
    [...native, ...(rest.length > 0 ? [evaluated({ op, terms: rest })] : [])],
    op === 'and' ? ' AND ' : ' OR ',
  );
}

function joined(parts: readonly Fragment[], between: string): Fragment {
  return sql(`(${parts.map((part) => part.sql).join(between)})`, ...parts.flatMap(({ values }) => values));
}

type Test = Exclude<Filter, { op: 'and' | 'or' | 'not' | 'any' | 'all' }>;

const orders = { gt: '>', ge: '>=', lt: '<', le: '<=' } as const;

function printTest(filter: Test, column: Column): Fragment {
  const c = column.sql;
  switch (filter.op) {
    case 'eq':
      return equal(column, filter.value);
    case 'ne': {
      const same = equal(column, filter.value);
      return sql(`NOT ${same.sql}`, ...same.values);
    }
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le': {
      const value = bound(column, filter.value);
      if (value === undefined || column.kind === 'boolean') return sql('0');
      return sql(`(${c} IS NOT NULL AND ${c} ${orders[filter.op]} ?)`, value);
    }
    case 'in': {
      const values = filter.values.map((value) => bound(column, value)).filter((value) => value !== undefined);
      const listed = listedIn(c, values);
      return filter.values.includes(null) ? joined([listed, sql(`${c} IS NULL`)], ' OR ') : listed;
    }
    default:
      return column.kind === 'text' ? partOf(filter, c) : sql('0');
  }
}

/** Without this hint SQLite prefers to walk the index that gives the order, and tests every row. */
const rarely = 0.0001;

/** Lists longer than this are handed over as one value, which SQLite does not look up by index. */
const mostListed = 64;

function listedIn(c: string, values: readonly (string | number)[]): Fragment {
  const last = values.at(-1);
  if (last === undefined) return sql('0');
  if (values.length > mostListed) {
    return sql(`(${c} IS NOT NULL AND ${c} IN (SELECT value FROM json_each(?)))`, JSON.stringify(values));
  }
  // Rounded up to a power of two by repeating the last value, so that few statements serve all lengths.
  const length = 2 ** Math.ceil(Math.log2(values.length));
  const padded = [...values, ...Array.from({ length: length - values.length }, () => last)];
  return sql(`(${c} IS NOT NULL AND likelihood(${c} IN (?${', ?'.repeat(length - 1)}), ${rarely}))`, ...padded);
}

function equal(column: Column, value: Scalar): Fragment {
  if (value === null) return sql(`(${column.sql} IS NULL)`);
  const key = bound(column, value);
  return key === undefined ? sql('0') : sql(`(${column.sql} IS ?)`, key);
}

/** The value as the column holds it; undefined for one of another kind, which equals nothing there. */
function bound({ kind }: Column, value: Scalar): string | number | undefined {
  if (kind === 'text') return typeof value === 'string' ? foldText(value) : undefined;
  if (kind === 'number') return typeof value === 'number' ? value : undefined;
  return typeof value === 'boolean' ? Number(value) : undefined;
}

function partOf({ op, value }: Extract<Test, { op: 'startsWith' | 'endsWith' | 'contains' }>, c: string): Fragment {
  const part = foldText(value);
  if (part === '') return sql(`(${c} IS NOT NULL)`);
  if (op === 'contains') return sql(`(${c} IS NOT NULL AND instr(${c}, ?) > 0)`, part);
  if (op === 'endsWith') return sql(`(${c} IS NOT NULL AND substr(${c}, -length(?)) = ?)`, part, part);
  const end = afterPrefix(part);
  if (end === undefined) return sql(`(${c} IS NOT NULL AND ${c} >= ?)`, part);
  return sql(`(${c} IS NOT NULL AND ${c} >= ? AND ${c} < ?)`, part, end);
}

/** The least text greater than every text with this prefix, by code point; undefined when there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}
