import type { Version } from '../model/index.ts';
import { entityContainerXml, rootTypesXml } from './metadata/container.ts';
import { element } from './metadata/element.ts';
import { operationsXml } from './metadata/operations.ts';
import { complexXml, entityXml, enumXml, keyedXml, rootXml } from './metadata/types.ts';
import { type Vocabulary, vocabulary } from './metadata/vocabulary.ts';
import { isOwn, ownNamespace } from './surface.ts';

/** The CSDL document of a version (OData CSDL XML 4.01 §3), printed from the declarations and from nothing else. */
export function metadataXml(version: Version): string {
  const words = vocabulary(version);
  const edmx = { Version: '4.0', 'xmlns:edmx': 'http://docs.oasis-open.org/odata/ns/edmx' };
  const schemas = [ownSchema(words), graphSchema(words)];
  const body = [...standardVocabularies, element('edmx:DataServices', {}, schemas)];
  return `<?xml version="1.0" encoding="utf-8"?>\n${element('edmx:Edmx', edmx, body)}\n`;
}

const edm = 'http://docs.oasis-open.org/odata/ns/edm';

/** Where the terms of the annotations are defined (OData Vocabularies 4.0). */
const standardVocabularies = ['Core', 'Validation'].map((name) => {
  const namespace = `Org.OData.${name}.V1`;
  const uri = `https://docs.oasis-open.org/odata/odata-vocabularies/v4.0/vocabularies/${namespace}.xml`;
  return element('edmx:Reference', { Uri: uri }, [element('edmx:Include', { Namespace: namespace })]);
});

/** What Microsoft Graph does not have stands in a namespace of its own, so that no name can ever collide. */
function ownSchema(words: Vocabulary): string {
  return element('Schema', { Namespace: ownNamespace, xmlns: edm }, [
    element('Term', { Name: 'origin', Type: 'Edm.String', AppliesTo: 'Property NavigationProperty' }),
    ...typesIn(words, true),
    ...entitiesIn(words, true),
    ...rootTypesXml(words, true),
  ]);
}

const graphSchema = (words: Vocabulary): string =>
  element('Schema', { Namespace: 'microsoft.graph', Alias: 'graph', xmlns: edm }, [
    ...typesIn(words, false),
    rootXml(),
    ...entitiesIn(words, false),
    ...byName(new Map([...words.keyed].map(([name, one]) => [name, { name, ...one }]))).map(keyedXml),
    ...rootTypesXml(words, false),
    ...operationsXml(words),
    entityContainerXml(words),
  ]);

const typesIn = (words: Vocabulary, own: boolean): readonly string[] => [
  ...byName(words.enums).filter(isIn(own)).map(enumXml),
  ...byName(words.complexes)
    .filter(isIn(own))
    .map((type) => complexXml(type, words)),
];

const entitiesIn = (words: Vocabulary, own: boolean): readonly string[] =>
  byName(words.entities)
    .filter(isIn(own))
    .map((type) => entityXml(type, words));

const isIn =
  (own: boolean) =>
  ({ name }: { readonly name: string }): boolean =>
    isOwn(name) === own;

const byName = <T extends { readonly name: string }>(found: ReadonlyMap<string, T>): readonly T[] =>
  [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
