import type { Fault } from '../../kernel/index.ts';
import type { Filter, PropertyRules } from '../../model/index.ts';
import { faults } from '../faults.ts';
import type { Site } from './path.ts';

/** What a test does, as far as an index has to serve it. */
export type Use = Exclude<Filter['op'], 'and' | 'or' | 'not'> | 'order';

const equality: readonly Use[] = ['eq', 'ne', 'in'];
const ranges: readonly Use[] = [...equality, 'gt', 'ge', 'lt', 'le', 'startsWith'];

/**
 * In a collection that may hold millions only an index is asked. Throws `graph.notIndexed` when the property has none, and `refusal`
 * when its index does not serve the use. `element`: the rules of the collection that the site is an element of, or lies in one.
 */
export function demandIndex(site: Site, use: Use, refusal: () => Fault, element?: PropertyRules): void {
  const served = servedBy(site, element);
  if (use !== 'order' && (served.length === 0 || (site.isId && !served.includes(use)))) throw faults.notIndexed();
  if (!served.includes(use)) throw refusal();
}

function servedBy(site: Site, element: PropertyRules | undefined): readonly Use[] {
  const { type, isId, operand } = site;
  if (!('path' in operand)) return [];
  if (isId) return equality;
  // Undeclared members of open types are all indexed, for equality and beginnings.
  if (type === undefined) return ranges;
  // The members of a unique tuple that are not in it are tested on the one entity that can match.
  if (element?.uniqueTuple) return ranges.filter((use) => use !== 'ne');
  const rules = element && operand.path.length === 0 ? element : site.rules;
  if (!rules.indexed && !rules.unique) return [];
  const uses = type.kind === 'boolean' || type.kind === 'enum' || type.kind === 'guid' ? equality : ranges;
  const ends: readonly Use[] = rules.endsIndexed ? ['endsWith'] : [];
  const words: readonly Use[] = rules.words ? ['word'] : [];
  const order: readonly Use[] = rules.indexed === true && !element ? ['order'] : [];
  const usable = element ? uses.filter((use) => use !== 'ne') : uses;
  return [...usable, ...ends, ...words, ...order];
}
