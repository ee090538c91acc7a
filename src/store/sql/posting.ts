import { createHash } from 'node:crypto';
import type { Filter } from '../../model/index.ts';
import type { Axis, Family } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { indexPrefix, indexText, openAxis, openText, type Posting, postingsOf, reversed } from '../postings.ts';
import { afterPrefix } from './after-prefix.ts';
import { type Fragment, joined, quoted, sql } from './fragment.ts';
import { tableOf } from './layout.ts';
import { run, type Script } from './script.ts';

type Values = Readonly<Record<string, unknown>>;

export const hasPostings = ({ axes, open }: Family): boolean => axes.length > 0 || open;

/** What it holds is part of the name, so that an index of something else gets a table of its own. */
export function postingTableOf(family: Family): string {
  const known = tables.get(family);
  if (known !== undefined) return known;
  const content = JSON.stringify([form, family.open, family.axes.map(({ name, as }) => [name, as])]);
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 8);
  const table = `${postingPrefix(family)}${digest}`;
  tables.set(family, table);
  return table;
}

const tables = new WeakMap<Family, string>();
/** Another way to write entries gets another number. */
const form = 1;

/** The names of all the tables that ever held the index of a family begin so. */
export const postingPrefix = (family: Pick<Family, 'name'>): string => `p_${tableOf(family).slice(2)}_`;

/** Entries of one statement: few statements serve all lengths, which are rounded up by repeating the last entry. */
const mostAtOnce = 64;

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += mostAtOnce) {
    const some = items.slice(at, at + mostAtOnce);
    const length = 2 ** Math.ceil(Math.log2(some.length));
    yield [...some, ...some.slice(-1).flatMap((last) => Array.from({ length: length - some.length }, () => last))];
  }
}

/** Adds the entries of a row. */
function* addPostings(tenantId: string, family: Family, added: readonly Posting[], row: number): Script<void> {
  for (const some of chunks(added)) {
    yield* run(
      sql(
        `INSERT INTO ${quoted(postingTableOf(family))} (tenant, name, value, row)
         VALUES ${some.map(() => '(?, ?, ?, ?)').join(', ')} ON CONFLICT DO NOTHING`,
        ...some.flatMap(({ name, value }) => [tenantId, name, value, row]),
      ),
    );
  }
}

function* removePostings(tenantId: string, family: Family, gone: readonly Posting[], row: number): Script<void> {
  for (const [name, postings] of Map.groupBy(gone, (posting) => posting.name)) {
    for (const some of chunks(postings)) {
      yield* run(
        sql(
          `DELETE FROM ${quoted(postingTableOf(family))}
           WHERE tenant = ? AND name = ? AND value IN (${some.map(() => '?').join(', ')}) AND row = ?`,
          ...[tenantId, name, ...some.map(({ value }) => value), row],
        ),
      );
    }
  }
}

/** Makes the index say of a row what its new values say. `before` and `next`: undefined where there is no entity. */
export function* replacePostings(
  tenantId: string,
  family: Family,
  before: Values | undefined,
  next: Values | undefined,
  row: number,
): Script<void> {
  if (!hasPostings(family)) return;
  if (!before) {
    yield* addPostings(tenantId, family, next ? postingsOf(family, next) : [], row);
    return;
  }
  const [old, wanted] = [before, next].map((values) => (values ? postingsOf(family, values) : []));
  const key = ({ name, value }: Posting) => `${name}\n${value}`;
  const [known, kept] = [old, wanted].map((postings = []) => new Set(postings.map(key)));
  yield* removePostings(
    tenantId,
    family,
    (old ?? []).filter((one) => !kept?.has(key(one))),
    row,
  );
  yield* addPostings(
    tenantId,
    family,
    (wanted ?? []).filter((one) => !known?.has(key(one))),
    row,
  );
}

/** The rows that a test finds in the index of single values, as a query for `p.row`. */
export interface PostedRows {
  readonly rows: Fragment;
  /** Nothing else is among them. */
  readonly exact: boolean;
  /** They are one stretch of the index, between two values. */
  readonly range?: true;
}

/** Undefined when the index does not serve the test. */
export function postedRows(filter: Filter, family: Family, tenantId: string): PostedRows | undefined {
  const condition = filter.op === 'any' ? onElements(filter, family) : onEntity(filter, family);
  if (!condition) return undefined;
  const { test, ...found } = condition;
  const from = `SELECT p.row FROM ${quoted(postingTableOf(family))} AS p WHERE p.tenant = ? AND ${test.sql}`;
  return { rows: sql(from, tenantId, ...test.values), ...found };
}

interface Condition extends Omit<PostedRows, 'rows'> {
  readonly test: Fragment;
}

const on = (name: string, test: Fragment): Fragment => sql(`p.name = ? AND ${test.sql}`, name, ...test.values);

const equal = (name: string, value: string): Condition => ({ test: on(name, sql('p.value = ?', value)), exact: true });

