import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { type OidcKind, oidcKinds, withKey } from '../support/foreign-provider/kinds.ts';
import { type ForeignProviderServer, type Return, startForeignProvider } from '../support/foreign-provider/provider.ts';
import { authorize, codeIn, token } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

const flows = '/beta/identity/b2cUserFlows';
const providers = '/beta/identity/identityProviders';
const callback = `/${seeded.tenant}/oauth2/authresp`;

describe('providers that speak OpenID Connect', () => {
  const locals = new Map<string, ForeignProviderServer>();
  let usher: Usher;

  /** The provider that knows the server by its keys reads them where they are published. */
  async function accepts(asked: Parameters<ReturnType<typeof withKey>>[0]): Promise<boolean> {
    const answer = await fetch(`${usher.url}/${seeded.tenant}/discovery/v2.0/keys`);
    const { keys } = (await answer.json()) as { readonly keys: readonly (JsonWebKey & { readonly kid: string })[] };
    const [jwk] = keys;
    assert.ok(jwk && keys.length === 1);
    return withKey(jwk.kid, createPublicKey({ key: jwk, format: 'jwk' }))(asked);
  }

  const localOf = ({ name }: OidcKind): ForeignProviderServer => {
    const found = locals.get(name);
    assert.ok(found);
    return found;
  };

  before(async () => {
    for (const kind of oidcKinds) {
      const isByKey = kind.name.includes('keys of this server');
      const local = await startForeignProvider({ ...kind.provider, ...(isByKey ? { accepts } : {}) });
      local.person = kind.claims;
      locals.set(kind.name, local);
    }
    const args = oidcKinds.flatMap((kind) =>
      kind.standsFor ? ['--provider-origin', `${kind.standsFor}=${localOf(kind).origin}`] : [],
    );
    usher = await startUsher({ args });
  });
  after(async () => {
    await usher?.stop();
    for (const local of locals.values()) await local.close();
  });

  async function graph(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await usher.graph(method, path, body);
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  }

  async function leave(visitor: Visitor, flow: string) {
    const attempt = authorize(usher, {}, flow);
    const shown = await visitor.open(attempt.url);
    const button = /value="([^"]*Exchange)"/.exec(shown.html)?.[1] ?? '';
    const away = shown.left ? shown : await visitor.submit(shown, button);
    assert.ok(away.left, `no way to the provider: ${textOf(away.html)}`);
    return { attempt, away: away.left };
  }

  /** As a browser comes back: with a form from elsewhere it sends no cookies (SameSite=Lax). */
  async function comeBack(visitor: Visitor, { url, method, params }: Return): Promise<Visit> {
    assert.equal(url, usher.url + callback);
    if (method === 'GET') return visitor.open(`${callback}?${new URLSearchParams(params)}`);
    const answer = await fetch(url, {
      method,
      body: new URLSearchParams(params),
      headers: { origin: 'http://localhost' },
      redirect: 'manual',
    });
    assert.equal(answer.status, 303, await answer.text());
    return visitor.open(answer.headers.get('location') ?? '');
  }

  const toldIn = (shown: Visit): string => shown.left?.searchParams.get('error_description') ?? textOf(shown.html);

  for (const [index, kind] of oidcKinds.entries()) {
    const flow = `B2C_1_oidc${index}`;
    let id = '';

    test(`${kind.name}: somebody signs up, and signs in again as the same person after the keys were changed`, async () => {
      const local = localOf(kind);
      const draft = { '@odata.type': `#microsoft.graph.${kind.type.name}`, ...kind.draft(local) };
      id = String((await graph('POST', providers, draft))['id']);
      assert.equal(kind.id ?? id, id);
      const type = { userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 };
      await graph('POST', flows, { id: `oidc${index}`, ...type, identityProviders: [{ id }] });

      const subjects: unknown[] = [];
      for (const visitor of [newVisitor(usher), newVisitor(usher)]) {
        const { attempt, away } = await leave(visitor, flow);
        const arrived = await comeBack(visitor, await local.signIn(away.href));
        const { verifier, redirectUri } = attempt;
        const exchange = { code: codeIn(arrived), code_verifier: verifier, redirect_uri: redirectUri };
        const { answer } = await token(usher, { grant_type: 'authorization_code', ...exchange }, flow);
        const payload = answer.id_token?.split('.')[1];
        assert.ok(payload, JSON.stringify(answer));
        subjects.push(JSON.parse(Buffer.from(payload, 'base64url').toString()).sub);
        local.rotateKeys();
      }
      assert.ok(subjects[0]);
      assert.equal(subjects[1], subjects[0]);
      const { issuer, issuerAssignedId, claims } = kind.person(local);
      const user = await graph('GET', `/v1.0/users/${subjects[0]}?$select=displayName,identities,otherMails`);
      const federated = (user['identities'] as readonly { readonly signInType: string }[]).filter(
        ({ signInType }) => signInType === 'federated',
      );
      assert.deepEqual(federated, [{ signInType: 'federated', issuer, issuerAssignedId }]);
      assert.equal(user['displayName'], claims['displayName'] ?? 'unknown');
      assert.deepEqual(user['otherMails'], [claims['email']]);
    });

    test(`${kind.name}: whoever turns back, or comes with what is not trusted, goes on to nobody's account`, async () => {
      const local = localOf(kind);
      for (const mischief of [
        'cancel',
        'error',
        'wrongNonce',
        'absentNonce',
        'otherIssuer',
        'forged',
        'expired',
      ] as const) {
        const visitor = newVisitor(usher);
        const { away } = await leave(visitor, flow);
        local.mischief = mischief;
        const shown = await comeBack(visitor, await local.signIn(away.href));
        local.mischief = undefined;
        assert.match(toldIn(shown), /AADB2C90273/, mischief);
        assert.equal(shown.left?.searchParams.get('code') ?? null, null);
      }
    });

    test(`${kind.name}: a provider that was taken out of the flow lets nobody in, also not those on the way`, async () => {
      const local = localOf(kind);
      const visitor = newVisitor(usher);
      const { away } = await leave(visitor, flow);
      const way = await local.signIn(away.href);
      await graph('DELETE', `${flows}/${flow}/userFlowIdentityProviders/${id}/$ref`);
      await graph('DELETE', `${providers}/${id}`);
      const shown = await comeBack(visitor, way);
      assert.equal(shown.left?.searchParams.get('code') ?? null, null);
      assert.match(toldIn(shown), /AADB2C90273/);
    });
  }
});
