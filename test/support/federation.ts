import assert from 'node:assert/strict';
import { newFlow } from './flow-settings.ts';
import { type ForeignProviderServer, type Return, startForeignProvider } from './foreign-provider/provider.ts';
import { type Attempt, authorize, claimsIn, codeIn, token } from './sign-in.ts';
import { seeded, type Usher } from './usher.ts';
import type { Visit, Visitor } from './visitor.ts';

const providersPath = '/beta/identity/identityProviders';

/** An identity provider of the tenant that really listens, and what a flow calls it. */
export interface GivenProvider {
  readonly server: ForeignProviderServer;
  readonly id: string;
  /** Element id and action of its button. */
  readonly button: string;
}

const claimsMapping = {
  userId: 'sub',
  displayName: 'name',
  givenName: 'given_name',
  surname: 'family_name',
  email: 'email',
};

export async function graph(usher: Usher, method: string, path: string, body?: unknown) {
  const response = await usher.graph(method, path, body);
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>;
}

/** Gives the tenant a provider by its metadata. */
export async function giveProvider(usher: Usher, parts: object = {}): Promise<GivenProvider> {
  const server = await startForeignProvider();
  const made = await graph(usher, 'POST', providersPath, {
    '@odata.type': '#microsoft.graph.openIdConnectIdentityProvider',
    displayName: 'Elsewhere',
    clientId: 'usher',
    clientSecret: 'secret of the client',
    metadataUrl: server.metadataUrl,
    scope: 'openid profile email',
    responseType: 'code',
    responseMode: 'query',
    claimsMapping,
    ...parts,
  });
  const id = String(made['id']);
  return { server, id, button: `${id}Exchange` };
}

/** A flow that offers these providers; accounts of the tenant itself too, when `parts` says so. */
export async function flowWith(usher: Usher, providers: readonly { readonly id: string }[], parts: object = {}) {
  const identityProviders = providers.map(({ id }) => ({ id }));
  return newFlow(usher, { identityProviders, ...parts });
}

export const local = { id: 'EmailPassword-OAUTH' };

export interface Departed {
  readonly attempt: Attempt;
  readonly away: URL;
}

/** From the application to the provider. */
export async function leave(usher: Usher, visitor: Visitor, flow: string, button: string): Promise<Departed> {
  const attempt = authorize(usher, {}, flow);
  const away = await visitor.submit(await visitor.open(attempt.url), button);
  assert.ok(away.left, `no way to ${button}: ${away.html.slice(0, 2000)}`);
  return { attempt, away: away.left };
}

/** Where providers send people back to. */
export const callbackOf = (tenant: string = seeded.tenant): string => `/${tenant}/oauth2/authresp`;

/** The browser brings what the provider sent it back with. */
export const comeBack = (visitor: Visitor, { method, url, params }: Return, origin: string): Promise<Visit> =>
  method === 'POST' ? visitor.post(url, params, origin) : visitor.open(`${url}?${new URLSearchParams(params)}`);

/** There and back again. */
export async function through(
  usher: Usher,
  visitor: Visitor,
  flow: string,
  { server, button }: GivenProvider,
): Promise<{ readonly attempt: Attempt; readonly shown: Visit }> {
  const { attempt, away } = await leave(usher, visitor, flow, button);
  return { attempt, shown: await comeBack(visitor, await server.signIn(away.href), server.origin) };
}

/** What the ID token says of whoever has come in. */
export async function claimsAfter(usher: Usher, flow: string, attempt: Attempt, visit: Visit) {
  const { verifier, redirectUri } = attempt;
  const exchange = { code: codeIn(visit), code_verifier: verifier, redirect_uri: redirectUri };
  const { answer } = await token(usher, { grant_type: 'authorization_code', ...exchange }, flow);
  return claimsIn(answer.id_token);
}

/** `error_description` that the application got. */
export const refusedWith = (visit: Visit): string => {
  assert.equal(visit.left?.searchParams.get('code') ?? null, null, 'somebody came in');
  return visit.left?.searchParams.get('error_description') ?? '';
};

/** Every account of the tenant, as an administrator sees it. */
export async function accounts(usher: Usher) {
  const select = '$select=id,displayName,givenName,userPrincipalName,mailNickname,identities,otherMails,mail';
  const page = await graph(usher, 'GET', `/v1.0/users?$top=999&${select}`);
  return page['value'] as readonly {
    readonly id: string;
    readonly displayName: string;
    readonly userPrincipalName: string;
    readonly mailNickname: string | null;
    readonly otherMails: readonly string[];
    readonly identities: readonly { signInType: string; issuer: string; issuerAssignedId: string }[];
  }[];
}
