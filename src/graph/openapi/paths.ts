import type { Operation } from '../../model/index.ts';
import { type Addressed, inventory, type Offer, type Part, protocolInventory } from '../inventory.ts';
import type { Vocabulary } from '../metadata/vocabulary.ts';
import { bodyOf, success } from './answers.ts';
import { parametersOf } from './parameters.ts';
import { protocolOperation } from './protocol.ts';
import { refusalsOf, refused } from './refusals.ts';
import type { Schema } from './schemas.ts';
import { template } from './template.ts';

interface Told extends Pick<Addressed, 'path' | 'httpMethod'> {
  readonly operation?: Operation;
  readonly schema: Schema;
}

/** The paths of a version: every operation of the inventory, with what it takes, answers and refuses. */
export function paths(words: Vocabulary): Readonly<Record<string, Schema>> {
  const operations: readonly Told[] = [
    ...protocolInventory(words.version).map((offer) => ({ ...offer, schema: protocolOperation(offer) })),
    ...inventory(words.version).flatMap((offer) => [
      { ...offer, schema: operationOf(offer, words) },
      ...removalByQuery(offer, words),
    ]),
  ];
  const found: Record<string, Record<string, unknown>> = {};
  for (const { path, httpMethod, operation, schema } of operations) {
    const { text, parameters } = template(path, words, operation);
    const item = found[text] ?? (parameters.length > 0 ? { parameters } : {});
    item[httpMethod.toLowerCase()] ??= schema;
    found[text] = item;
  }
  return found;
}

/** A reference is also removed by the address of its target in the query (OData protocol §11.4.6.2). */
function removalByQuery(offer: Offer, words: Vocabulary): readonly Told[] {
  const { does, path, usual } = offer;
  if (does !== 'unlink' || usual !== undefined || typeof path.at(-2) === 'string') return [];
  const schema = operationOf({ ...offer, path: [...path.slice(0, -2), '$ref'] }, words);
  const id: Schema = {
    name: '@id',
    in: 'query',
    required: true,
    description: 'Address of the target.',
    schema: { type: 'string' },
  };
  return [{ path: [...path.slice(0, -2), '$ref'], httpMethod: 'DELETE', schema: { ...schema, parameters: [id] } }];
}

function operationOf(offer: Offer, words: Vocabulary): Schema {
  const { does, permissions, type, path, usual, deprecated } = offer;
  const parameters = parametersOf(offer);
  const body = bodyOf(offer, words);
  const [area, second] = path;
  return {
    operationId: operationId(offer),
    tags: [area === 'identity' && typeof second === 'string' ? `${area}/${second}` : String(area)],
    summary: `${summaries[does]} ${type.name}`,
    description: [
      `Permissions, least privileged first: ${permissions.join(', ') || 'none'}.`,
      ...(usual === undefined ? [] : [`The usual way to ask the same is \`${usual}\`.`]),
    ].join(' '),
    ...(deprecated === undefined ? {} : { deprecated: true }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: body } } : {}),
    responses: { ...success(offer, words), ...refused(refusalsOf(offer, body !== undefined)) },
    // Any one of them is enough.
    security: permissions.map((permission) => ({ bearer: [permission] })),
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

/** `get.identity.b2cUserFlows.by.languages.list` */
const operationId = ({ httpMethod, path, does }: Offer): string =>
  [httpMethod.toLowerCase(), ...path.map(word), does].join('.');

function word(part: Part): string {
  if (typeof part === 'string') return part.replaceAll(/\W+/g, '_');
  return part.by === undefined ? 'by' : `by_${part.by}`;
}
