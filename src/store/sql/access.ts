import type { Filter, Query } from '../../model/index.ts';
import type { Family, HotProperty } from '../catalogue.ts';
import { type SortKey, sortKeysOf } from '../cursor.ts';
import type { Limits } from '../limits.ts';
import { conjunctsOf, filterSql, namesOneTuple, type Scope, tupleRows } from './filter.ts';
import { type Fragment, list, quoted, sql } from './fragment.ts';
import { columnOf, tableOf } from './layout.ts';
import { postedRows } from './posting.ts';
import { all, first, type Script } from './script.ts';
import type { View } from './view.ts';

/**
 * How the rows of a query are come by, so that what is examined has an end however many there are: by one statement of which an index
 * gives rows in the order of the page; from a list of rows that an index gave, few enough to be sorted; or window by window of an order, each
 * row being tested.
 */
export type Access =
  | { readonly kind: 'plain' }
  | { readonly kind: 'rows'; readonly rows: readonly number[]; readonly tests: readonly Filter[] }
  /** `along`: narrows the order without disturbing it. */
  | { readonly kind: 'windows'; readonly along: readonly Filter[]; readonly tests: readonly Filter[] };

/** Conditions of which the rarest is looked for, and alternatives of one. */
const mostProbed = 8;
const mostAlternatives = 128;

export function* chooseAccess(view: View, query: Query, family: Family, { listed }: Limits): Script<Access> {
  const { filter } = query;
  if (!filter || !family.large || query.within || query.skip || namesOne(filter, family)) return { kind: 'plain' };
  const conjuncts = conjunctsOf(filter);
  const along = conjuncts.find((term) => isNatural(term, family, sortKeysOf(query)));
  if (along && conjuncts.length === 1) return { kind: 'plain' };
  const scope = { ...view, family };
  const few = (yield* findRarest(conjuncts, scope, listed)) ?? (yield* findTogether(conjuncts, scope, listed));
  if (few) {
    const tests = conjuncts.filter((term) => !few.answered.includes(term));
    return { kind: 'rows', rows: few.rows, tests };
  }
  return { kind: 'windows', along: along ? [along] : [], tests: conjuncts.filter((term) => term !== along) };
}

/** At most one row can match. */
const namesOne = (filter: Filter, family: Family): boolean =>
  namesOneTuple(filter, family) ||
  conjunctsOf(filter).some(
    (term) =>
      term.op === 'eq' &&
      term.value !== null &&
      (isId(term.path) || family.hot.some(({ name, unique }) => unique && name === term.path.join('/'))),
  );

const isId = (path: readonly string[]): boolean => path.length === 1 && path[0] === 'id';

/** One stretch of an index holds what the test finds, in the order wanted. */
function isNatural(test: Filter, family: Family, [first]: readonly SortKey[]): boolean {
  if (!('path' in test) || test.op === 'any' || test.op === 'all') return false;
  const at = test.path.join('/');
  const hot = family.hot.find(({ name }) => name === at);
  if (!hot || first?.by !== 'path' || first.path.join('/') !== at) return false;
  return test.op === 'eq' ? test.value !== null : isRange(test);
}

interface Few {
  readonly rows: readonly number[];
  /** Conditions that all of the rows fulfil, and nothing else does. */
  readonly answered: readonly Filter[];
}

/** What an index says of the condition that the fewest rows fulfil; undefined when there are too many of each. */
function* findRarest(conjuncts: readonly Filter[], scope: Scope, most: number): Script<Few | undefined> {
  let rarest: Few | undefined;
  let probed = 0;
  for (const term of conjuncts) {
    const ways = probed < mostProbed ? waysTo(term, scope) : undefined;
    if (!ways || ways.length > mostAlternatives) continue;
    probed += 1;
    const rows = yield* probe(ways, Math.min(most, rarest?.rows.length ?? most));
    if (rows) rarest = { rows, answered: answeredBy({ term, ways }) };
  }
  return rarest;
}

interface Known {
  readonly term: Filter;
  readonly ways: readonly Way[];
}

const answeredBy = ({ term, ways }: Known): readonly Filter[] => (ways.every(({ exact }) => exact) ? [term] : []);

/** Rows of one condition that are compared with those of another, for each row that may be listed. */
const mostCompared = 10;

