import { createHash, randomBytes } from 'node:crypto';
import { openBrowser } from '../client/browser.ts';
import { type Connection, openConnection } from '../client/connection.ts';
import { codeIn, tokensIn } from '../client/sign-in.ts';
import type { Serving } from './serving.ts';

/** What the bare provider is asked, as `provider.ts` is configured. */
const redirectUri = 'https://app.example/cb';
const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'https://app.example' } as const;

async function tokens(connection: Connection, form: Readonly<Record<string, string>>) {
  return tokensIn(
    await connection.ask({ method: 'POST', path: '/token', headers, body: new URLSearchParams(form).toString() }),
  );
}

/** The whole way: authorize, form, answer, code, tokens; there is no password. */
export async function providerLogin(connection: Connection, origin: string): Promise<string> {
  const verifier = randomBytes(32).toString('base64url');
  const asked = new URLSearchParams({
    client_id: 'spa',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid offline_access tasks',
    state: 'state',
    nonce: 'nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const browser = openBrowser(connection, origin);
  const shown = await browser.open(`/auth?${asked}`);
  const email = randomBytes(6).toString('hex');
  const code = codeIn(await browser.press(shown, 'next', { email }));
  const form = { client_id: 'spa', grant_type: 'authorization_code', code, code_verifier: verifier };
  const answer = await tokens(connection, { ...form, redirect_uri: redirectUri });
  if (!answer.id_token || !answer.refresh_token || answer.access_token?.split('.').length !== 3)
    throw new Error('The bare provider does not give what it is compared for.');
  return answer.refresh_token;
}

/** One lane that logs in again and again. */
export function providerLogins({ https, ca }: Serving): () => Promise<void> {
  const connection = openConnection(https, ca);
  return async () => void (await providerLogin(connection, https));
}

/** One lane that refreshes again and again; each has a family of its own. */
export async function providerRefreshes({ https, ca }: Serving): Promise<() => Promise<void>> {
  const connection = openConnection(https, ca);
  let held = await providerLogin(connection, https);
  return async () => {
    const answer = await tokens(connection, { client_id: 'spa', grant_type: 'refresh_token', refresh_token: held });
    held = answer.refresh_token ?? '';
  };
}

export function providerCredentials({ https, ca }: Serving): () => Promise<void> {
  const connection = openConnection(https, ca);
  const form = { client_id: 'daemon', client_secret: 'secret', grant_type: 'client_credentials', scope: 'tasks' };
  return async () => void (await tokens(connection, form));
}
