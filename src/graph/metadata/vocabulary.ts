import type {
  ComplexType,
  EntityType,
  EnumType,
  Operation,
  Property,
  PropertyType,
  Shape,
  Version,
} from '../../model/index.ts';
import { typesOf } from '../../model/index.ts';
import { familyBelow, isOwn, setsOf, visible } from '../surface.ts';

/** A complex type whose values have an address: on the wire an entity type with this key. */
export interface KeyedType {
  readonly type: ComplexType;
  readonly key: string;
}

/** Everything one version's document names, collected by walking from its sets. */
export interface Vocabulary {
  readonly version: Version;
  readonly entities: ReadonlyMap<string, EntityType>;
  readonly complexes: ReadonlyMap<string, ComplexType>;
  readonly keyed: ReadonlyMap<string, KeyedType>;
  readonly enums: ReadonlyMap<string, EnumType>;
}

/** `graph.user`, `usher.userFlowSettings`: a type's name as another one refers to it. */
export const qualified = (name: string): string => (isOwn(name) ? name : `graph.${name}`);

/** The name inside its own schema. */
export const localName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

export function vocabulary(version: Version): Vocabulary {
  const found = new Collector(version);
  for (const type of setsOf(version)) found.addEntity(type);
  return found;
}

class Collector implements Vocabulary {
  readonly version: Version;
  readonly entities = new Map<string, EntityType>();
  readonly complexes = new Map<string, ComplexType>();
  readonly keyed = new Map<string, KeyedType>();
  readonly enums = new Map<string, EnumType>();

  constructor(version: Version) {
    this.version = version;
  }

  addEntity(type: EntityType): void {
    // A family brings in only what this version serves of it.
    if (this.entities.has(type.name) || (type.set && !type.set.versions.includes(this.version))) return;
    this.entities.set(type.name, type);
    this.#addShape(type.properties);
    if (type.base) this.#addBase(type.base);
    for (const derived of familyBelow(type)) this.addEntity(derived);
    for (const { target, versions } of Object.values(type.navigations))
      if (versions.includes(this.version)) this.addEntity(target());
    for (const operation of Object.values(type.operations)) this.#addOperation(operation);
  }

  /** What a served type derives from is told, also when it has an address in another version only. */
  #addBase(type: EntityType): void {
    if (this.entities.has(type.name)) return;
    this.entities.set(type.name, type);
    this.#addShape(type.properties);
    if (type.base) this.#addBase(type.base);
  }

  #addOperation({ parameters, returns, versions }: Operation): void {
    if (!versions.includes(this.version)) return;
    this.#addShape(parameters);
    if (typeof returns === 'function') this.addEntity(returns());
    else if (returns) this.#addType(returns.type);
  }

  #addShape(shape: Shape): void {
    for (const property of Object.values(shape)) if (visible(property)) this.#addProperty(property);
  }

  #addProperty({ type, rules }: Property): void {
    if (rules.keyedBy !== undefined && type.kind === 'collection' && type.of.kind === 'complex') {
      this.keyed.set(type.of.type.name, { type: type.of.type, key: rules.keyedBy });
    } else this.#addType(type);
  }

  #addType(type: PropertyType): void {
    if (type.kind === 'collection') this.#addType(type.of);
    else if (type.kind === 'enum') this.enums.set(type.type.name, type.type);
    else if (type.kind === 'complex') for (const one of [type.type, ...typesOf(type)]) this.#addComplex(one);
  }

  #addComplex(type: ComplexType): void {
    if (this.complexes.has(type.name)) return;
    this.complexes.set(type.name, type);
    if (type.base) this.#addComplex(type.base);
    this.#addShape(type.properties);
  }
}
