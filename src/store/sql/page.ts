import type { Page, Query } from '../../model/index.ts';
import type { Family } from '../catalogue.ts';
import type { Row } from '../store.ts';
import { type Access, chooseAccess } from './access.ts';
import { type FoundColumns, findStatements } from './find.ts';
import { type Limits, usualLimits } from './limits.ts';
import { pageOf, toRow, type View } from './rows.ts';
import { first, all as rowsOf, type Script } from './script.ts';
import { windowStatements } from './window.ts';

/**
 * A page of what is found. In a family that may hold millions, what is examined is bounded: a page may then end before it is
 * full, and the number of all matches be left out. Throws `store.badCursor`, `store.undeclared`.
 */
export function* findPage(view: View, query: Query, limits: Limits = usualLimits): Script<Page<Row>> {
  const family = view.catalogue.family(query.type);
  const access = yield* chooseAccess(view, query, family, limits);
  const count = query.count ? yield* countAll(view, query, family, access, limits) : undefined;
  if (access.kind === 'windows') return yield* walk(view, query, access, count, limits);
  const statements = findStatements(view, narrowed(query, access), listedIn(access));
  return pageOf(yield* rowsOf<FoundColumns>(statements.page), query, statements, view.catalogue, count);
}

/** The query without the conditions that the access fulfils. */
function narrowed(query: Query, access: Access): Query {
  if (access.kind !== 'rows') return query;
  const { filter: _, ...rest } = query;
  return access.tests.length > 0 ? { ...rest, filter: { op: 'and', terms: access.tests } } : rest;
}

const listedIn = (access: Access): readonly number[] | undefined => (access.kind === 'rows' ? access.rows : undefined);

type Windows = Extract<Access, { readonly kind: 'windows' }>;

/** Goes along an order, window by window, until the page is full, the order ends or enough was examined. */
function* walk(
  view: View,
  query: Query,
  access: Windows,
  count: number | undefined,
  { window, walked }: Limits,
): Script<Page<Row>> {
  const found: FoundColumns[] = [];
  let at: Place = query.after === undefined ? {} : { after: query.after };
  let size = window.first;
  for (let examined = 0; examined < walked.page && found.length < query.limit; examined += size) {
    if (examined > 0) size = window.next;
    const step = yield* stepOn(view, { ...query, limit: query.limit - found.length }, access, at, size);
    found.push(...step.found);
    at = step.at;
    if (at.after === undefined) break;
  }
  return {
    items: found.map((row) => toRow(row, view.catalogue)),
    ...(at.after === undefined ? {} : { next: at.after }),
    ...(count === undefined ? {} : { count }),
  };
}

/** Where a walk goes on. */
type Place = Pick<Query, 'after'>;

/** What one window adds to a page, and where the next one begins; nowhere when the order has ended. */
function* stepOn(view: View, query: Query, access: Windows, at: Place, size: number) {
  const statements = windowStatements(view, { ...query, ...at }, access, size);
  const matching = yield* rowsOf<FoundColumns>(statements.page);
  const found = matching.slice(0, query.limit);
  const last = found.at(-1);
  if (last && matching.length > found.length) return { found, at: { after: statements.cursorAt(last) } };
  const end = yield* first<FoundColumns>(statements.end);
  if (!end) return { found, at: {} };
  // A full page ends with its last row; whether another one matches is for the next page to say.
  const behind = last && found.length === query.limit ? last : end;
  return { found, at: { after: statements.cursorAt(behind) } };
}

/** Undefined when it would take too long. */
function* countAll(
  view: View,
  query: Query,
  family: Family,
  access: Access,
  limits: Limits,
): Script<number | undefined> {
  const { after: _, order: __, ...whole } = query;
  if (access.kind !== 'windows') return yield* counted(view, narrowed(whole, access), access);
  const { filter } = query;
  if (filter?.op === 'not' || filter?.op === 'ne') {
    const opposite = filter.op === 'not' ? filter.term : { ...filter, op: 'eq' as const };
    const { filter: ___, ...every } = whole;
    const others = { ...every, filter: opposite };
    const way = yield* chooseAccess(view, others, family, limits);
    if (way.kind !== 'windows') {
      const all = yield* counted(view, every, { kind: 'plain' });
      return all - (yield* counted(view, narrowed(others, way), way));
    }
  }
  return yield* countWalking(view, whole, access, limits);
}

function* counted(view: View, query: Query, access: Exclude<Access, Windows>): Script<number> {
  const found = yield* first<{ readonly count: number }>(findStatements(view, query, listedIn(access)).count);
  return found?.count ?? 0;
}

function* countWalking(
  view: View,
  query: Query,
  access: Windows,
  { window, walked }: Limits,
): Script<number | undefined> {
  let after: string | undefined;
  let count = 0;
  for (let examined = 0; examined < walked.count; examined += window.next) {
    const asked = after === undefined ? query : { ...query, after };
    const statements = windowStatements(view, asked, access, window.next);
    count += (yield* first<{ readonly count: number }>(statements.count))?.count ?? 0;
    const end = yield* first<FoundColumns>(statements.end);
    if (!end) return count;
    after = statements.cursorAt(end);
  }
  return undefined;
}
