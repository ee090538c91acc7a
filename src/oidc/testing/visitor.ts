import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { Arrival, Refusal } from '../../flows/index.ts';
import type { User } from '../../identity/index.ts';
import { type House, ids, origin } from './harness.ts';

/** A browser: keeps cookies by path, follows nothing by itself. */
export interface Browser {
  get(url: string | URL): Promise<Response>;
  cookies(): readonly string[];
  /** Closes the browser: what is not to be kept is forgotten. */
  close(): void;
}

interface Kept {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly text: string;
}

export function createBrowser(house: House): Browser {
  let jar: readonly Kept[] = [];
  function keep(text: string): void {
    const [pair = '', ...attributes] = text.split(/; ?/);
    const name = pair.slice(0, pair.indexOf('='));
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/';
    const gone = attributes.some((one) => /^(?:expires=Thu, 01 Jan 1970|max-age=0$)/i.test(one));
    jar = jar.filter((one) => one.name !== name || one.path !== path);
    if (!gone) jar = [...jar, { name, value: pair.slice(name.length + 1), path, text }];
  }
  return {
    async get(url) {
      const { pathname } = new URL(url, origin);
      const sent = jar.filter(({ path }) => pathname.startsWith(path));
      const cookie = sent.map(({ name, value }) => `${name}=${value}`).join('; ');
      const response = await house.fetch(url, { headers: cookie === '' ? {} : { cookie } });
      for (const text of response.headers.getSetCookie()) keep(text);
      return response;
    },
    cookies: () => jar.map(({ text }) => text),
    close() {
      jar = jar.filter(({ text }) => /; ?(?:max-age|expires)=/i.test(text));
    },
  };
}

export const verifier = randomBytes(32).toString('base64url');
export const challenge = createHash('sha256').update(verifier).digest('base64url');

/**
 * An authorization request of the single-page application, changed by `changes`; null takes a parameter away. Without a flow it goes to the
 * tenant itself.
 */
export function authorizeUrl(changes: Readonly<Record<string, string | null>> = {}, flow = 'B2C_1_susi'): string {
  const params: Record<string, string | null> = {
    client_id: ids.spa,
    redirect_uri: 'http://localhost:3000/',
    response_type: 'code',
    response_mode: 'fragment',
    scope: 'openid profile offline_access',
    state: 'c3RhdGU=|mine',
    nonce: 'n-0',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...changes,
  };
  const sent = Object.entries(params).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  const path = flow === '' ? '' : `/${flow}`;
  return `${origin}/contoso.onmicrosoft.com${path}/oauth2/v2.0/authorize?${new URLSearchParams(Object.fromEntries(sent))}`;
}

/** Where a redirect leads and what it carries. */
export function readRedirect(response: Response): { readonly to: string; readonly params: URLSearchParams } {
  const location = response.headers.get('location') ?? '';
  const at = location.search(/[#?]/);
  return {
    to: at < 0 ? location : location.slice(0, at),
    params: new URLSearchParams(at < 0 ? '' : location.slice(at + 1)),
  };
}

export type Ending =
  | {
      readonly user: User;
      readonly newUser?: boolean;
      readonly keepSignedIn?: boolean;
      readonly foreign?: Arrival['foreign'];
      /** Absent: now. */
      readonly authTime?: number;
    }
  | { readonly refusal: Refusal };

/** Ends the journey started last and goes back with the browser. */
export async function endJourney(house: House, browser: Browser, ending: Ending): Promise<Response> {
  const journey = house.contoso.journeys.started.at(-1);
  if (!journey) throw new Error('no journey was started');
  const { host } = house.contoso;
  if ('refusal' in ending) return browser.get(await host.refuse(journey.hostRef, ending.refusal));
  const arrival: Arrival = {
    userId: ending.user.id,
    newUser: ending.newUser ?? false,
    amr: ['pwd'],
    authTime: ending.authTime ?? house.clock.now(),
    flowId: journey.flowId,
    keepSignedIn: ending.keepSignedIn ?? false,
    ...(ending.foreign ? { foreign: ending.foreign } : {}),
  };
  return browser.get(await host.arrive(journey.hostRef, arrival));
}

/** Signs in from the start; resolves to the answer that goes to the application. */
export async function signIn(
  house: House,
  browser: Browser,
  { url = authorizeUrl(), ending = { user: house.adele } }: { url?: string; ending?: Ending } = {},
): Promise<Response> {
  const asked = await browser.get(url);
  if (asked.status !== 303) return asked;
  return endJourney(house, browser, ending);
}

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Posts a token request; null takes a parameter away. */
export async function postToken(
  house: House,
  form: Readonly<Record<string, string | null>>,
  {
    flow = 'b2c_1_susi',
    tenant = 'contoso.onmicrosoft.com',
    headers = {},
  }: { flow?: string; tenant?: string; headers?: Record<string, string> } = {},
): Promise<TokenAnswer> {
  const sent = Object.entries(form).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  const path = flow === '' ? `/${tenant}` : `/${tenant}/${flow}`;
  const response = await house.fetch(`${origin}${path}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8', ...headers },
    body: new URLSearchParams(Object.fromEntries(sent)).toString(),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as TokenAnswer['body'] };
}

export const redemption = (code: string): Record<string, string> => ({
  grant_type: 'authorization_code',
  client_id: ids.spa,
  redirect_uri: 'http://localhost:3000/',
  code,
  code_verifier: verifier,
});

/** A fresh browser signs in and the code is redeemed. */
export async function signedIn(
  house: House,
  changes: Readonly<Record<string, string | null>> = {},
): Promise<TokenAnswer> {
  const response = await signIn(house, createBrowser(house), { url: authorizeUrl(changes) });
  const code = readRedirect(response).params.get('code') ?? '';
  return postToken(house, redemption(code));
}

export function claimsOf(token: unknown): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
}

/** The code on the page that an answer shows; it must be a page, and lead nowhere. */
export async function shownCode(response: Response): Promise<string | undefined> {
  assert.equal(response.headers.get('location'), null);
  return /(?:AADB2C|AADSTS|flows|http)[.\w]*/.exec(await response.text())?.[0];
}
