import { familyOf } from '../../model/index.ts';
import { fullName, isOwn, type SetType, setsOf } from '../surface.ts';
import { element } from './element.ts';
import { localName, qualified, type Vocabulary } from './vocabulary.ts';

/** The entity type of a singleton whose members are sets: what `/identity` is to `/identity/apiConnectors` (Graph contract a.1). */
const rootTypes: Readonly<Record<string, string>> = {
  identity: 'identityContainer',
  policies: 'policyRoot',
  auditLogs: 'auditLogRoot',
  directory: 'directory',
  usher: 'usher.root',
};

/** The sets below a first segment by their next one; deeper ones hang on a singleton between. */
const below = (root: string, { version }: Vocabulary): readonly (readonly [name: string, type: SetType])[] =>
  setsOf(version).flatMap((type) => {
    const [first, name, ...rest] = type.set.path.split('/');
    return first === root && name !== undefined && rest.length === 0 ? [[name, type] as const] : [];
  });

const roots = (words: Vocabulary): readonly string[] =>
  Object.keys(rootTypes).filter((root) => below(root, words).length > 0);

const typeOf = (root: string): string => rootTypes[root] ?? '';

/** `own`: those of the product's own namespace, instead of those of Graph. */
export const rootTypesXml = (words: Vocabulary, own: boolean): readonly string[] =>
  roots(words)
    .filter((root) => isOwn(typeOf(root)) === own)
    .map((root) =>
      element(
        'EntityType',
        { Name: localName(typeOf(root)), BaseType: 'graph.entity' },
        below(root, words).map(([name, { name: type, set }]) =>
          element('NavigationProperty', {
            Name: name,
            Type: set.singleton === undefined ? `Collection(${qualified(type)})` : qualified(type),
            ContainsTarget: 'true',
          }),
        ),
      ),
    );

export function entityContainerXml(words: Vocabulary): string {
  const top = setsOf(words.version).filter(({ set }) => !set.path.includes('/'));
  return element('EntityContainer', { Name: 'GraphService' }, [
    ...top.map((type) =>
      element('EntitySet', { Name: type.set.path, EntityType: fullName(type.name) }, bindings('', type, words)),
    ),
    ...roots(words).map((root) =>
      element(
        'Singleton',
        { Name: root, Type: fullName(typeOf(root)) },
        below(root, words).flatMap(([name, type]) => bindings(name, type, words)),
      ),
    ),
  ]);
}

/** Where the targets of reference navigations are found, also of those one containment further down. */
function bindings(path: string, type: EntityTypeOf, words: Vocabulary): readonly string[] {
  return Object.entries(type.navigations).flatMap(([name, { kind, target, versions }]) => {
    if (!versions.includes(words.version)) return [];
    const here = path === '' ? name : `${path}/${name}`;
    if (kind === 'contains') return bindings(here, target(), words);
    const set = target().set ?? familyOf(target()).set;
    if (!set?.versions.includes(words.version) || !words.entities.has(target().name)) return [];
    return element('NavigationPropertyBinding', { Path: here, Target: set.path });
  });
}

type EntityTypeOf = Pick<SetType, 'navigations'>;
