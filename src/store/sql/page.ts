import type { Page, Query } from '../../model/index.ts';
import type { Family } from '../catalogue.ts';
import type { Row } from '../store.ts';
import { type Access, chooseAccess } from './access.ts';
import { type FoundColumns, findStatements } from './find.ts';
import { pageOf, toRow, type View } from './rows.ts';
import { first, all as rowsOf, type Script } from './script.ts';
import { windowStatements } from './window.ts';

/** Rows of the first window, and of those that follow. */
const windows = { first: 500, next: 4500 } as const;
/** Rows examined for one page, and for one number of all matches. */
const mostExamined = { page: 14_000, count: 200_000 } as const;

/**
 * A page of what is found. In a family that may hold millions, what is examined is bounded: a page may then end before it is
 * full, and the number of all matches be left out. Throws `store.badCursor`, `store.undeclared`.
 */
export function* findPage(view: View, query: Query): Script<Page<Row>> {
  const family = view.catalogue.family(query.type);
  const access = yield* chooseAccess(view, query, family);
  const count = query.count ? yield* countAll(view, query, family, access) : undefined;
  if (access.kind === 'windows') return yield* walk(view, query, access, count);
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

function* walk(view: View, query: Query, access: Windows, count: number | undefined): Script<Page<Row>> {
  const counted = count === undefined ? {} : { count };
  const items: FoundColumns[] = [];
  let after = query.after;
  let size: number = windows.first;
  for (let examined = 0; examined < mostExamined.page; examined += size) {
    if (examined > 0) size = windows.next;
    const asked = { ...query, limit: query.limit - items.length, ...(after === undefined ? {} : { after }) };
    const statements = windowStatements(view, asked, access, size);
    items.push(...(yield* rowsOf<FoundColumns>(statements.page)));
    if (items.length > query.limit) return { ...pageOf(items, query, statements, view.catalogue, count) };
    const end = yield* first<FoundColumns>(statements.end);
    if (!end) return { items: items.map((row) => toRow(row, view.catalogue)), ...counted };
    after = statements.cursorAt(end);
  }
  return {
    items: items.map((row) => toRow(row, view.catalogue)),
    ...(after === undefined ? {} : { next: after }),
    ...counted,
  };
}

/** Undefined when it would take too long. */
function* countAll(view: View, query: Query, family: Family, access: Access): Script<number | undefined> {
  const { after: _, order: __, ...whole } = query;
  if (access.kind !== 'windows') return yield* counted(view, narrowed(whole, access), access);
  const { filter } = query;
  if (filter?.op === 'not' || filter?.op === 'ne') {
    const opposite = filter.op === 'not' ? filter.term : { ...filter, op: 'eq' as const };
    const { filter: ___, ...every } = whole;
    const others = { ...every, filter: opposite };
    const way = yield* chooseAccess(view, others, family);
    if (way.kind !== 'windows') {
      const all = yield* counted(view, every, { kind: 'plain' });
      return all - (yield* counted(view, narrowed(others, way), way));
    }
  }
  return yield* countWalking(view, whole, access);
}

function* counted(view: View, query: Query, access: Exclude<Access, Windows>): Script<number> {
  const found = yield* first<{ readonly count: number }>(findStatements(view, query, listedIn(access)).count);
  return found?.count ?? 0;
}

function* countWalking(view: View, query: Query, access: Windows): Script<number | undefined> {
  let after: string | undefined;
  let count = 0;
  for (let examined = 0; examined < mostExamined.count; examined += windows.next) {
    const asked = after === undefined ? query : { ...query, after };
    const statements = windowStatements(view, asked, access, windows.next);
    count += (yield* first<{ readonly count: number }>(statements.count))?.count ?? 0;
    const end = yield* first<FoundColumns>(statements.end);
    if (!end) return count;
    after = statements.cursorAt(end);
  }
  return undefined;
}
