import type { Filter, Page, Query } from '../../model/index.ts';
import { matches } from '../evaluate.ts';
import { faults } from '../faults.ts';
import { type Match, sortedPage } from '../sorted-page.ts';
import { type FoundColumns, findStatements } from '../sql/find.ts';
import { toRow } from '../sql/rows.ts';
import type { Row } from '../store.ts';
import { linked, type Reading } from './reading.ts';
import { subjectsOf } from './subjects.ts';

/** Rows read at once. */
const chunk = 500;
/** Rows looked at for one answer, so that a condition which hardly anything fulfils has an end. */
const mostExamined = 10_000;

interface Candidate extends Match {
  /** The reference evaluator says that it matches. */
  readonly matching: boolean;
  /** The token of the page behind it. */
  readonly cursor: () => string;
}

/** A page in an order that SQL gives, of what a filter says that SQL does not reach. `cut`: what it reaches of it. */
export async function chosenPage(reading: Reading, query: Query, cut: Filter | undefined): Promise<Page<Row>> {
  const count = query.count ? await countHere(reading, query, cut) : undefined;
  const counted = count === undefined ? {} : { count };
  const found: Candidate[] = [];
  const skip = query.skip ?? 0;
  let examined = 0;
  for await (const candidate of candidates(reading, query, cut)) {
    examined += 1;
    if (candidate.matching) found.push(candidate);
    // One match more than asked for tells that there is a next page.
    const full = found.length > skip + query.limit;
    if (!full && examined < mostExamined) continue;
    // A token says where the page ended, not how many matches were still to be passed over.
    if (found.length < skip) throw faults.tooWide();
    const items = found.slice(skip, skip + query.limit);
    const last = full ? items.at(-1) : candidate;
    return { items: rowsOf(items), ...(last ? { next: last.cursor() } : {}), ...counted };
  }
  return { items: rowsOf(found.slice(skip)), ...counted };
}

const rowsOf = (candidates: readonly Candidate[]): readonly Row[] => candidates.map(({ row }) => row);

/** A page in an order that SQL does not give. Throws `store.tooWide`. */
export async function sortedHere(reading: Reading, query: Query, cut: Filter | undefined): Promise<Page<Row>> {
  const { order: _, after: __, ...unordered } = query;
  const found: Match[] = [];
  let examined = 0;
  for await (const candidate of candidates(reading, unordered, cut)) {
    examined += 1;
    if (examined > mostExamined) throw faults.tooWide();
    if (candidate.matching) found.push(candidate);
  }
  return sortedPage(found, query);
}

/** Undefined when that would take too long. */
async function countHere(reading: Reading, query: Query, cut: Filter | undefined): Promise<number | undefined> {
  const { order: _, after: __, ...whole } = query;
  let [examined, count] = [0, 0];
  for await (const { matching } of candidates(reading, whole, cut)) {
    examined += 1;
    if (examined > mostExamined) return undefined;
    if (matching) count += 1;
  }
  return count;
}

/** Everything that the first cut lets through, in the query's order, chunk by chunk. */
async function* candidates(reading: Reading, query: Query, cut: Filter | undefined): AsyncGenerator<Candidate> {
  const { filter, skip: _, count: __, ...rest } = query;
  const limited = { ...rest, limit: chunk, ...(cut ? { filter: cut } : {}) };
  let next = query.after;
  do {
    const asked = next === undefined ? limited : { ...limited, after: next };
    const statements = findStatements(reading, asked);
    const found = await reading.ask<FoundColumns>(statements.page);
    const here = found.slice(0, chunk).map((columns) => ({ columns, row: toRow(columns, reading.catalogue) }));
    const verdicts = await judge(
      reading,
      here.map(({ row }) => row),
      filter,
    );
    for (const [index, { columns, row }] of here.entries()) {
      const matching = verdicts[index] ?? false;
      yield { row, key: columns.key, created: columns.row, matching, cursor: () => statements.cursorAt(columns) };
    }
    const last = here.at(-1);
    next = last && found.length > chunk ? statements.cursorAt(last.columns) : undefined;
  } while (next !== undefined);
}

async function judge(reading: Reading, rows: readonly Row[], filter: Filter | undefined): Promise<readonly boolean[]> {
  if (!filter) return rows.map(() => true);
  const { catalogue } = reading;
  const subjects = await subjectsOf(rows, filter, {
    refOf: ({ type, id, within }) => ({ type: catalogue.type(type), id, ...(within ? { within } : {}) }),
    follow: (sources, navigation) => linked(reading, sources, navigation),
  });
  return subjects.map((subject) => matches(filter, subject));
}
