import type { Page, Query } from '../../model/index.ts';
import { faults } from '../faults.ts';
import type { Limits } from '../limits.ts';
import { sortedPage } from '../sorted-page.ts';
import type { Row } from '../store.ts';
import { type Access, chooseAccess } from './access.ts';
import { briefPage } from './brief.ts';
import { countAll } from './count.ts';
import { isSorted } from './find.ts';
import { rowReader, toRow } from './rows.ts';
import type { Script } from './script.ts';
import { type Search, searchBy } from './search.ts';
import type { View } from './view.ts';
import { everyMatch, walk } from './walk.ts';

/**
 * A page of what is found. Where there may be millions, and where SQL does not answer everything, what is examined is bounded: a page may
 * then end before it is full, and the number of all matches be left out. Throws `store.badCursor`, `store.undeclared`, `store.tooWide`.
 */
export function* findPage(view: View, query: Query, limits: Limits): Script<Page<Row>> {
  const family = view.catalogue.family(query.type);
  if (!isSorted(view, query)) return yield* sortHere(view, query, limits);
  const access = yield* chooseAccess(view, query, family, limits);
  const count = query.count ? yield* countAll(view, query, access, limits) : undefined;
  const search = searchBy(view, query, access);
  const page = (yield* briefPage(view, query, search)) ?? (yield* wholePage(view, query, search, limits, access.kind));
  return count === undefined ? page : { ...page, count };
}

function* wholePage(view: View, query: Query, search: Search, limits: Limits, kind: Access['kind']): Script<Page<Row>> {
  const direct = kind !== 'windows' && search.left.length === 0;
  const { found, next } = direct
    ? yield* search.batch(query, query.limit)
    : yield* walk({ view, search, limits }, query);
  return { items: found.map(rowReader(view, query.only)), ...(next === undefined ? {} : { next }) };
}

/** A page in an order that SQL does not give. Throws `store.tooWide`. */
function* sortHere(view: View, query: Query, limits: Limits): Script<Page<Row>> {
  const { order: _, after: __, skip: ___, ...unordered } = query;
  const access = yield* chooseAccess(view, unordered, view.catalogue.family(query.type), limits);
  const search = searchBy(view, unordered, access);
  const every = yield* everyMatch({ view, search, limits }, unordered);
  if (!every) throw faults.tooWide();
  const matches = every.map((columns) => ({
    row: toRow(columns, view.catalogue),
    key: columns.key,
    created: columns.row,
  }));
  return sortedPage(matches, query);
}
