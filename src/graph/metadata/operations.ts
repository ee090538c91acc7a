import type { EntityType, Operation } from '../../model/index.ts';
import { element } from './element.ts';
import { typeText } from './types.ts';
import { qualified, type Vocabulary } from './vocabulary.ts';

/** Bound functions and actions (OData CSDL §12), once, at the type that declares them. */
export const operationsXml = ({ entities, version }: Vocabulary): readonly string[] =>
  [...entities.values()].flatMap((type) =>
    Object.entries(type.operations)
      .filter(([name, { versions }]) => versions.includes(version) && !Object.hasOwn(type.base?.operations ?? {}, name))
      .map(([name, operation]) => operationXml(type, name, operation)),
  );

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
