import { derivedFrom, type EntitySet, type EntityType, entities, sets, type Version } from '../model/index.ts';

/** A type that has a path of its own. */
export type SetType = EntityType & { readonly set: EntitySet };

/** A function bound to a collection that answers a list of texts. */
export interface CollectionFunction {
  readonly name: string;
  readonly on: EntityType;
  readonly value: readonly string[];
}

/** Types whose names begin with it are the product's own and never shown. */
const internalPrefix = 'usher.';

const isPublic = (type: EntityType): boolean => !type.name.startsWith(internalPrefix);

export const setsOf = (version: Version): readonly SetType[] =>
  sets().filter((type) => isPublic(type) && type.set.versions.includes(version));

/** The provider types a B2C tenant can configure (Graph contract c.5). */
export const collectionFunctions: readonly CollectionFunction[] = [
  {
    name: 'availableProviderTypes',
    on: entities.identityProviderBase,
    value: [
      'Microsoft',
      'Google',
      'Facebook',
      'Amazon',
      'LinkedIn',
      'Weibo',
      'QQ',
      'WeChat',
      'Twitter',
      'GitHub',
      'AppleManaged',
      'OpenIdConnect',
    ],
  },
];

/** The type itself and every type derived from it. */
export const familyBelow = (type: EntityType): readonly EntityType[] => [type, ...derivedFrom(type)];

/** The entry of a record whose name matches without regard to case. */
export function entryNamed<T>(record: Readonly<Record<string, T>>, name: string): readonly [string, T] | undefined {
  const lower = name.toLowerCase();
  return Object.entries(record).find(([candidate]) => candidate.toLowerCase() === lower);
}

/** The identity collections differ from the directory's in how they refuse and conflict (Graph contract d.6). */
export const isIdentitySet = (type: SetType): boolean => type.set.path.toLowerCase().startsWith('identity/');
