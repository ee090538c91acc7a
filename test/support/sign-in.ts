import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { seeded, type Usher } from './usher.ts';
import type { Visit, Visitor } from './visitor.ts';

/** One authorization request of the seeded SPA, with everything needed to redeem its code. */
export interface Attempt {
  readonly url: URL;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly state: string;
}

export const redirectUri = 'http://localhost:3000/';

/** The address of a flow; of the tenant itself, where none is named. */
const authorityOf = (usher: Usher, flow: string): string =>
  `${usher.url}/${seeded.tenant}${flow === '' ? '' : `/${flow}`}`;

/** An authorization code request with PKCE; `changes` overrides parameters, a null removes one. */
export function authorize(
  usher: Usher,
  changes: Readonly<Record<string, string | null>> = {},
  flow: string = seeded.flow,
): Attempt {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(8).toString('hex');
  const parameters: Record<string, string | null> = {
    client_id: seeded.spa,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: `openid offline_access ${seeded.scope}`,
    state,
    nonce: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  };
  const url = new URL(`${authorityOf(usher, flow)}/oauth2/v2.0/authorize`);
  for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
  return { url, verifier, redirectUri: parameters['redirect_uri'] ?? redirectUri, state: parameters['state'] ?? state };
}

/** Signs the seeded person in and gives the code that comes back. */
export async function codeFor(
  visitor: Visitor,
  attempt: Attempt,
  user: string = seeded.user,
  password: string = seeded.password,
): Promise<string> {
  const shown = await visitor.open(attempt.url);
  const done = shown.left ? shown : await visitor.submit(shown, 'next', { email: user, password });
  return codeIn(done);
}

export function codeIn(visit: Visit): string {
  const code = visit.left?.searchParams.get('code');
  assert.ok(code, `no code came back: ${visit.left?.href ?? visit.html.slice(0, 2000)}`);
  return code;
}

export type TokenAnswer = Readonly<Record<string, unknown>> & {
  readonly access_token?: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly error?: string;
  readonly error_description?: string;
};

/** A token request; answers are given with their status, refusals too. */
export async function token(
  usher: Usher,
  parameters: Readonly<Record<string, string>>,
  flow: string = seeded.flow,
): Promise<{ readonly status: number; readonly answer: TokenAnswer }> {
  const response = await fetch(`${authorityOf(usher, flow)}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { origin: new URL(redirectUri).origin },
    body: new URLSearchParams({ client_id: seeded.spa, ...parameters }),
  });
  return { status: response.status, answer: (await response.json()) as TokenAnswer };
}

export const redeem = (usher: Usher, attempt: Attempt, code: string, flow?: string) =>
  token(
    usher,
    {
      grant_type: 'authorization_code',
      code,
      code_verifier: attempt.verifier,
      redirect_uri: attempt.redirectUri,
      scope: `openid offline_access ${seeded.scope}`,
    },
    flow,
  );

export const refresh = (usher: Usher, refreshToken: string, flow?: string) =>
  token(
    usher,
    {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      scope: `openid offline_access ${seeded.scope}`,
    },
    flow,
  );

function partOf(jwt: string | undefined, at: 0 | 1): Readonly<Record<string, unknown>> {
  assert.ok(jwt, 'no token');
  return JSON.parse(Buffer.from(jwt.split('.')[at] ?? '', 'base64url').toString()) as Readonly<Record<string, unknown>>;
}

/** The claims of a JWT, unverified: the tests that verify say so. */
export const claimsIn = (jwt: string | undefined): Readonly<Record<string, unknown>> => partOf(jwt, 1);

/** With which key a JWT says that it was signed, and how. */
export function headerIn(jwt: string | undefined): { readonly kid: string; readonly alg: string } {
  const { kid, alg } = partOf(jwt, 0);
  return { kid: String(kid), alg: String(alg) };
}
