import type { EntityType, Property, Shape } from '../../model/index.ts';
import type { Offer } from '../inventory.ts';
import type { Vocabulary } from '../metadata/vocabulary.ts';
import { visible } from '../surface.ts';
import { propertySchema, refTo, type Schema } from './schemas.ts';

const jsonOf = (schema: Schema): Schema => ({ 'application/json': { schema } });
const objectOf = (properties: Schema): Schema => ({ type: 'object', properties });

/** The body of a request; undefined where there is none. */
export function bodyOf(offer: Offer, words: Vocabulary): Schema | undefined {
  const { does, httpMethod, operation, type } = offer;
  if (httpMethod === 'GET' || httpMethod === 'DELETE') return undefined;
  if (does === 'operation') {
    const parameters = Object.entries(operation?.parameters ?? {});
    if (parameters.length === 0) return undefined;
    return jsonOf(objectOf(Object.fromEntries(parameters.map(([name, one]) => [name, propertySchema(one, words)]))));
  }
  if (does === 'link') return jsonOf({ ...objectOf({ '@odata.id': { type: 'string' } }), required: ['@odata.id'] });
  if (does === 'content') return { [mediaTypeOf(offer)]: {} };
  const written = refTo(itemOf(offer) ?? type.name);
  const required = does === 'create' ? requiredOf(type) : [];
  return jsonOf(required.length > 0 ? { allOf: [written, { required }] } : written);
}

/** What a new entity cannot do without. */
const requiredOf = ({ key, properties }: EntityType): readonly string[] => [
  ...(key === 'client' ? ['id'] : []),
  ...Object.entries(properties as Shape)
    .filter(([, property]) => property.rules.required && property.rules.access !== 'server' && visible(property))
    .map(([name]) => name),
];

const mediaTypeOf = ({ type }: Offer): string => type.stream?.mediaType ?? 'text/plain';

/** The complex type of the items of a collection with keys; undefined elsewhere. */
const itemOf = ({ item }: Offer): string | undefined => item?.name;

/** What is answered when nothing is wrong, by status. */
export const success = (offer: Offer, words: Vocabulary): Schema =>
  answers[offer.does](offer, refTo(itemOf(offer) ?? offer.type.name), words);

const link: Schema = objectOf({ '@odata.id': { type: 'string' } });

/** `entity`: the schema of what is answered, one of it. */
const answers: Readonly<Record<Offer['does'], (offer: Offer, entity: Schema, words: Vocabulary) => Schema>> = {
  list: (_, entity) => answer(listOf(entity)),
  get: (_, entity) => answer(entity),
  delta: (_, entity) => answer(listOf(entity, 'delta')),
  links: ({ many }) => answer(many ? listOf(link) : link),
  link: () => nothing,
  unlink: () => nothing,
  delete: () => nothing,
  count: () => ({ 200: { description: 'The number.', content: { 'text/plain': { schema: { type: 'integer' } } } } }),
  create: (_, entity) => created(entity),
  put: (_, entity) => ({ ...answer(entity), ...created(entity), ...nothing }),
  update({ httpMethod }, entity) {
    if (httpMethod === 'POST') return created(entity);
    return { ...(httpMethod === 'PATCH' ? answer(entity) : {}), ...nothing };
  },
  operation({ operation }, entity, words) {
    const { returns } = operation ?? {};
    if (!returns) return nothing;
    return answer(typeof returns === 'function' ? entity : returned(returns, words));
  },
  content(offer) {
    const content = { [mediaTypeOf(offer)]: {} };
    return offer.httpMethod === 'GET' ? { 200: { description: 'The content.', content } } : nothing;
  },
  value: (offer, entity) => answer(valueSchema(offer, entity)),
};

const nothing: Schema = { 204: { description: 'Done; there is no body.' } };

const answer = (schema: Schema): Schema => ({ 200: { description: 'Done.', content: jsonOf(schema) } });

const created = (schema: Schema): Schema => ({
  201: { description: 'Created.', headers: { Location: { schema: { type: 'string' } } }, content: jsonOf(schema) },
});

function valueSchema({ many, item, type, path }: Offer, entity: Schema): Schema {
  if (item) return many ? listOf(entity) : entity;
  const name = path.at(-1);
  const property = typeof name === 'string' ? type.properties[name] : undefined;
  return property?.type.kind === 'complex' ? refTo(property.type.type.name) : { type: 'object' };
}

/** A complex value is the answer itself; any other stands in `value`. */
const returned = (property: Property, words: Vocabulary): Schema =>
  property.type.kind === 'complex'
    ? propertySchema(property, words)
    : objectOf({ value: propertySchema(property, words) });

const listOf = (items: Schema, kind: 'collection' | 'delta' = 'collection'): Schema => ({
  allOf: [{ $ref: `#/components/schemas/${kind}` }, objectOf({ value: { type: 'array', items } })],
});
