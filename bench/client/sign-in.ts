import { authorize, type TokenAnswer } from '../../test/support/sign-in.ts';
import { seeded, type Usher } from '../../test/support/usher.ts';
import { formHeaders, tokenPath } from '../target.ts';
import { openBrowser, type Page } from './browser.ts';
import type { Answer, Connection } from './connection.ts';

export const scope = `openid offline_access ${seeded.scope}`;

export function tokensIn({ status, body }: Answer): TokenAnswer {
  if (status !== 200) throw new Error(`No tokens: ${status} ${body.toString()}`);
  return JSON.parse(body.toString()) as TokenAnswer;
}

export function codeIn({ status, left, html }: Page): string {
  const code = left?.searchParams.get('code');
  if (!code) throw new Error(`No code: ${status} ${left?.href ?? html.slice(0, 4000)}`);
  return code;
}

/** Gives its code and gets tokens, as MSAL does. */
export async function redeem(
  connection: Connection,
  { verifier, redirectUri }: { readonly verifier: string; readonly redirectUri: string },
  code: string,
  flow?: string,
): Promise<TokenAnswer> {
  const form = {
    client_id: seeded.spa,
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
    scope,
  };
  const body = new URLSearchParams(form).toString();
  return tokensIn(await connection.ask({ method: 'POST', path: tokenPath(flow), headers: formHeaders, body }));
}

/** A person signs in with a password, in a browser that was never here, and the application gets tokens. */
export async function signIn(target: Usher, connection: Connection, email: string): Promise<TokenAnswer> {
  const attempt = authorize(target);
  const browser = openBrowser(connection, target.url);
  const shown = await browser.open(`${attempt.url.pathname}${attempt.url.search}`);
  const done = await browser.press(shown, 'next', { email, password: seeded.password });
  return redeem(connection, attempt, codeIn(done));
}

export const refreshForm = (token: string): string =>
  new URLSearchParams({ client_id: seeded.spa, grant_type: 'refresh_token', refresh_token: token, scope }).toString();
