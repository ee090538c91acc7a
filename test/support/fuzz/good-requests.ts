/** A good request for every endpoint that is not the management API, with everything in it that makes it one. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { shared } from '../../security/two-tenants.ts';
import { flowWith, type GivenProvider, giveProvider, leave } from '../federation.ts';
import { newApplication } from '../flow-settings.ts';
import { authorize, codeFor, redirectUri, type TokenAnswer } from '../sign-in.ts';
import { daemonForm, seeded, type Usher } from '../usher.ts';
import { fieldsOf, newVisitor, type Visitor } from '../visitor.ts';

export type Pairs = readonly (readonly [string, string])[];

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: Pairs;
  readonly headers: Pairs;
  /** Fields of a form; absent: there is no body. */
  readonly form?: Pairs;
}

/** What they are made with, once for a server. */
export interface Stock {
  readonly usher: Usher;
  readonly elsewhere: GivenProvider;
  readonly flow: string;
  readonly native: string;
}

export async function stockOf(usher: Usher): Promise<Stock> {
  const elsewhere = await giveProvider(usher);
  const implicit = { web: { implicitGrantSettings: { enableAccessTokenIssuance: true } } };
  const publicClient = { redirectUris: ['myapp://auth'] };
  const native = await newApplication(usher, { isFallbackPublicClient: true, publicClient, ...implicit });
  return { usher, elsewhere, flow: await flowWith(usher, [elsewhere]), native: native.appId };
}

const client = { client_id: shared.web, client_secret: shared.secret };
const tenantPath = `/${seeded.tenant}`;
const flowPath = `${tenantPath}/${seeded.flow}`;
const ropcPath = `${tenantPath}/B2C_1_ropc`;

/** An address as it stands, also with a query. */
function asked(url: URL | string, method = 'GET', headers: Pairs = []): Sent {
  const { pathname, searchParams } = new URL(url, 'https://usher.invalid');
  return { method, path: pathname, query: [...searchParams], headers };
}

const posted = (path: string, form: Readonly<Record<string, string>>, headers: Pairs = []): Sent => ({
  ...asked(path, 'POST', headers),
  form: Object.entries(form),
});

const cookiesOf = ({ cookies }: Visitor): readonly [string, string] => [
  'cookie',
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
];

const attemptOf = (usher: Usher) =>
  authorize(usher, { client_id: shared.web, scope: `openid offline_access ${shared.web}` });

async function exchange(usher: Usher): Promise<Readonly<Record<string, string>>> {
  const attempt = attemptOf(usher);
  const code = await codeFor(newVisitor(usher), attempt);
  const proof = { code, code_verifier: attempt.verifier, redirect_uri: redirectUri };
  return { grant_type: 'authorization_code', ...client, ...proof };
}

async function answered(usher: Usher, path: string, form: Readonly<Record<string, string>>): Promise<TokenAnswer> {
  const response = await fetch(`${usher.url}${path}`, { method: 'POST', body: new URLSearchParams(form) });
  const answer = (await response.json()) as TokenAnswer;
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}

const tokens = async (usher: Usher): Promise<TokenAnswer> =>
  answered(usher, `${flowPath}/oauth2/v2.0/token`, await exchange(usher));

const device = (usher: Usher): Promise<TokenAnswer> =>
  answered(usher, `${flowPath}/oauth2/v2.0/devicecode`, { ...client, scope: 'openid' });

const pushed = (): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(attemptOf({ url: 'https://usher.invalid' } as Usher).url.searchParams),
  ...client,
});

/** A page of a journey, and what its form would send with the right password. */
async function onPage(usher: Usher): Promise<{ readonly look: Sent; readonly answer: Sent }> {
  const visitor = newVisitor(usher);
  const page = await visitor.open(attemptOf(usher).url);
  const headers: Pairs = [cookiesOf(visitor), ['origin', usher.url]];
  const form = { ...fieldsOf(page.html), email: seeded.user, password: seeded.password, action: 'next' };
  return { look: asked(page.url, 'GET', headers), answer: posted(page.url.pathname, form, headers) };
}

