import { mostRequests } from '../batch-request.ts';
import type { ProtocolOffer } from '../inventory.ts';
import { refused } from './refusals.ts';
import type { Schema } from './schemas.ts';

interface Told {
  readonly summary: string;
  readonly content: Schema;
  readonly body?: Schema;
}

const object: Schema = { type: 'object' };
const json = (schema: Schema): Schema => ({ 'application/json': { schema } });

const requests: Schema = {
  type: 'object',
  required: ['requests'],
  properties: {
    requests: {
      type: 'array',
      maxItems: mostRequests,
      items: {
        type: 'object',
        required: ['id', 'method', 'url'],
        properties: {
          id: { type: 'string' },
          method: { type: 'string' },
          url: { type: 'string', description: 'Relative to the version.' },
          headers: { type: 'object', additionalProperties: { type: 'string' } },
          body: {},
          dependsOn: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  },
};

const responses: Schema = {
  type: 'object',
  properties: {
    responses: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          status: { type: 'integer' },
          headers: { type: 'object', additionalProperties: { type: 'string' } },
          body: {},
        },
      },
    },
  },
};

const told: Readonly<Record<ProtocolOffer['does'], Told>> = {
  service: { summary: 'The service document: what the version has at its root', content: json(object) },
  metadata: { summary: 'The CSDL document', content: { 'application/xml': {} } },
  openapi: { summary: 'This document', content: json(object) },
  identity: { summary: 'The container of the identity collections', content: json(object) },
  batch: { summary: `Sends up to ${mostRequests} requests at once`, content: json(responses), body: json(requests) },
};

/** What is asked of the version itself. */
export function protocolOperation({ does, open, httpMethod }: ProtocolOffer): Schema {
  const { summary, content, body } = told[does];
  return {
    operationId: `${httpMethod.toLowerCase()}.${does}`,
    tags: ['protocol'],
    summary,
    ...(body ? { requestBody: { required: true, content: body } } : {}),
    responses: {
      200: { description: 'Done.', content },
      ...refused(open ? ['badRequest', 'tooManyRequests'] : ['badRequest', 'unauthorized', 'tooManyRequests']),
    },
    security: open ? [] : [{ bearer: [] }],
  };
}
