import { type EntityType, type Filter, isUnbounded, type Order, type Shape } from '../../model/index.ts';

/**
 * The order of an answer to a filter where nobody asked for one. Where there may be millions, the index that finds what begins with a
 * text, lies above or below a value, or has it, gives it in the order of that property at once; in any other order a page would have to be
 * gathered from rows that lie all over the collection. Undefined: no such test, or a property that has no order.
 */
export function indexOrder(type: EntityType, filter: Filter | undefined): readonly Order[] | undefined {
  if (!filter || !isUnbounded(type)) return undefined;
  const terms = filter.op === 'and' ? filter.terms : [filter];
  const found = terms.find((term) => term.op === 'startsWith') ?? terms.find(isRange) ?? terms.find(isValue);
  const [name, ...deeper] = found && 'path' in found ? found.path : [];
  if (name === undefined || deeper.length > 0) return undefined;
  const shape: Shape = type.properties;
  const rules = Object.hasOwn(shape, name) ? shape[name]?.rules : undefined;
  const dense = rules?.indexed === true || rules?.unique === true;
  // Who has a value is in an index, whoever else is missing there.
  return dense || (rules?.indexed === 'sparse' && found?.op === 'eq')
    ? [{ path: [name], descending: false }]
    : undefined;
}

const isValue = (term: Filter): boolean => term.op === 'eq' && term.value !== null;
const isRange = ({ op }: Filter): boolean => ['gt', 'ge', 'lt', 'le'].includes(op);
