import type { Version } from '../model/index.ts';
import { vocabulary } from './metadata/vocabulary.ts';
import { parameterComponents } from './openapi/parameters.ts';
import { paths } from './openapi/paths.ts';
import { responseComponents } from './openapi/refusals.ts';
import { type Schema, schemas } from './openapi/schemas.ts';

/** The OpenAPI 3.1 description of a version, printed from the declarations and from nothing else. */
export function openApi(version: Version): Schema {
  const words = vocabulary(version);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Usher management API',
      version,
      description: 'Microsoft Graph for identity user flows and the users, applications and providers they concern.',
    },
    // Relative to the address of the document, so that it is the same behind every name of the server.
    servers: [{ url: `/${version}` }],
    paths: paths(words),
    components: {
      schemas: { ...schemas(words), collection, delta, error },
      parameters: parameterComponents,
      responses: responseComponents,
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

/** A round of changes ends with the link of the next round (Graph contract d.10). */
const delta: Schema = {
  type: 'object',
  properties: {
    '@odata.context': { type: 'string' },
    '@odata.nextLink': { type: 'string' },
    '@odata.deltaLink': { type: 'string' },
  },
};

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
        details: {
          type: 'array',
          items: {
            type: 'object',
            properties: { code: { type: 'string' }, target: { type: 'string' }, message: { type: 'string' } },
          },
        },
        innerError: {
          type: 'object',
          properties: {
            date: { type: 'string' },
            'request-id': { type: 'string', format: 'uuid' },
            'client-request-id': { type: 'string', format: 'uuid' },
          },
        },
      },
    },
  },
};
