import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { claimsIn, type TokenAnswer } from './sign-in.ts';
import { seeded, type Usher } from './usher.ts';
import { newVisitor, type Visitor } from './visitor.ts';

const flowsPath = '/beta/identity/b2cUserFlows';

/** Changes settings of a user flow as an administrator does. */
export async function setFlow(usher: Usher, patch: object, flow: string = seeded.flow): Promise<void> {
  const response = await usher.graph('PATCH', `${flowsPath}/${flow}`, patch);
  assert.equal(response.status, 204, await response.text());
}

/** A user flow of its own for one test, with e-mail and password; resolves to its id. */
export async function newFlow(usher: Usher, parts: object = {}): Promise<string> {
  const response = await usher.graph('POST', flowsPath, {
    id: `f${randomBytes(6).toString('hex')}`,
    userFlowType: 'signUpOrSignIn',
    userFlowTypeVersion: 3,
    ...parts,
  });
  const made = (await response.json()) as { readonly id: string };
  assert.equal(response.status, 201, JSON.stringify(made));
  return made.id;
}

/** An application of its own for one test; resolves to its client id and directory id. */
export async function newApplication(
  usher: Usher,
  parts: object,
): Promise<{ readonly appId: string; readonly id: string }> {
  const displayName = `App ${randomBytes(4).toString('hex')}`;
  const response = await usher.graph('POST', '/beta/applications', { displayName, ...parts });
  const made = (await response.json()) as { readonly appId: string; readonly id: string };
  assert.equal(response.status, 201, JSON.stringify(made));
  return made;
}

/** A confidential client's way through the protocol: it may ask for every response type, and its tokens live long. */
export const webRedirect = 'http://localhost:3001/cb';

const verifier = randomBytes(32).toString('base64url');

/** An authorization request of the seeded web application; `changes` overrides parameters, a null removes one. */
export function authorizeWeb(usher: Usher, flow: string, changes: Readonly<Record<string, string | null>> = {}): URL {
  const url = new URL(`${usher.url}/${seeded.tenant}/${flow}/oauth2/v2.0/authorize`);
  const parameters: Readonly<Record<string, string | null>> = {
    client_id: seeded.web,
    response_type: 'code',
    redirect_uri: webRedirect,
    scope: `openid offline_access ${seeded.web}`,
    state: 'some-state',
    nonce: 'some-nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
  return url;
}

/** Lets the seeded web application ask for an ID token alone. */
export async function allowIdTokens(usher: Usher): Promise<void> {
  const patch = { web: { implicitGrantSettings: { enableIdTokenIssuance: true } } };
  const response = await usher.graph('PATCH', `/v1.0/applications(appId='${seeded.web}')`, patch);
  assert.equal(response.status, 204, await response.text());
}

export interface Answered {
  readonly status: number;
  readonly answer: TokenAnswer;
}

/** A token request of the seeded web application. */
export async function webToken(usher: Usher, flow: string, form: Readonly<Record<string, string>>): Promise<Answered> {
  const response = await fetch(`${usher.url}/${seeded.tenant}/${flow}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: seeded.web, client_secret: seeded.secret, ...form }),
  });
  return { status: response.status, answer: (await response.json()) as TokenAnswer };
}

export const refreshWeb = (usher: Usher, flow: string, { refresh_token = '' }: TokenAnswer): Promise<Answered> =>
  webToken(usher, flow, { grant_type: 'refresh_token', refresh_token });

/** What came back to the application, from the query or the fragment. */
export function membersOf(left: URL | undefined): URLSearchParams {
  assert.ok(left, 'the browser did not leave for the application');
  return new URLSearchParams(left.hash === '' ? left.search : left.hash.slice(1));
}

/** Goes to an address and signs in when asked to. */
export async function passThrough(
  visitor: Visitor,
  url: URL,
  email: string = seeded.user,
  password: string = seeded.password,
): Promise<URLSearchParams> {
  const shown = await visitor.open(url);
  const done = shown.left ? shown : await visitor.submit(shown, 'next', { email, password });
  assert.ok(done.left, `nobody was signed in: ${done.status} ${done.html.slice(0, 1500)}`);
  return membersOf(done.left);
}

/** Signs the seeded person in at the flow and redeems the code. */
export async function webTokens(
  usher: Usher,
  flow: string,
  visitor: Visitor = newVisitor(usher),
  changes: Readonly<Record<string, string | null>> = {},
): Promise<TokenAnswer> {
  const code = (await passThrough(visitor, authorizeWeb(usher, flow, changes))).get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, redirect_uri: webRedirect, code_verifier: verifier };
  const { status, answer } = await webToken(usher, flow, form);
  assert.equal(status, 200, JSON.stringify(answer));
  return answer;
}

/** The code of an error description, `AADB2C90080`. */
export const codeOf = ({ answer }: Answered): string | undefined =>
  /^AAD(?:B2C|STS)\d+/.exec(answer.error_description ?? '')?.[0];

/** Seconds that a token lives. */
export function lifeOf(token: string | undefined): number {
  const { exp, iat } = claimsIn(token);
  return Number(exp) - Number(iat);
}
