import type { Query } from '../../model/index.ts';
import { faults } from '../faults.ts';
import type { Limits } from '../limits.ts';
import type { FoundColumns } from './find.ts';
import { judge } from './judge.ts';
import { toRow } from './rows.ts';
import type { Script } from './script.ts';
import type { Batch, Search } from './search.ts';
import type { View } from './view.ts';

/** A search that goes on batch by batch until it has what it wants, or examined enough. */
export interface Walk {
  readonly view: View;
  readonly search: Search;
  readonly limits: Limits;
}

type Found = Pick<Batch, 'found' | 'next'>;

/** Throws `store.tooWide` when it ends before all was passed over that should be: no token tells how much is still to be. */
export function* walk({ view, search, limits: { window, walked } }: Walk, query: Query): Script<Found> {
  const { skip = 0, ...asked } = query;
  const wanted = skip + query.limit;
  const found: FoundColumns[] = [];
  let at: Place = {};
  let size = window.first;
  for (let examined = 0; examined < walked.page && found.length < wanted; examined += size) {
    if (examined > 0) size = window.next;
    const limit = wanted - found.length;
    const step = taken(yield* matching(view, search, { ...asked, ...at, limit }, size), limit);
    found.push(...step.found);
    at = step.at;
    if (at.after === undefined) break;
  }
  if (found.length < skip && at.after !== undefined) throw faults.tooWide();
  return { found: found.slice(skip), ...(at.after === undefined ? {} : { next: at.after }) };
}

/** Where a walk goes on. */
type Place = Pick<Query, 'after'>;

/** As many of a batch as are wanted, and where the next ones are looked for; nowhere when there are none. */
function taken({ found: all, next, cursorAt }: Batch, limit: number): Pick<Found, 'found'> & { readonly at: Place } {
  const found = all.slice(0, limit);
  const last = found.at(-1);
  // A full page ends with its last row; whether another one matches is for the next page to say.
  const more = next !== undefined || all.length > limit;
  if (last && found.length === limit && more) return { found, at: { after: cursorAt(last) } };
  return { found, at: next === undefined ? {} : { after: next } };
}

/** A batch without the rows that do not fulfil what is left to ask. */
function* matching(view: View, search: Search, query: Query, size: number): Script<Batch> {
  const batch = yield* search.batch(query, size);
  if (search.left.length === 0) return batch;
  const rows = batch.found.map((row) => toRow(row, view.catalogue));
  const verdicts = yield* judge(view, rows, search.left);
  return { ...batch, found: batch.found.filter((_, index) => verdicts[index]) };
}

/** All that a query matches; undefined when it would take too long. */
export function* everyMatch(
  { view, search, limits: { window, walked } }: Walk,
  query: Query,
): Script<readonly FoundColumns[] | undefined> {
  const found: FoundColumns[] = [];
  let at: Place = {};
  for (let examined = 0; examined < walked.page; examined += window.next) {
    const batch = yield* matching(view, search, { ...query, ...at, limit: window.next }, window.next);
    found.push(...batch.found);
    if (batch.next === undefined) return found;
    at = { after: batch.next };
  }
  return undefined;
}