/** Where a journey that is over sends its browser, which goes on to the application. */
async function resumed(usher: Usher): Promise<Sent> {
  const { path, headers, form = [] } = (await onPage(usher)).answer;
  const response = await fetch(`${usher.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(Object.fromEntries(form)),
    headers: Object.fromEntries(headers),
    redirect: 'manual',
  });
  await response.arrayBuffer();
  return asked(new URL(response.headers.get('location') ?? '', usher.url), 'GET', headers);
}

async function cameBack({ usher, elsewhere, flow }: Stock): Promise<Sent> {
  elsewhere.server.person = { sub: randomUUID(), name: 'Ada' };
  const visitor = newVisitor(usher);
  const { away } = await leave(usher, visitor, flow, elsewhere.button);
  const { url, params } = await elsewhere.server.signIn(away.href);
  return asked(`${url}?${new URLSearchParams(params)}`, 'GET', [cookiesOf(visitor)]);
}

async function invited({ usher }: Stock): Promise<Sent> {
  const response = await usher.graph('POST', '/v1.0/invitations', {
    invitedUserEmailAddress: `${randomUUID()}@example.com`,
    inviteRedirectUrl: 'https://app.example/welcome',
  });
  const { inviteRedeemUrl = '' } = (await response.json()) as { readonly inviteRedeemUrl?: string };
  return asked(inviteRedeemUrl);
}

/** By what it asks for; `discovery` and the like by the name of their address. */
export const goodRequests: Readonly<Record<string, (stock: Stock) => Promise<Sent>>> = {
  authorize: async ({ usher }) => {
    const { url } = attemptOf(usher);
    url.searchParams.set('login_hint', seeded.user);
    return asked(url);
  },
  'authorize by a form': async ({ usher }) => {
    const { path, query } = asked(attemptOf(usher).url);
    return posted(path, Object.fromEntries(query));
  },
  'authorize without a page': async ({ usher }) => {
    const visitor = newVisitor(usher);
    await codeFor(visitor, attemptOf(usher));
    const { url } = attemptOf(usher);
    url.searchParams.set('prompt', 'none');
    return asked(url, 'GET', [cookiesOf(visitor)]);
  },
  'the end of a journey': ({ usher }) => resumed(usher),
  'a page of a journey': async ({ usher }) => (await onPage(usher)).look,
  'an answer to a page': async ({ usher }) => (await onPage(usher)).answer,
  'an answer of a provider': cameBack,
  'the link of an invitation': invited,
  'a code for tokens': async ({ usher }) => posted(`${flowPath}/oauth2/v2.0/token`, await exchange(usher)),
  'a refresh token for tokens': async ({ usher }) => {
    const { refresh_token = '' } = await tokens(usher);
    return posted(`${flowPath}/oauth2/v2.0/token`, { grant_type: 'refresh_token', ...client, refresh_token });
  },
  'a password for tokens': async ({ native }) =>
    posted(`${ropcPath}/oauth2/v2.0/token`, {
      grant_type: 'password',
      client_id: native,
      username: seeded.user,
      password: seeded.password,
      scope: `openid ${native} offline_access`,
      response_type: 'token id_token',
    }),
  'client credentials': async () => posted(`${tenantPath}/oauth2/v2.0/token`, Object.fromEntries(daemonForm())),
  'a pushed request': async () => posted(`${flowPath}/oauth2/v2.0/par`, pushed()),
  'a device code': async () => posted(`${flowPath}/oauth2/v2.0/devicecode`, { ...client, scope: 'openid' }),
  'the page for devices': async ({ usher }) => asked(String((await device(usher))['verification_uri_complete'])),
  introspection: async ({ usher }) => {
    const { refresh_token: token = '' } = await tokens(usher);
    return posted(`${flowPath}/oauth2/v2.0/introspect`, { ...client, token });
  },
  revocation: async ({ usher }) => {
    const { refresh_token: token = '' } = await tokens(usher);
    return posted(`${flowPath}/oauth2/v2.0/revoke`, { ...client, token });
  },
  userinfo: async ({ usher }) => {
    const { access_token = '' } = await tokens(usher);
    return asked(`${flowPath}/openid/v2.0/userinfo`, 'GET', [['authorization', `Bearer ${access_token}`]]);
  },
  logout: async ({ usher }) => {
    const { id_token = '' } = await tokens(usher);
    const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: redirectUri, state: 's' });
    return asked(`${flowPath}/oauth2/v2.0/logout?${query}`);
  },
  discovery: async () => asked(`${flowPath}/v2.0/.well-known/openid-configuration`),
  'discovery of the tenant': async () => asked(`/tfp${flowPath}/v2.0/.well-known/openid-configuration`),
  keys: async () => asked(`${flowPath}/discovery/v2.0/keys`),
  'metadata for SAML': async () => asked(`${tenantPath}/oauth2/saml/metadata`),
};
