import type { Filter } from '../../model/index.ts';
import { filterSql, type Scope } from './filter.ts';
import { always } from './fragment.ts';

/** What SQL does of conditions that must all hold; the reference evaluator is asked about the rest, with the rows that SQL finds. */
export interface Cut {
  /** Asked in SQL: whatever matches fulfils them. */
  readonly asked: readonly Filter[];
  /** Not answered by that, or not wholly. */
  readonly left: readonly Filter[];
}

export function cutOf(terms: readonly Filter[], scope: Scope): Cut {
  if (scope.dialect.evaluated) return { asked: terms, left: [] };
  const left = terms.filter((term) => !isReached(term, scope));
  // What is not reached counts as true, which is right for a first cut unless something turns it round.
  return { asked: terms.filter((term) => !left.includes(term) || !turns(term)), left };
}

/** Whether columns and indexes answer all of it. */
function isReached(filter: Filter, scope: Scope): boolean {
  let reached = true;
  const evaluated = () => {
    reached = false;
    return always;
  };
  filterSql(filter, { ...scope, dialect: { ...scope.dialect, evaluated } });
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
