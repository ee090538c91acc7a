import type { Comparison, EntityType, Filter, Path, Scalar } from '../../model/index.ts';
import type { Family } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { faults } from '../faults.ts';
import { afterPrefix } from './after-prefix.ts';
import type { ColumnKind, Dialect, Field, Operand } from './dialect.ts';
import { always, type Fragment, joined, never, quoted, sql, type Value } from './fragment.ts';
import { columnOf, tableOf, tupleTableOf } from './layout.ts';
import { postedRows } from './posting.ts';
import type { View } from './view.ts';

type Quantified = Extract<Filter, { op: 'any' | 'all' }>;

/** What a filter asks: an entity, or an element of one of its collections. */
interface Subject {
  /** Undefined when SQL does not reach the path. */
  field(path: Path): Field | undefined;
  quantified(filter: Quantified): Fragment | undefined;
  /** Asks the index of single values; undefined when it does not serve the filter. */
  posted?(filter: Filter): Fragment | undefined;
  /** What only an entity has: its type, and links to others. */
  own?(filter: Extract<Filter, { op: 'isof' | 'linked' }>): Fragment | undefined;
  /** Asks about terms that SQL does not reach; undefined when nobody can be asked. */
  rest(filter: Filter): Fragment | undefined;
}

/** Where a filter is printed for. */
export interface Scope extends View {
  readonly family: Family;
  /** Rows come one by one anyway: what is looked up elsewhere is asked of each of them instead. */
  readonly oneByOne?: true;
}

/**
 * A filter as a condition on family table `r`: by column or index where one holds the value, else by the reference evaluator. Every
 * part is true or false, never NULL, so that `NOT` means what the evaluator means.
 */
export const filterSql = (filter: Filter, scope: Scope): Fragment =>
  print(filter, entity(scope), scope.dialect) ?? withoutColumns(filter, scope);

/** The whole condition without the columns and side tables: slow, and right for every filter. */
const withoutColumns = (filter: Filter, { dialect }: Scope): Fragment => dialect.evaluated?.(filter) ?? always;

const key: Field = columnField('r.key', 'text');

function columnField(column: string, kind: ColumnKind): Field {
  const operand = { ...sql(column), kind };
  return { as: (asked) => (asked === kind ? operand : undefined), missing: sql(`(${column} IS NULL)`) };
}

function entity(scope: Scope): Subject {
  const { dialect, family } = scope;
  return {
    field(path) {
      if (path.length === 1 && path[0] === 'id') return key;
      const at = path.join('/');
      const hot = family.hot.find(({ name }) => name === at);
      return hot && columnField(`r.${quoted(columnOf(hot))}`, hot.kind);
    },
    posted: (filter) => (scope.oneByOne ? undefined : anyPosted(filter, scope)),
    quantified: (filter) => (scope.oneByOne ? undefined : anyOfTuple(filter, scope)),
    own: (filter) => (filter.op === 'linked' ? linkedTo(filter, scope) : ofTypes(filter, dialect)),
    rest: (filter) => withoutColumns(filter, scope),
  };
}

const ofTypes = ({ path, types }: Extract<Filter, { op: 'isof' }>, dialect: Dialect): Fragment | undefined =>
  path.length === 0 ? dialect.among({ ...sql('r.type'), kind: 'text' }, types) : undefined;

/** In the inner query `r` is the target. */
function linkedTo({ navigation, where }: Extract<Filter, { op: 'linked' }>, scope: Scope): Fragment {
  const { catalogue, family, tenantId } = scope;
  const { name, target } = catalogue.reference(familyType(family), navigation);
  const test = where ? filterSql(where, { ...scope, family: target }) : always;
  const targets = `link AS l JOIN ${quoted(tableOf(target))} AS r ON r.tenant = l.tenant AND r.row = l.target`;
  const sources = `SELECT l.source FROM ${targets} WHERE l.tenant = ? AND l.navigation = ? AND ${test.sql}`;
  return sql(`r.row IN (${sources})`, tenantId, name, ...test.values);
}

function familyType({ name, types }: Family): EntityType {
  const type = types.find((one) => one.name === name);
  if (!type) throw faults.undeclared({ name });
  return type;
}

