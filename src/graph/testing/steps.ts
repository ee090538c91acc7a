import assert from 'node:assert/strict';
import { type Answer, origin, type World } from './harness.ts';

/** A context URL. */
export const metadata = (version: string, fragment: string): string => `${origin}/${version}/$metadata#${fragment}`;

export function assertRefused(answer: Answer, status: number, message?: string | RegExp): void {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  if (typeof message === 'string') assert.equal(answer.body.error.message, message);
  if (message instanceof RegExp) assert.match(answer.body.error.message, message);
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
