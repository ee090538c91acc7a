import type { Query } from '../../model/index.ts';
import type { Row } from '../store.ts';
import { quoted, sql } from './fragment.ts';
import { type EntityColumns, entityColumns, tableOf } from './layout.ts';
import { rowReader } from './rows.ts';
import { all, type Script } from './script.ts';
import type { Search } from './search.ts';
import type { View } from './view.ts';

interface Found {
  readonly items: readonly Row[];
  readonly next?: string;
}

/**
 * A page of rows most of which are known: asked for are their numbers, and the whole of those alone that are not. Undefined where few are known,
 * or where something was written between the two questions.
 */
export function* briefPage(view: View, query: Query, search: Search): Script<Found | undefined> {
  const { known } = view;
  const { only } = query;
  if (!known || !only || !search.brief || !known.isUsual(only)) return undefined;
  const { found, next } = yield* search.brief(query);
  const rows = found.map(({ etag }) => known.find(only, etag));
  const missing = found.filter((_, at) => !rows[at]).map(({ row }) => row);
  const read = missing.length > 0 ? yield* readWhole(view, query, missing) : undefined;
  const items: Row[] = [];
  for (const [at, { etag }] of found.entries()) {
    const row = rows[at] ?? read?.get(etag);
    if (!row) return undefined;
    items.push(row);
  }
  return { items, ...(next === undefined ? {} : { next }) };
}

/** By the number of the write that made them what they are. */
function* readWhole(view: View, { type, only }: Query, numbers: readonly number[]): Script<ReadonlyMap<number, Row>> {
  const { catalogue, dialect, tenantId } = view;
  const listed = dialect.among({ ...sql('r.row'), kind: 'number' }, numbers);
  const from = `${quoted(tableOf(catalogue.family(type)))} AS r${dialect.byRow}`;
  const columns = yield* all<EntityColumns>(
    sql(`SELECT ${entityColumns} FROM ${from} WHERE r.tenant = ? AND ${listed.sql}`, tenantId, ...listed.values),
  );
  const reader = rowReader(view, only);
  return new Map(columns.map((one) => [one.etag, reader(one)]));
}
