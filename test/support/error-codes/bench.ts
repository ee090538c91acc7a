import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { newApplication, newFlow } from '../flow-settings.ts';
import { seeded, type Usher } from '../usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../visitor.ts';

/** Where a code reaches somebody: a page, the application's redirect URI, or the JSON of the token endpoint. */
export type Channel = 'page' | 'redirect' | 'token';

/** What came back, whatever it is. */
export interface Raised {
  readonly channel: Channel;
  readonly status: number;
  /** Absent on pages. */
  readonly error?: string;
  readonly text: string;
  readonly state?: string | null;
}

export type Parameters = Readonly<Record<string, string | null>>;

/** A server with what it takes to provoke its refusals. */
export interface Bench {
  readonly usher: Usher;
  /** A flow that signs in with e-mail and password, of version 1: forgetting a password is the application's affair. Empty at the tenant. */
  readonly flow: string;
  readonly otherFlow: string;
  /** A single-page application, a confidential one, one that may exchange passwords; client ids. */
  readonly spa: string;
  readonly web: string;
  readonly native: string;
  /** Another resource, with a scope that nobody has been granted. */
  readonly otherApi: string;
  /** An authorization request of the web application. */
  authorize(changes?: Parameters, flow?: string, visitor?: Visitor): Promise<Visit>;
  token(form: Parameters, flow?: string, init?: RequestInit): Promise<Raised>;
  /** A code of the web application. */
  code(changes?: Parameters, email?: string): Promise<string>;
  /** The redemption of a code, changed. */
  redemption(changes: Parameters, flow?: string): Promise<Raised>;
  /** A password exchanged at the resource owner flow, changed. */
  exchange(changes: Parameters): Promise<Raised>;
  /** What `client_credentials` comes to at the tenant's own authority, changed. */
  ofTenant(changes: Parameters): Promise<Raised>;
  disabledApplication(): Promise<string>;
  /** The same where no flow is named: at the tenant itself. */
  readonly tenant: Bench;
}

export const verifier = randomBytes(32).toString('base64url');
export const redirect = 'http://localhost:3001/cb';
export const secret = seeded.secret;

const filled = (all: Parameters): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));

/** Reads a page or the redirect to an application. */
export function raisedBy(visit: Visit): Raised {
  const { left, status, html } = visit;
  if (!left) return { channel: 'page', status, text: textOf(html) };
  const members = new URLSearchParams(left.hash === '' ? left.search : left.hash.slice(1));
  return {
    channel: 'redirect',
    status,
    error: members.get('error') ?? '',
    text: members.get('error_description') ?? '',
    state: members.get('state'),
  };
}

async function createApplications(usher: Usher) {
  const implicitGrantSettings = { enableIdTokenIssuance: true, enableAccessTokenIssuance: true };
  const scope = { id: '6f1ba2f8-3f5c-4d0c-9a67-1f0a5b0c1d77', value: 'use', type: 'User', isEnabled: true };
  const { appId: otherApi } = await newApplication(usher, { api: { oauth2PermissionScopes: [scope] } });
  const { appId: web, id } = await newApplication(usher, { web: { redirectUris: [redirect], implicitGrantSettings } });
  const added = await usher.graph('POST', `/beta/applications/${id}/addPassword`, {
    passwordCredential: { displayName: 'test' },
  });
  const { secretText } = (await added.json()) as { readonly secretText: string };
  const parts = { isFallbackPublicClient: true, publicClient: { redirectUris: ['myapp://auth'] } };
  const { appId: native } = await newApplication(usher, { ...parts, web: { implicitGrantSettings } });
  return { otherApi, web, native, secretText };
}

/** Prepares a running server. */
export async function openBench(usher: Usher): Promise<Bench> {
  const { otherApi, web, native, secretText } = await createApplications(usher);
  const firstFlow = await newFlow(usher, { userFlowTypeVersion: 1 });
  const otherFlow = await newFlow(usher);
  const base = `${usher.url}/${seeded.tenant}`;
  const pathOf = (at: string): string => `${base}${at === '' ? '' : `/${at}`}/oauth2/v2.0`;

  const benchAt = (flow: string): Omit<Bench, 'tenant'> => {
    const bench: Omit<Bench, 'tenant'> = {
      usher,
      flow,
      otherFlow,
      spa: seeded.spa,
      web,
      native,
      otherApi,
      authorize(changes = {}, at = flow, visitor = newVisitor(usher)) {
        const url = new URL(`${pathOf(at)}/authorize`);
        const parameters = {
          client_id: web,
          response_type: 'code',
          redirect_uri: redirect,
          scope: 'openid offline_access',
          state: 'some|state=',
          nonce: 'nonce',
          code_challenge: createHash('sha256').update(verifier).digest('base64url'),
          code_challenge_method: 'S256',
          ...changes,
        };
        for (const [name, value] of Object.entries(filled(parameters))) url.searchParams.set(name, value);
        return visitor.open(url);
      },
      async token(form, at = flow, init = {}) {
        const response = await fetch(`${pathOf(at)}/token`, {
          method: 'POST',
          ...(init.method === 'GET' ? {} : { body: new URLSearchParams(filled(form)) }),
          ...init,
        });
        const answer = (await response.json()) as Readonly<Record<string, string>>;
        const { error = '', error_description: text = '' } = answer;
        return { channel: 'token', status: response.status, error, text };
      },
      async code(changes = {}, email = seeded.user) {
        const visitor = newVisitor(usher);
        const shown = await bench.authorize(changes, flow, visitor);
        const done = await visitor.submit(shown, 'next', { email, password: seeded.password });
        const code = done.left?.searchParams.get('code');
        assert.ok(code, `no code came back: ${done.html.slice(0, 1000)}`);
        return code;
      },
      async redemption(changes, at = flow) {
        const form = {
          grant_type: 'authorization_code',
          client_id: web,
          client_secret: secretText,
          redirect_uri: redirect,
        };
        const code = 'code' in changes ? null : await bench.code();
        return bench.token({ ...form, code, code_verifier: verifier, ...changes }, at);
      },
      exchange: (changes) =>
        bench.token(
          {
            grant_type: 'password',
            client_id: native,
            username: seeded.user,
            password: seeded.password,
            scope: 'openid offline_access',
            ...changes,
          },
          'B2C_1_ropc',
        ),
      ofTenant: (changes) =>
        bench.token(
          {
            grant_type: 'client_credentials',
            client_id: seeded.daemon,
            client_secret: secret,
            scope: 'https://graph.microsoft.com/.default',
            ...changes,
          },
          '',
        ),
      async disabledApplication() {
        const parts = { isDisabled: true, web: { redirectUris: [redirect] } };
        return (await newApplication(usher, parts)).appId;
      },
    };
    return bench;
  };

  const tenant: Bench = {
    ...benchAt(''),
    get tenant() {
      return tenant;
    },
  };
  return { ...benchAt(firstFlow), tenant };
}
