import { type EntityType, isA, type Operation } from '../../model/index.ts';
import { element } from './element.ts';
import { typeText } from './types.ts';
import { qualified, type Vocabulary } from './vocabulary.ts';

/** Bound functions and actions (OData CSDL §12), each once. */
export const operationsXml = (words: Vocabulary): readonly string[] => [
  ...boundOperations(words).map(({ type, name, operation }) => operationXml(type, name, operation)),
  ...[...words.entities.values()]
    .filter(({ set }) => set?.tracked && set.versions.includes(words.version))
    .map((type) => deltaXml(type)),
];

interface Bound {
  readonly type: EntityType;
  readonly name: string;
  readonly operation: Operation;
}

/** An operation that several types have, because they derive from one or share its declaration, is bound to what they have in common. */
function boundOperations({ entities, version }: Vocabulary): readonly Bound[] {
  const bound: Bound[] = [];
  for (const type of entities.values()) {
    for (const [name, operation] of Object.entries(type.operations)) {
      if (!operation.versions.includes(version)) continue;
      const known = bound.findIndex((one) => one.operation === operation && common(one.type, type));
      const shared = common(bound[known]?.type, type);
      if (shared) bound[known] = { type: shared, name, operation };
      else bound.push({ type, name, operation });
    }
  }
  return bound;
}

/** The type itself or the nearest one that both derive from. */
const common = (one: EntityType | undefined, other: EntityType): EntityType | undefined =>
  one === undefined || isA(other, one) ? one : common(one.base, other);

function deltaXml({ name }: EntityType): string {
  const Type = `Collection(${qualified(name)})`;
  return element('Function', { Name: 'delta', IsBound: 'true' }, [
    element('Parameter', { Name: 'bindingParameter', Type }),
    element('ReturnType', { Type }),
  ]);
}

function operationXml(type: EntityType, name: string, { kind, on, parameters, returns }: Operation): string {
  const binding = on === 'entity' ? qualified(type.name) : `Collection(${qualified(type.name)})`;
  return element(kind === 'function' ? 'Function' : 'Action', { Name: name, IsBound: 'true' }, [
    element('Parameter', { Name: 'bindingParameter', Type: binding }),
    ...Object.entries(parameters).map(([parameter, { type: of, rules }]) =>
      element('Parameter', { Name: parameter, Type: typeText(of), Nullable: rules.nullable ? undefined : 'false' }),
    ),
    ...(returns ? [element('ReturnType', { Type: returnText(returns) })] : []),
  ]);
}

const returnText = (returns: NonNullable<Operation['returns']>): string =>
  typeof returns === 'function' ? qualified(returns().name) : typeText(returns.type);
