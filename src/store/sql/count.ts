import type { Query } from '../../model/index.ts';
import type { Limits } from '../limits.ts';
import { type Access, chooseAccess } from './access.ts';
import type { FoundColumns } from './find.ts';
import { limited, sql } from './fragment.ts';
import { postedRows } from './posting.ts';
import { first, type Script } from './script.ts';
import { type Search, searchBy } from './search.ts';
import type { View } from './view.ts';
import { everyMatch } from './walk.ts';
import { windowStatements } from './window.ts';

/** How many a query matches, on all its pages; undefined when it would take too long. */
export function* countAll(view: View, query: Query, access: Access, limits: Limits): Script<number | undefined> {
  const { after: _, skip: __, ...whole } = query;
  const { filter, order: ___, ...every } = whole;
  if (access.kind === 'windows' && (filter?.op === 'not' || filter?.op === 'ne')) {
    const others = { ...every, filter: filter.op === 'not' ? filter.term : { ...filter, op: 'eq' as const } };
    const way = yield* chooseAccess(view, others, view.catalogue.family(query.type), limits);
    const known = way.kind === 'windows' ? undefined : yield* countBy(view, others, way, limits);
    const all = known === undefined ? undefined : yield* countBy(view, every, { kind: 'plain' }, limits);
    if (known !== undefined && all !== undefined) return all - known;
  }
  return yield* countBy(view, whole, access, limits);
}

function* countBy(view: View, query: Query, access: Access, limits: Limits): Script<number | undefined> {
  if (!query.filter && !query.within && view.catalogue.family(query.type).large) {
    return yield* countWhole(view, query, limits);
  }
  const search = searchBy(view, query, access);
  if (search.left.length > 0) return (yield* everyMatch({ view, search, limits }, query))?.length;
  if (access.kind !== 'windows') return (yield* search.count(query, query.limit)).count;
  return (yield* countPosted(view, query, limits)) ?? (yield* countWalking(search, query, limits));
}

interface Posted {
  readonly entries: number;
  readonly count: number;
}

/** Those that the index of single values alone tells; undefined when it does not, or has too many entries. */
function* countPosted(view: View, { type, filter }: Query, { walked }: Limits): Script<number | undefined> {
  const family = view.catalogue.family(type);
  const posted = filter && postedRows(filter, family, view.tenantId);
  // The index holds neither types nor places.
  if (!posted?.exact || family.name !== type.name || family.contained) return undefined;
  const { sql: rows, values } = posted.rows;
  const found = yield* first<Posted>(
    sql(
      `SELECT count(*) AS entries, count(DISTINCT row) AS count FROM (${rows} ${limited}) AS p`,
      ...[...values, walked.count + 1],
    ),
    true,
  );
  return found && found.entries <= walked.count ? found.count : undefined;
}

function* countWalking(search: Search, query: Query, { window, walked }: Limits): Script<number | undefined> {
  let [at, count]: [Pick<Query, 'after'>, number] = [{}, 0];
  for (let examined = 0; examined < walked.count; examined += window.next) {
    const step = yield* search.count({ ...query, ...at }, window.next);
    count += step.count;
    if (step.next === undefined) return count;
    at = { after: step.next };
  }
  return undefined;
}

/** Windows passed over in one statement, and rows in all. */
const windowsAtOnce = 16;
const mostPassed = 10_000_000;

/**
 * All there are. One statement would count a million in 60 to 80 ms, and an engine that answers at once answers nobody else meanwhile;
 * stretch by stretch of the index others get their turn.
 */
function* countWhole(view: View, { order: _, ...query }: Query, { window }: Limits): Script<number | undefined> {
  const size = window.next * windowsAtOnce;
  let at: Pick<Query, 'after'> = {};
  for (let passed = 0; passed < mostPassed; passed += size) {
    const { end, count, cursorAt } = windowStatements(view, { ...query, ...at }, { along: [], tests: [] }, size);
    const last = yield* first<FoundColumns>(end, true);
    if (!last) return passed + ((yield* first<{ readonly count: number }>(count, true))?.count ?? 0);
    at = { after: cursorAt(last) };
  }
  return undefined;
}
