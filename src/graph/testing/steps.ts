import assert from 'node:assert/strict';
import { type Answer, type Body, origin, type World } from './harness.ts';

/** A context URL. */
export const metadata = (version: string, fragment: string): string => `${origin}/${version}/$metadata#${fragment}`;

export function assertRefused(answer: Answer, status: number, message?: string | RegExp): void {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  if (typeof message === 'string') assert.equal(answer.body.error.message, message);
  if (message instanceof RegExp) assert.match(answer.body.error.message, message);
}

/** What Graph's JSON is called. */
export const jsonType =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

/** A refusal in the whole envelope (Graph contract d.6). */
export function assertError(answer: Answer, status: number, code: string, message?: string | RegExp): void {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  const { error } = answer.body;
  assert.equal(error.code, code);
  if (typeof message === 'string') assert.equal(error.message, message);
  if (message instanceof RegExp) assert.match(error.message, message);
  assert.equal(error.innerError['request-id'], answer.headers['request-id']);
  assert.equal(error.innerError['client-request-id'], answer.headers['client-request-id']);
  assert.match(error.innerError.date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.equal(answer.headers['content-type'], jsonType);
}

export type Send = (method: string, path: string, body?: unknown, status?: number) => Promise<Answer>;

/** Sends what has to succeed. */
export const sending =
  (world: () => World): Send =>
  async (method, path, body, status = 204) => {
    const answer = await world().send(method, path, body === undefined ? {} : { body });
    assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  };

/** Makes an API connector and returns its id. */
export async function makeConnector(send: Send, displayName: string): Promise<string> {
  const authenticationConfiguration = {
    '@odata.type': '#microsoft.graph.basicAuthentication',
    username: 'u',
    password: 'p',
  };
  const body = { displayName, targetUrl: 'https://api.example/', authenticationConfiguration };
  return (await send('POST', '/v1.0/identity/apiConnectors', body, 201)).body.id;
}

/** Addresses that most tests go to. */
export const flows = '/beta/identity/b2cUserFlows';
export const providers = '/v1.0/identity/identityProviders';

export const newFlow = (id: string) => ({ id, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 });
export const idsOf = ({ body }: Answer): readonly string[] => body.value.map(({ id }: Body) => id);