/** What two conditions have in common of which each alone is fulfilled by too many, as with a first and a last name. */
function* findTogether(conjuncts: readonly Filter[], scope: Scope, most: number): Script<Few | undefined> {
  if (conjuncts.length < 2) return undefined;
  const known: (Known & { readonly size: number })[] = [];
  for (const term of conjuncts.slice(0, mostProbed)) {
    const ways = waysTo(term, scope);
    if (!ways || ways.length > mostAlternatives) continue;
    const rows = rowsOf(ways, most * mostCompared);
    const size =
      (yield* first<{ readonly size: number }>(sql(`SELECT count(*) AS size ${rows.sql}`, ...rows.values), true))
        ?.size ?? 0;
    if (size <= most * mostCompared) known.push({ term, ways, size });
  }
  const [one, other] = known.toSorted((a, b) => a.size - b.size);
  if (!one || !other) return undefined;
  const parts = [one, other].map(({ ways }) => {
    const rows = rowsOf(ways, most * mostCompared);
    return sql(`SELECT row ${rows.sql}`, ...rows.values);
  });
  const common = list(parts, ' INTERSECT ');
  const found = yield* all<{ readonly row: number }>(sql(`${common.sql} LIMIT ${most + 1}`, ...common.values), true);
  if (found.length > most) return undefined;
  return { rows: found.map(({ row }) => row), answered: [...answeredBy(one), ...answeredBy(other)] };
}

/** The rows that the ways lead to together; undefined when there are more than `most`. */
function* probe(ways: readonly Way[], most: number): Script<readonly number[] | undefined> {
  const rows = rowsOf(ways, most);
  const found = yield* all<{ readonly row: number }>(sql(`SELECT row ${rows.sql}`, ...rows.values));
  return found.length > most ? undefined : found.map(({ row }) => row);
}

/** The rows that the ways lead to together, as a `FROM`. Of a way that is cut there are more than `most` all the same. */
function rowsOf(ways: readonly Way[], most: number): Fragment {
  // Rounded up to a power of two, so that few statements serve all lengths.
  const limit = 2 ** Math.ceil(Math.log2(most + 1));
  const parts = ways.map(({ rows, order = '' }) =>
    sql(`SELECT row FROM (${rows.sql}${order} LIMIT ${limit}) AS w`, ...rows.values),
  );
  const every = list(parts, ' UNION ');
  return sql(`FROM (${every.sql}) AS u`, ...every.values);
}

/** A query for the rows that an index says fulfil a condition. */
interface Way {
  readonly rows: Fragment;
  readonly exact: boolean;
  /** The order of the index, without which a planner may collect a whole range before it takes the first few. */
  readonly order?: string;
}

/** Ways that lead to all rows which fulfil it; undefined when an index does not. */
function waysTo(filter: Filter, scope: Scope): readonly Way[] | undefined {
  if (filter.op === 'or') {
    const found = filter.terms.map((term) => waysTo(term, scope));
    return found.every((ways) => ways !== undefined) ? found.flat() : undefined;
  }
  if (filter.op === 'and') {
    const [first] = filter.terms.flatMap((term) => {
      const ways = waysTo(term, scope);
      return ways ? [ways] : [];
    });
    return first?.map((way) => ({ ...way, exact: filter.terms.length === 1 && way.exact }));
  }
  const posted = postedRows(filter, scope.family, scope.tenantId);
  if (posted) return [posted.range ? { ...posted, order: ' ORDER BY p.value' } : posted];
  if (filter.op === 'any') {
    const rows = tupleRows(filter, scope);
    return rows && [rows];
  }
  return columnWay(filter, scope);
}

function columnWay(filter: Filter, scope: Scope): readonly Way[] | undefined {
  const { family, tenantId } = scope;
  if (!selects(filter)) return undefined;
  const at = filter.path.join('/');
  const hot = family.hot.find(({ name }) => name === at);
  if (!isId(filter.path) && !hot) return undefined;
  const { sql: test, values } = filterSql(filter, scope);
  const from = `SELECT r.row FROM ${quoted(tableOf(family))} AS r WHERE r.tenant = ? AND r.scope = ? AND ${test}`;
  return [
    { rows: sql(from, tenantId, '', ...values), exact: true, ...(isRange(filter) ? { order: orderOf(hot) } : {}) },
  ];
}

const isRange = ({ op }: Filter): boolean => ['gt', 'ge', 'lt', 'le', 'startsWith'].includes(op);

/** Of the index of a column, as it is defined. */
const orderOf = (hot: HotProperty | undefined): string =>
  hot ? ` ORDER BY r.${quoted(columnOf(hot))}${hot.ordered ? ' NULLS FIRST' : ''}` : ' ORDER BY r.key';

/** An index leads to what fulfils it; null is in some indexes only. */
function selects(filter: Filter): filter is Extract<Filter, { readonly path: unknown }> {
  if (filter.op === 'eq') return filter.value !== null;
  if (filter.op === 'in') return !filter.values.includes(null);
  return isRange(filter);
}