function anyPosted(filter: Filter, scope: Scope): Fragment | undefined {
  const found = postedRows(filter, scope.family, scope.tenantId);
  if (!found) return undefined;
  const listed = sql(`r.row IN (${found.rows.sql})`, ...found.rows.values);
  return found.exact ? listed : joined([listed, withoutColumns(filter, scope)], ' AND ');
}

/** Through the side table; what it finds besides is sorted out. */
function anyOfTuple(filter: Quantified, scope: Scope): Fragment | undefined {
  const found = tupleRows(filter, scope);
  if (!found) return undefined;
  const { sql: rows, values } = found.rows;
  // With one row at most there is nothing to collect and nothing to sort.
  const isOne = namesOneTuple(filter, scope.family);
  const listed = sql(isOne ? `r.row = (${rows} LIMIT 1)` : `r.row IN (${rows})`, ...values);
  if (found.exact) return listed;
  return joined([listed, withoutColumns(filter, scope)], ' AND ');
}

/** What the side table of a unique tuple finds; `exact`: nothing else is among that. */
export function tupleRows(
  filter: Quantified,
  scope: Scope,
): { readonly rows: Fragment; readonly exact: boolean } | undefined {
  const { dialect, family, tenantId } = scope;
  const tuple = filter.path.length === 1 ? family.tuples.find(({ name }) => name === filter.path[0]) : undefined;
  if (!tuple || filter.op === 'all' || !filter.where) return undefined;
  const member: Subject = {
    field(path) {
      const found = path.length === 1 ? tuple.members.find(({ name }) => name === path[0]) : undefined;
      return found && columnField(`t.${quoted(columnOf(found))}`, found.kind);
    },
    quantified: () => undefined,
    rest: () => undefined,
  };
  const conjuncts = filter.where.op === 'and' ? filter.where.terms : [filter.where];
  const printed = conjuncts.map((term) => print(term, member, dialect));
  const native = printed.filter((part) => part !== undefined);
  if (native.length === 0) return undefined;
  const where = joined(native, ' AND ');
  const rows = `SELECT t.row FROM ${quoted(tupleTableOf(family, tuple))} AS t WHERE t.tenant = ? AND ${where.sql}`;
  return { rows: sql(rows, tenantId, ...where.values), exact: native.length === printed.length };
}

/** The conditions that must all hold. */
export const conjunctsOf = (filter: Filter): readonly Filter[] =>
  filter.op === 'and' ? filter.terms.flatMap(conjunctsOf) : [filter];

/** Whether the filter names a whole unique tuple, so that at most one row can match and is best looked up by it. */
export function namesOneTuple(filter: Filter, family: Family): boolean {
  if (filter.op === 'and') return filter.terms.some((term) => namesOneTuple(term, family));
  if (filter.op !== 'any' || filter.where === undefined || filter.path.length !== 1) return false;
  const tuple = family.tuples.find(({ name }) => name === filter.path[0]);
  const terms = filter.where.op === 'and' ? filter.where.terms : [filter.where];
  const named = terms.flatMap((term) => (term.op === 'eq' && term.value !== null ? [term.path.join('/')] : []));
  return tuple?.members.every(({ name }) => named.includes(name)) ?? false;
}

/** Undefined when SQL reaches nothing of what the filter asks of the subject. */
function print(filter: Filter, subject: Subject, dialect: Dialect): Fragment | undefined {
  const posted = subject.posted?.(filter);
  if (posted) return posted;
  switch (filter.op) {
    case 'and':
    case 'or':
      return printTerms(filter, subject, dialect);
    case 'not': {
      const term = print(filter.term, subject, dialect);
      return term && sql(`NOT ${term.sql}`, ...term.values);
    }
    case 'any':
    case 'all':
      return subject.quantified(filter);
    case 'isof':
    case 'linked':
      return subject.own?.(filter);
    case 'word':
    case 'has':
    case 'compare':
      return undefined;
    default: {
      const field = subject.field(filter.path);
      return field && printTest(filter, field, dialect);
    }
  }
}

function printTerms({ op, terms }: Extract<Filter, { op: 'and' | 'or' }>, subject: Subject, dialect: Dialect) {
  if (terms.length === 0) return op === 'and' ? always : never;
  const printed = terms.map((term) => print(term, subject, dialect));
  const native = printed.filter((part) => part !== undefined);
  if (native.length === 0) return undefined;
  const between = op === 'and' ? ' AND ' : ' OR ';
  if (native.length === terms.length) return joined(native, between);
  const rest = subject.rest({ op, terms: terms.filter((_, index) => printed[index] === undefined) });
  return rest && joined([...native, rest], between);
}

