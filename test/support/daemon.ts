/** What a program is given and answered that works without people. */
import assert from 'node:assert/strict';
import { daemonForm, seeded, type Usher } from './usher.ts';

/** A new token for Graph. */
export async function daemonToken({ url }: Pick<Usher, 'url'>): Promise<string> {
  const response = await fetch(`${url}/${seeded.tenant}/oauth2/v2.0/token`, { method: 'POST', body: daemonForm() });
  const { access_token: token } = (await response.json()) as { readonly access_token?: string };
  assert.ok(token, String(response.status));
  return token;
}

/** What the management API says to a token: 200, or 401. */
export async function graphStatus({ url }: Pick<Usher, 'url'>, token: string): Promise<number> {
  const response = await fetch(`${url}/v1.0/users?$top=1`, { headers: { authorization: `Bearer ${token}` } });
  await response.arrayBuffer();
  return response.status;
}
