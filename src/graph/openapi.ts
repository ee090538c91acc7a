import type { Reply } from '../http/index.ts';
import type { Version } from '../model/index.ts';
import { vocabulary } from './metadata/vocabulary.ts';
import { paths } from './openapi/paths.ts';
import { type Schema, schemas } from './openapi/schemas.ts';

const documents = new Map<string, Reply>();

/** The document as it is sent: the same for everybody, with the asked origin as its server. */
export function openApiReply(version: Version, origin: string): Reply {
  const key = `${origin}/${version}`;
  const known = documents.get(key);
  if (known) return known;
  const headers = { 'content-type': 'application/json;charset=utf-8', 'cache-control': 'public, max-age=3600' };
  const made: Reply = { status: 200, headers, body: JSON.stringify(openApi(version, origin)) };
  documents.set(key, made);
  return made;
}

/** The OpenAPI 3.1 description of a version, printed from the declarations and from nothing else. */
export function openApi(version: Version, origin: string): Schema {
  const words = vocabulary(version);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Usher management API',
      version,
      description: 'Microsoft Graph for identity user flows and the users, applications and providers they concern.',
    },
    servers: [{ url: `${origin}/${version}` }],
    paths: paths(words),
    components: {
      schemas: { ...schemas(words), collection, error },
      parameters: Object.fromEntries(
        options.map(([name, description, schema]) => [name, option(name, description, schema)]),
      ),
      responses: { error: { description: 'Refused.', content: { 'application/json': { schema: errorReference } } } },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

/** What every list has beside its items (OData JSON §4.5). */
const collection: Schema = {
  type: 'object',
  properties: {
    '@odata.context': { type: 'string' },
    '@odata.count': { type: 'integer' },
    '@odata.nextLink': { type: 'string' },
  },
};

const errorReference: Schema = { $ref: '#/components/schemas/error' };

/** Graph contract d.6. */
const error: Schema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        target: { type: 'string' },
        details: { type: 'array', items: { type: 'object' } },
        innerError: { type: 'object' },
      },
    },
  },
};

const text: Schema = { type: 'string' };

const options: readonly (readonly [name: string, description: string, schema: Schema])[] = [
  ['filter', 'Only items for which this is true.', text],
  ['orderby', "Properties to sort by, each with 'asc' or 'desc'.", text],
  ['select', 'Properties to return.', text],
  ['expand', 'Related items to return with each.', text],
  ['top', 'Items of a page.', { type: 'integer', minimum: 1, maximum: 999 }],
  ['skip', 'Items to leave out at the beginning.', { type: 'integer', minimum: 0 }],
  ['count', 'Also tell how many there are.', { type: 'boolean' }],
  ['skiptoken', 'Where the next page begins; taken from `@odata.nextLink`.', text],
];

const option = (name: string, description: string, schema: Schema): Schema => ({
  name: `$${name}`,
  in: 'query',
  description,
  schema,
});