/** Between two texts; `before` is not among them. */
const between = (name: string, from: string | undefined, before: string | undefined): Fragment =>
  on(
    name,
    joined(
      [
        ...(from === undefined ? [] : [sql('p.value >= ?', from)]),
        ...(before === undefined ? [] : [sql('p.value < ?', before)]),
        ...(from === undefined && before === undefined ? [sql('TRUE')] : []),
      ],
      ' AND ',
    ),
  );

function beginning(name: string, folded: string): Condition {
  const prefix = indexPrefix(folded);
  return { test: between(name, prefix, afterPrefix(prefix)), exact: prefix === folded, range: true };
}

function onEntity(filter: Filter, family: Family): Condition | undefined {
  if (!('path' in filter) || filter.op === 'any' || filter.op === 'all') return undefined;
  const axis = (as: Axis['as']) =>
    family.axes.find((one) => one.as === as && !one.member && one.path.join('/') === filter.path.join('/'));
  if (filter.op === 'word') return named(axis('words'), (name) => beginning(name, foldText(filter.value)));
  if (filter.op === 'endsWith')
    return named(axis('reversed'), (name) => beginning(name, reversed(foldText(filter.value))));
  const [member] = filter.path;
  const declared = family.types.some(({ properties }) => Object.hasOwn(properties, member ?? ''));
  if (!family.open || declared || filter.path.length !== 1 || !member || member === 'id') return undefined;
  return onOpen(filter, member, false);
}

const named = (axis: Axis | undefined, test: (name: string) => Condition): Condition | undefined =>
  axis && test(axis.name);

/** A test of an undeclared member, or of an element of one. */
function onOpen(filter: Filter, member: string, element: boolean): Condition | undefined {
  const name = openAxis(member, '', element);
  switch (filter.op) {
    case 'eq':
      if (filter.value === null) return undefined;
      return equal(openAxis(member, filter.value, element), openText(filter.value));
    case 'in': {
      const values = filter.values.filter((value) => value !== null);
      if (values.length < filter.values.length || values.length === 0) return undefined;
      const parts = values.map((value) => equal(openAxis(member, value, element), openText(value)).test);
      return { test: joined(parts, ' OR '), exact: true };
    }
    default:
      return onText(filter, name);
  }
}

/** A test of text on an axis that holds it as it is. */
function onText(filter: Filter, name: string): Condition | undefined {
  switch (filter.op) {
    case 'eq':
      return typeof filter.value === 'string' ? equal(name, indexText(foldText(filter.value))) : undefined;
    case 'in': {
      const texts = filter.values.filter((value) => typeof value === 'string');
      if (texts.length < filter.values.length || texts.length === 0) return undefined;
      return {
        test: joined(
          texts.map((text) => equal(name, indexText(foldText(text))).test),
          ' OR ',
        ),
        exact: true,
      };
    }
    case 'startsWith':
      return beginning(name, foldText(filter.value));
    case 'ge':
    case 'gt':
      return typeof filter.value === 'string'
        ? { test: between(name, from(filter.value), undefined), exact: false, range: true }
        : undefined;
    case 'le':
    case 'lt':
      return typeof filter.value === 'string'
        ? { test: between(name, undefined, upTo(filter.value)), exact: false, range: true }
        : undefined;
    default:
      return undefined;
  }
}

const from = (value: string): string => indexPrefix(foldText(value));

/** Greater than the text and all that begin with it, so that nothing is left out. */
const upTo = (value: string): string | undefined => afterPrefix(indexPrefix(foldText(value)));

/** `x/any(e: …)`: an element fulfils one test, or one of several. Of tests that it must fulfil together one is looked up. */
function onElements({ path, where }: Extract<Filter, { op: 'any' | 'all' }>, family: Family): Condition | undefined {
  if (!where) return undefined;
  if (where.op === 'and') {
    const found = where.terms.flatMap((term) => onElements({ op: 'any', path, where: term }, family) ?? []);
    const [first] = found;
    return first && { ...first, exact: false };
  }
  if (where.op === 'or') {
    const found = where.terms.map((term) => onElements({ op: 'any', path, where: term }, family));
    const known = found.filter((one) => one !== undefined);
    if (known.length < found.length || known.length === 0) return undefined;
    const parts = known.map(({ test }) => sql(`(${test.sql})`, ...test.values));
    return { test: joined(parts, ' OR '), exact: known.every(({ exact }) => exact) };
  }
  return onElement(path, where, family);
}

function onElement(path: readonly string[], where: Filter, family: Family): Condition | undefined {
  if (!('path' in where)) return undefined;
  const [at, inside] = [path.join('/'), where.path.join('/')];
  const axis = (as: Axis['as']) =>
    family.axes.find((one) => one.as === as && one.path.join('/') === at && (one.member ?? []).join('/') === inside);
  if (where.op === 'endsWith')
    return named(axis('reversed'), (name) => beginning(name, reversed(foldText(where.value))));
  const value = axis('value');
  if (value) return onText(where, value.name);
  const [member] = path;
  const undeclared = !family.types.some(({ properties }) => Object.hasOwn(properties, member ?? ''));
  return family.open && undeclared && member && path.length === 1 && inside === ''
    ? onOpen(where, member, true)
    : undefined;
}
