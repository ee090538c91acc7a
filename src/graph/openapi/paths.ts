import type { EntityType, Property } from '../../model/index.ts';
import { inventory, type Offer, type Part } from '../inventory.ts';
import type { Vocabulary } from '../metadata/vocabulary.ts';
import { propertySchema, refTo, type Schema } from './schemas.ts';

/** The paths of a version: every operation of the inventory, with what it takes and answers. */
export function paths(words: Vocabulary): Readonly<Record<string, Schema>> {
  const found: Record<string, Record<string, unknown>> = {};
  for (const offer of inventory(words.version)) {
    const { text, keys } = template(offer.path);
    const item = found[text] ?? { parameters: keys.map(keyParameter) };
    item[offer.httpMethod.toLowerCase()] = operationOf(offer, words);
    found[text] = item;
  }
  return found;
}

interface Template {
  readonly text: string;
  readonly keys: readonly { readonly name: string; readonly type: EntityType }[];
}

/** OpenAPI wants every parameter of a path to have a name of its own. */
function template(path: readonly Part[]): Template {
  const keys: { readonly name: string; readonly type: EntityType }[] = [];
  const text = path.map((part) => {
    if (typeof part === 'string') return `/${part}`;
    const again = keys.filter(({ type }) => type === part.keyOf).length;
    const name = `${part.keyOf.name}-id${again === 0 ? '' : again + 1}`;
    keys.push({ name, type: part.keyOf });
    return `/{${name}}`;
  });
  return { text: text.join(''), keys };
}

const keyParameter = ({ name, type }: Template['keys'][number]): Schema => ({
  name,
  in: 'path',
  required: true,
  description: `Key of a ${type.name}.`,
  schema: { type: 'string' },
});

const listOptions = ['filter', 'orderby', 'select', 'expand', 'top', 'skip', 'count', 'skiptoken'];
const entityOptions = ['select', 'expand'];

function optionsOf({ does, httpMethod, many }: Offer): readonly string[] {
  if (httpMethod !== 'GET' || does === 'content' || does === 'value') return [];
  if (does === 'count') return ['filter'];
  if (does === 'delta') return ['filter', 'select', 'top', 'skiptoken'];
  return many && does === 'list' ? listOptions : entityOptions;
}

function operationOf(offer: Offer, words: Vocabulary): Schema {
  const { does, operation, permissions, type } = offer;
  const options = optionsOf(offer).map((name) => ({ $ref: `#/components/parameters/${name}` }));
  const body = bodyOf(offer, words);
  const inline = operation?.kind === 'function' ? Object.entries(operation.parameters) : [];
  return {
    operationId: operationId(offer),
    tags: [typeof offer.path[1] === 'string' ? offer.path.slice(0, 2).join('/') : String(offer.path[0])],
    summary: `${summaries[does]} ${type.name}`,
    description: `Least privileged permission: ${permissions[0] ?? 'none'}.`,
    ...(options.length > 0 || inline.length > 0
      ? {
          parameters: [
            ...options,
            ...inline.map(([name, property]) => ({ name, in: 'query', schema: propertySchema(property, words) })),
          ],
        }
      : {}),
    ...(body ? { requestBody: { required: true, content: body } } : {}),
    responses: { ...success(offer, words), default: { $ref: '#/components/responses/error' } },
    security: [{ bearer: permissions.slice(0, 1) }],
  };
}

const summaries: Readonly<Record<Offer['does'], string>> = {
  list: 'Lists',
  get: 'Reads one',
  create: 'Creates one',
  update: 'Changes one',
  put: 'Creates or replaces one',
  delete: 'Removes one',
  count: 'Counts',
  delta: 'Follows the changes of',
  links: 'Lists the references to',
  link: 'Adds a reference to one',
  unlink: 'Removes a reference to one',
  operation: 'Calls an operation of',
  content: 'The content of one',
  value: 'A value of one',
};

const operationId = ({ httpMethod, path, does }: Offer): string =>
  [
    httpMethod.toLowerCase(),
    ...path.map((part) => (typeof part === 'string' ? part.replaceAll(/\W+/g, '_') : 'by')),
    does,
  ].join('.');

const jsonOf = (schema: Schema): Schema => ({ 'application/json': { schema } });

function bodyOf(offer: Offer, words: Vocabulary): Schema | undefined {
  const { does, httpMethod, operation, type } = offer;
  if (does === 'operation') {
    if (operation?.kind !== 'action') return undefined;
    const properties = Object.entries(operation.parameters).map(([name, one]) => [name, propertySchema(one, words)]);
    return jsonOf({ type: 'object', properties: Object.fromEntries(properties) });
  }
  if (does === 'link') return jsonOf({ type: 'object', properties: { '@odata.id': { type: 'string' } } });
  if (does === 'content' && httpMethod === 'PUT') return { [type.stream?.mediaType ?? 'text/plain']: {} };
  if (does === 'create' || does === 'update' || does === 'put')
    return httpMethod === 'DELETE' ? undefined : jsonOf(refTo(type.name));
  return undefined;
}

const nothing: Schema = { 204: { description: 'Done.' } };

function success(offer: Offer, words: Vocabulary): Schema {
  const { does, httpMethod, many, operation, type } = offer;
  const entity = refTo(type.name);
  const list: Schema = { allOf: [{ $ref: '#/components/schemas/collection' }, inValue(entity)] };
  switch (does) {
    case 'list':
    case 'delta':
    case 'get':
    case 'links':
      return answer(many ? list : entity);
    case 'count':
      return { 200: { description: 'The number.', content: { 'text/plain': { schema: { type: 'integer' } } } } };
    case 'create':
      return { 201: { description: 'Created.', content: jsonOf(entity) } };
    case 'put':
      return { 201: { description: 'Created.', content: jsonOf(entity) }, ...nothing };
    case 'update':
      return httpMethod === 'POST' ? { 201: { description: 'Added.' } } : nothing;
    case 'operation': {
      const { returns } = operation ?? {};
      if (!returns) return nothing;
      return answer(typeof returns === 'function' ? entity : returned(returns, words));
    }
    case 'content':
      return httpMethod === 'GET'
        ? { 200: { description: 'The content.', content: { [type.stream?.mediaType ?? 'text/plain']: {} } } }
        : nothing;
    case 'value':
      return answer({ type: 'object' });
    default:
      return nothing;
  }
}

const answer = (schema: Schema): Schema => ({ 200: { description: 'Found.', content: jsonOf(schema) } });

/** A complex value is the answer itself; any other stands in `value`. */
const returned = (property: Property, words: Vocabulary): Schema =>
  property.type.kind === 'complex'
    ? propertySchema(property, words)
    : { type: 'object', properties: { value: propertySchema(property, words) } };

const inValue = (items: Schema): Schema => ({ type: 'object', properties: { value: { type: 'array', items } } });
