import { type Property, type Shape, typesOf } from '../../model/index.ts';
import { type Node, type Offer, offer, type Part } from './offer.ts';

/** Complex values that have an address worth naming: those that hold references, and collections with keys. */
export function values(node: Node): readonly Offer[] {
  const holders = new Set(Object.keys(node.type.navigations).flatMap((name) => name.split('/').slice(0, -1)));
  const held = [...holders].filter((name) => Object.hasOwn(node.type.properties, name));
  const plain = held.filter((name) => !hasVariants((node.type.properties as Shape)[name]));
  return [...plain.map((name) => offer(node, 'GET', [name], 'value')), ...keyed(node, node.type.properties, [])];
}

const hasVariants = (property: Property | undefined): boolean =>
  property?.type.kind === 'complex' && property.type.variants !== undefined;

function keyed(node: Node, shape: Shape, above: readonly string[]): readonly Offer[] {
  return Object.entries(shape).flatMap(([name, { type, rules }]) => {
    const here = [...above, name];
    if (type.kind === 'complex') return typesOf(type).flatMap(({ properties }) => keyed(node, properties, here));
    if (rules.keyedBy === undefined || type.kind !== 'collection' || type.of.kind !== 'complex') return [];
    const one: readonly Part[] = [...here, { keyOf: node.type, item: rules.keyedBy }];
    const about = { item: type.of.type };
    const write = node.methods.includes('update');
    return [
      offer(node, 'GET', here, 'value', { many: true, ...about }),
      offer(node, 'GET', one, 'value', about),
      ...(write ? [offer(node, 'POST', here, 'update', about), offer(node, 'DELETE', one, 'update', about)] : []),
    ];
  });
}
