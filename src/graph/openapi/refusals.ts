import type { Offer } from '../inventory.ts';
import type { Schema } from './schemas.ts';

/** The status codes of refusals (Graph contract d.6), by the names of their components. */
const refusals = {
  badRequest: [400, 'The request is not valid, or asks for what is not supported here.'],
  unauthorized: [401, 'There is no access token, or it is not valid (any more).'],
  forbidden: [403, 'The caller has none of the permissions.'],
  notFound: [404, 'There is no such resource.'],
  conflict: [409, 'Something with this name or value exists already, or the present state does not allow it.'],
  expired: [410, 'What was changed since the token is not known any more; begin anew.'],
  preconditionFailed: [412, 'The resource is not in the state that was asked for.'],
  tooLarge: [413, 'The body is too large.'],
  unsupportedMediaType: [415, 'The body is not in a format that is read here.'],
  tooManyRequests: [429, 'Too many requests; try again after the time that is told.'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

export type Refusal = keyof typeof refusals;

const body: Schema = { 'application/json': { schema: { $ref: '#/components/schemas/error' } } };

const headersOf = (name: string): Schema => {
  const integer: Schema = { schema: { type: 'integer' }, description: 'Seconds.' };
  return name === 'tooManyRequests' ? { headers: { 'Retry-After': integer } } : {};
};

/** What `responses` refers to, by name. */
export const responseComponents: Readonly<Record<string, Schema>> = {
  ...Object.fromEntries(
    Object.entries(refusals).map(([name, [, description]]) => [
      name,
      { description, ...headersOf(name), content: body },
    ]),
  ),
  error: { description: 'Refused, or failed.', content: body },
};

/** Refusals by status, and any other one as `default`. */
export const refused = (names: readonly Refusal[]): Schema =>
  Object.fromEntries([
    ...names.map((name) => [refusals[name][0], { $ref: `#/components/responses/${name}` }]),
    ['default', { $ref: '#/components/responses/error' }],
  ]);

/** What may be refused besides what any request may be. */
export function refusalsOf({ does, httpMethod, path }: Offer, hasBody: boolean): readonly Refusal[] {
  const names = new Set<Refusal>(['badRequest', 'unauthorized', 'forbidden', 'tooManyRequests']);
  if (path.some((part) => typeof part !== 'string')) names.add('notFound');
  if (httpMethod !== 'GET') names.add('conflict');
  if (httpMethod !== 'GET' && does !== 'create') names.add('preconditionFailed');
  if (does === 'delta') names.add('expired');
  if (hasBody) names.add('tooLarge').add('unsupportedMediaType');
  return [...names];
}
