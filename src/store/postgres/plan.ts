import type { Filter, Query } from '../../model/index.ts';
import { sortKeysOf } from '../cursor.ts';
import { filterSql } from '../sql/filter.ts';
import type { View } from '../sql/rows.ts';
import { postgresDialect } from './dialect.ts';

/** What SQL does of a query; the rest is done here, with the rows that SQL finds. */
export interface FindPlan {
  /** A filter that lets through all that matches, and maybe more. */
  readonly filter: Filter | undefined;
  /** It lets nothing else through. */
  readonly exact: boolean;
  /** Every property to order by has a column. */
  readonly ordered: boolean;
}

export function planOf(view: View, query: Query): FindPlan {
  const family = view.catalogue.family(query.type);
  const hot = new Set(family.hot.map(({ name }) => name));
  const ordered = sortKeysOf(query).every((key) => key.by !== 'path' || hot.has(key.path.join('/')));
  const terms = query.filter ? conjunctsOf(query.filter) : [];
  const known = terms.map((term) => ({ term, reached: isReached(term, view, query) }));
  // What is not reached counts as true, which is right for a first cut unless something turns it round.
  const kept = known.filter(({ term, reached }) => reached || !turns(term)).map(({ term }) => term);
  const exact = known.every(({ reached }) => reached);
  return { filter: kept.length > 0 ? { op: 'and', terms: kept } : undefined, exact, ordered };
}

const conjunctsOf = (filter: Filter): readonly Filter[] =>
  filter.op === 'and' ? filter.terms.flatMap(conjunctsOf) : [filter];

/** Whether columns answer all of it. */
function isReached(filter: Filter, { catalogue, tenantId }: View, { type }: Query): boolean {
  let reached = true;
  const dialect = postgresDialect(() => {
    reached = false;
  });
  filterSql(filter, { dialect, catalogue, tenantId, family: catalogue.family(type) });
  return reached;
}

function turns(filter: Filter): boolean {
  switch (filter.op) {
    case 'not':
    case 'all':
      return true;
    case 'and':
    case 'or':
      return filter.terms.some(turns);
    case 'any':
    case 'linked':
      return filter.where !== undefined && turns(filter.where);
    default:
      return false;
  }
}
