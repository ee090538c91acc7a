import { randomUUID } from 'node:crypto';
import { type EntityType, entities, type PropertyType, type Shape } from '../../../src/model/index.ts';
import type { Body } from './example.ts';

/** The least that the declaration of a set asks for, so that a resource that is added is tried without a word about it here. */
export function leastOf(set: string, name: string): Body {
  const types: readonly EntityType[] = Object.values(entities);
  const type = types.find((one) => one.set?.path === set);
  return type ? membersOf(type.properties, name) : {};
}

const membersOf = (shape: Shape, name: string): Body =>
  Object.fromEntries(
    Object.entries(shape)
      .filter(([, { rules }]) => rules.required)
      .map(([member, { type }]) => [member, sampleOf(type, name)]),
  );

function sampleOf(type: PropertyType, name: string): unknown {
  switch (type.kind) {
    case 'string':
      return name;
    case 'boolean':
      return false;
    case 'int32':
      return type.min ?? 1;
    case 'int64':
    case 'single':
      return 1;
    case 'guid':
      return randomUUID();
    case 'dateTimeOffset':
      return '2026-11-21T10:00:00Z';
    case 'enum':
      return Object.keys(type.type.members).find((member) => !type.type.reserved.includes(member));
    case 'complex': {
      const [variant] = type.variants ?? [];
      const named = variant ? { '@odata.type': `#microsoft.graph.${variant.name}` } : {};
      return { ...named, ...membersOf((variant ?? type.type).properties, name) };
    }
    case 'collection':
      return [];
    default:
      return type satisfies never;
  }
}
