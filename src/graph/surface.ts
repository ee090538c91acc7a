import {
  bareTypeName,
  derivedFrom,
  type EntitySet,
  type EntityType,
  fold,
  type Navigation,
  type Property,
  type Shape,
  sets,
  type Version,
} from '../model/index.ts';

/** A type that has a path of its own. */
export type SetType = EntityType & { readonly set: EntitySet };

/** The namespace of what Microsoft Graph does not have; names of such types begin with it. */
export const ownNamespace = 'usher';

/** Whether a type is the product's own. */
export const isOwn = (name: string): boolean => name.startsWith(`${ownNamespace}.`);

/** A type's name with its namespace, as annotations and contexts write it. */
export const fullName = (name: string): string => (isOwn(name) ? name : `microsoft.graph.${name}`);

/** The sets that a version serves, in the order of their declarations. */
export const setsOf = (version: Version): readonly SetType[] =>
  sets().filter(({ set }) => set.versions.includes(version));

/** The type itself and every type derived from it. */
export const familyBelow = (type: EntityType): readonly EntityType[] => [type, ...derivedFrom(type)];

/** A property that a caller may know of at all; internal ones do not exist on the wire. */
export const visible = ({ rules }: Property): boolean => rules.access !== 'internal';

/** A property that has a value on the wire; of the other visible ones a value is only taken. */
export const readable = ({ rules }: Property): boolean => rules.access !== 'internal' && rules.access !== 'write';

/** Whether the type has the navigation by itself, or is the one that declares it among those derived from `type`. */
export const tells = (one: EntityType, name: string, type: EntityType): boolean =>
  one === type || (one.ownNavigations.includes(name) && !Object.hasOwn(type.navigations, name));

/** The entry of a record whose name matches without regard to case. */
export function entryNamed<T>(record: Readonly<Record<string, T>>, name: string): readonly [string, T] | undefined {
  const lower = name.toLowerCase();
  return Object.entries(record).find(([candidate]) => candidate.toLowerCase() === lower);
}

/**
 * The identity collections, with the deprecated one of providers, and the policies differ from the directory in how they refuse and
 * conflict (Graph contract d.6).
 */
export const isIdentitySet = ({ set }: SetType): boolean =>
  /^(?:identity\/|policies\/|identityProviders$)/i.test(set.path);

/** What an address of the type may name: its own members, and those of derived types that have no addresses of their own. */
export const reachable = (type: EntityType): readonly EntityType[] =>
  familyBelow(type).filter((below) => below === type || below.set === undefined);

/**
 * The navigation of this path (`['userAttributeAssignments']`, `['handler', 'customExtension']`), by its declared name, and the type that
 * has it. `holder`: the complex type that the path says holds it.
 */
export function navigationAt(
  type: EntityType,
  path: readonly string[],
  version: Version,
  holder?: string,
): readonly [name: string, navigation: Navigation, on: EntityType] | undefined {
  const wanted = fold(path.join('/'));
  for (const candidate of reachable(type)) {
    const entry = Object.entries(candidate.navigations).find(
      ([name, { versions, holder: held }]) =>
        fold(name) === wanted && versions.includes(version) && fits(holder, held?.().name),
    );
    if (entry) return [...entry, candidate];
  }
  return undefined;
}

const fits = (said: string | undefined, held: string | undefined): boolean =>
  said === undefined || held === undefined || fold(said) === fold(held);

/** Every declaration of a property that entities at the address may have. */
export const propertiesNamed = (type: EntityType, name: string): readonly (readonly [string, Property])[] =>
  familyBelow(type).flatMap(({ properties }) => {
    const entry = entryNamed(properties as Shape, name);
    return entry ? [entry] : [];
  });

const namespaced = /^#?(?:microsoft\.graph|graph|microsoft\.cpim\.api\.datamodels)\.(?=[a-z])/i;

/** The name in `microsoft.graph` that a segment calls with its namespace: a cast or an operation (Graph contract a.14). */
export const qualifiedName = (text: string): string | undefined =>
  namespaced.test(text) ? bareTypeName(text) : undefined;

/** The set where entities of the type are found: its own, or that of a type it derives from. */
export const homeOf = ({ set, base }: EntityType): EntitySet | undefined => set ?? (base && homeOf(base));

/** Properties that name an entity of the type as well as its id does, in the parentheses of a key. */
export const alternateKeys = ({ properties }: EntityType): readonly string[] =>
  Object.entries(properties as Shape)
    .filter(([, property]) => property.rules.unique === true && visible(property))
    .map(([name]) => name);

/** The property that a key of this text is a value of; without a text, the one that some key may be. Undefined: it is the id. */
export const bareAlternate = ({ bareKey }: EntityType, text?: string): string | undefined =>
  bareKey && (text === undefined || bareKey.form.test(text)) ? bareKey.property : undefined;
