import type { Filter, Operand } from '../../model/index.ts';

/**
 * Whether directory objects answer it only as an advanced query: `ne`, `not`, `endsWith` and `$count` of a collection
 * (https://learn.microsoft.com/graph/aad-advanced-queries).
 */
export function isAdvanced(filter: Filter): boolean {
  switch (filter.op) {
    case 'ne':
    case 'not':
    case 'endsWith':
      return true;
    case 'and':
    case 'or':
      return filter.terms.some(isAdvanced);
    case 'any':
    case 'all':
    case 'linked':
      return filter.where !== undefined && isAdvanced(filter.where);
    case 'compare':
      return counts(filter.left) || counts(filter.right);
    default:
      return false;
  }
}

const counts = (operand: Operand): boolean =>
  'call' in operand && (operand.call === 'count' || operand.of.some(counts));
