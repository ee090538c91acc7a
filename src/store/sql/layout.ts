import { createHash } from 'node:crypto';
import type { Catalogue, Family, HotProperty, TupleProperty } from '../catalogue.ts';
import { type Comparable, comparable, valueAt } from '../comparable.ts';

type Values = Readonly<Record<string, unknown>>;

/** Columns every family table has; hot properties follow. `key` is the folded id, `row` the sequence of the creation. */
export interface EntityColumns {
  readonly row: number;
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly etag: number;
  /** JSON of a place trail, or null at the top. */
  readonly place: string | null;
  readonly body: string;
}

export const entityColumns = 'r.row, r.key, r.id, r.type, r.etag, r.place, r.body';

/** PostgreSQL cuts longer names without a word. */
const longestName = 63;

/** The name itself, or the beginning of a long one with a digest of the whole. */
export function fitted(name: string): string {
  if (name.length <= longestName) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longestName - digest.length - 1)}_${digest}`;
}

const word = (name: string): string => name.replace(/\W/g, '_');

const names = new Map<string, string>();

/** Every statement is made of the names of the model, of which there is an end. */
function nameOf(prefix: string, name: string): string {
  const key = `${prefix}_${name}`;
  const known = names.get(key) ?? fitted(`${prefix}_${word(name)}`);
  names.set(key, known);
  return known;
}

export const tableOf = (family: Pick<Family, 'name'>): string => nameOf('e', family.name);

/** The kind is part of the name, so that a property that changes its kind gets a column of its own. */
export const columnOf = ({ kind, name }: Pick<HotProperty, 'kind' | 'name'>): string => nameOf(kind, name);

/** The members are part of the name, so that a tuple that changes gets a table of its own. */
export const tupleTableOf = (family: Family, { name, members }: TupleProperty): string =>
  fitted(`t_${[family.name, name, ...members.map((member) => member.name)].map(word).join('_')}`);

export const hotValue = (values: unknown, property: Pick<HotProperty, 'name'>): Comparable =>
  comparable(valueAt(values, pathOf(property)));

const paths = new Map<string, readonly string[]>();

/** Asked of each property of each row that is written; names come from the model, so there is an end to them. */
function pathOf({ name }: Pick<HotProperty, 'name'>): readonly string[] {
  const known = paths.get(name);
  if (known) return known;
  const path = name.split('/');
  paths.set(name, path);
  return path;
}

/** The distinct tuples of an entity; one with a missing member is kept but collides with nothing. */
export function tuplesOf(values: Values, { name, members }: TupleProperty): readonly (readonly Comparable[])[] {
  const items = valueAt(values, [name]);
  const tuples = (Array.isArray(items) ? items : []).map((item) => members.map((member) => hotValue(item, member)));
  return [...new Map(tuples.map((tuple) => [JSON.stringify(tuple), tuple])).values()];
}

export const containable = (catalogue: Catalogue): readonly Family[] =>
  catalogue.families.filter(({ contained }) => contained);
