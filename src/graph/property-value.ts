import { type EntityType, type Property, type Shape, typeOfValue, typesOf } from '../model/index.ts';
import { isObject, type Json } from './json.ts';

/** A value inside an entity, and how it is declared there. */
export interface Inner {
  readonly property: Property;
  /** Undefined where a value above it is null. */
  readonly value: unknown;
}

/** What an entity of the type has at a path of declared names; undefined when its type declares none there. */
export function valueAt(type: EntityType, entity: Json, path: readonly string[]): Inner | undefined {
  let shapes: readonly Shape[] = [type.properties];
  let holder: unknown = entity;
  let inner: Inner | undefined;
  for (const name of path) {
    const property = shapes.find((shape) => Object.hasOwn(shape, name))?.[name];
    if (!property) return undefined;
    const value = isObject(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined;
    inner = { property, value };
    shapes = shapesOf(property, value);
    holder = value;
  }
  return inner;
}

/** The members of a complex value; of any of its types when there is no value. */
function shapesOf({ type }: Property, value: unknown): readonly Shape[] {
  if (type.kind !== 'complex') return [];
  return (isObject(value) ? [typeOfValue(type, value)] : typesOf(type)).map(({ properties }) => properties);
}

/** The patch that changes only the value at a path. */
export const patchAt = (path: readonly string[], value: unknown): Json =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Json;