type Test = Extract<Filter, { op: Comparison | 'in' | 'startsWith' | 'endsWith' | 'contains' }>;

const orders = { gt: '>', ge: '>=', lt: '<', le: '<=' } as const;

function printTest(filter: Test, field: Field, dialect: Dialect): Fragment {
  switch (filter.op) {
    case 'eq':
      return equal(field, filter.value);
    case 'ne': {
      const same = equal(field, filter.value);
      return sql(`NOT ${same.sql}`, ...same.values);
    }
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le': {
      const { value } = filter;
      const operand = typeof value === 'boolean' ? undefined : operandFor(field, value);
      return operand
        ? holds(operand, sql(`${operand.sql} ${orders[filter.op]} ?`, ...operand.values, bound(value)))
        : never;
    }
    case 'in':
      return listedIn(field, filter.values, dialect);
    default: {
      const text = field.as('text');
      return text ? partOf(filter, text, dialect) : never;
    }
  }
}

/** False instead of NULL when there is no value. */
const holds = (operand: Operand, test: Fragment): Fragment =>
  sql(`(${operand.sql} IS NOT NULL AND ${test.sql})`, ...operand.values, ...test.values);

/** The field as something of the value's own kind; undefined when it can hold none, so that nothing there equals the value. */
function operandFor(field: Field, value: Scalar): Operand | undefined {
  if (typeof value === 'string') return field.as('text');
  if (typeof value === 'number') return field.as('number');
  return value === null ? undefined : field.as('boolean');
}

/** The value as a column holds it. */
const bound = (value: Scalar): Value =>
  typeof value === 'string' ? foldText(value) : typeof value === 'boolean' ? Number(value) : value;

function equal(field: Field, value: Scalar): Fragment {
  if (value === null) return field.missing;
  const operand = operandFor(field, value);
  return operand ? holds(operand, sql(`${operand.sql} = ?`, ...operand.values, bound(value))) : never;
}

/** Lists longer than this are handed over as one value, which SQLite does not look up by index. */
const mostListed = 64;

function listedIn(field: Field, values: readonly Scalar[], dialect: Dialect): Fragment {
  const kinds = [...new Set(values.map((value) => typeof value))];
  const parts = kinds.flatMap((kind) => {
    const [first, ...others] = values.filter((value) => typeof value === kind);
    if (first === undefined) return [];
    if (first === null) return [field.missing];
    const operand = operandFor(field, first);
    return operand
      ? [
          oneOf(
            operand,
            [first, ...others].map(bound).filter((value) => value !== null),
            dialect,
          ),
        ]
      : [];
  });
  if (parts.length === 0) return never;
  return joined(parts, ' OR ');
}

function oneOf(operand: Operand, values: readonly (string | number)[], dialect: Dialect): Fragment {
  if (values.length > mostListed) return holds(operand, dialect.among(operand, values));
  // Rounded up to a power of two by repeating the last value, so that few statements serve all lengths.
  const length = 2 ** Math.ceil(Math.log2(values.length));
  const padded = [
    ...values,
    ...values.slice(-1).flatMap((last) => Array.from({ length: length - values.length }, () => last)),
  ];
  const listed = sql(`${operand.sql} IN (?${', ?'.repeat(length - 1)})`, ...operand.values, ...padded);
  return holds(operand, dialect.rarely(listed));
}

function partOf(
  { op, value }: Extract<Test, { op: 'startsWith' | 'endsWith' | 'contains' }>,
  text: Operand,
  dialect: Dialect,
): Fragment {
  const part = foldText(value);
  if (part === '') return sql(`(${text.sql} IS NOT NULL)`, ...text.values);
  if (op === 'contains') return holds(text, dialect.contains(text, part));
  if (op === 'endsWith') return holds(text, dialect.endsWith(text, part));
  const from = sql(`${text.sql} >= ?`, ...text.values, part);
  const end = afterPrefix(part);
  if (end === undefined) return holds(text, from);
  return holds(text, sql(`${from.sql} AND ${text.sql} < ?`, ...from.values, ...text.values, end));
}
