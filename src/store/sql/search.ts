import type { Filter, Query } from '../../model/index.ts';
import { shortStretch } from '../limits.ts';
import type { Access } from './access.ts';
import { type Cut, cutOf } from './cut.ts';
import { conjunctsOf } from './filter.ts';
import { type BriefColumns, type FindStatements, type FoundColumns, findStatements } from './find.ts';
import type { Fragment } from './fragment.ts';
import { all, first, type Script } from './script.ts';
import type { View } from './view.ts';
import { windowStatements } from './window.ts';

/** A part of what SQL finds. */
export interface Batch<C = FoundColumns> extends Pick<FindStatements, 'cursorAt'> {
  readonly found: readonly C[];
  /** Where the next one begins; absent at the end. */
  readonly next?: string;
}

/** A query as it is carried out on one way of access. The queries asked are parts of it: another place to begin, another limit. */
export interface Search {
  /** Conditions that SQL does not answer, to be asked of what it finds. */
  readonly left: readonly Filter[];
  /** The next rows of the order; where something is left to ask, all of them, else as many as the query wants. */
  batch(query: Query, size: number): Script<Batch>;
  /** As many as the query wants, in brief; absent where something is left to ask. */
  brief?(query: Query): Script<Batch<BriefColumns>>;
  /** The number of the next rows that SQL finds; all of them but on a walk. */
  count(query: Query, size: number): Script<{ readonly count: number; readonly next?: string }>;
}

export function searchBy(view: View, query: Query, access: Access): Search {
  const family = view.catalogue.family(query.type);
  const oneByOne = { ...view, family, oneByOne: true } as const;
  switch (access.kind) {
    case 'windows':
      return alongOrder(view, access.along, cutOf(access.tests, oneByOne));
    case 'rows':
      return amongRows(view, cutOf(access.tests, oneByOne), access.rows);
    case 'plain':
      return amongRows(view, cutOf(query.filter ? conjunctsOf(query.filter) : [], { ...view, family }));
    default:
      return access satisfies never;
  }
}

function amongRows(view: View, { asked, left }: Cut, rows?: readonly number[]): Search {
  const narrowed = ({ filter: _, ...query }: Query): Query => {
    const [only] = asked;
    if (!only) return query;
    return { ...query, filter: asked.length === 1 ? only : { op: 'and', terms: asked } };
  };
  return {
    left,
    *batch(query, size) {
      const limit = left.length > 0 ? size : query.limit;
      const statements = findStatements(view, { ...narrowed(query), limit }, rows);
      return batchOf(yield* all<FoundColumns>(statements.page), statements, limit);
    },
    ...(left.length > 0
      ? {}
      : {
          *brief(query: Query) {
            const statements = findStatements(view, narrowed(query), rows, true);
            return batchOf(yield* all<BriefColumns>(statements.page), statements, query.limit);
          },
        }),
    *count(query) {
      const isLarge = view.catalogue.family(query.type).large && !rows;
      return { count: yield* counted(findStatements(view, narrowed(query), rows).count, isLarge) };
    },
  };
}

function alongOrder(view: View, along: readonly Filter[], { asked, left }: Cut): Search {
  const conditions = { along, tests: asked };
  return {
    left,
    *batch(query, size) {
      const limit = left.length > 0 ? size : query.limit;
      const statements = windowStatements(view, { ...query, limit }, conditions, size);
      const wide = size > shortStretch;
      const batch = batchOf(yield* all<FoundColumns>(statements.page, wide), statements, limit);
      if (batch.next !== undefined) return batch;
      const end = yield* first<FoundColumns>(statements.end, wide);
      return end ? { ...batch, next: statements.cursorAt(end) } : batch;
    },
    *count(query, size) {
      const statements = windowStatements(view, query, conditions, size);
      const count = yield* counted(statements.count, true);
      const end = yield* first<FoundColumns>(statements.end, true);
      return end ? { count, next: statements.cursorAt(end) } : { count };
    },
  };
}

/** Of rows of which there is one more than wanted when there are more. */
function batchOf<C extends BriefColumns>(
  rows: readonly C[],
  { cursorAt }: Pick<FindStatements, 'cursorAt'>,
  limit: number,
): Batch<C> {
  const found = rows.slice(0, limit);
  const last = found.at(-1);
  return { found, cursorAt, ...(last && rows.length > limit ? { next: cursorAt(last) } : {}) };
}

function* counted(statement: Fragment, wide: boolean): Script<number> {
  return (yield* first<{ readonly count: number }>(statement, wide))?.count ?? 0;
}
