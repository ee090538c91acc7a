import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { engines } from '../support/engines.ts';
import type { Body } from '../support/golden/example.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

let usher: Usher;

async function send(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await usher.graph(method, path, body);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** Sends and expects this status. */
async function ask(status: number, method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await send(method, path, body);
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A body without its context, which names the port of this run. */
const plain = ({ '@odata.context': _, ...rest }: Body): Body => rest;

const providers = '/v1.0/identity/identityProviders';
const legacy = '/beta/identityProviders';

const google = {
  '@odata.type': 'microsoft.graph.socialIdentityProvider',
  displayName: 'Login with Google',
  identityProviderType: 'Google',
  clientId: 'google',
  clientSecret: '000000000000',
};

const custom = {
  '@odata.type': '#microsoft.graph.openIdConnectIdentityProvider',
  displayName: 'Contoso',
  clientId: 'contoso',
  clientSecret: '4294967296',
  claimsMapping: { userId: 'sub', displayName: 'name', city: 'locality' },
  domainHint: 'contoso',
  metadataUrl: 'https://idp.contoso.example/.well-known/openid-configuration',
  responseMode: 'form_post',
  responseType: 'code',
  scope: 'openid',
};

for (const engine of engines) {
  describe(engine.name, () => {
    before(async () => {
      usher = await startUsher(engine.options());
    });
    after(() => usher?.stop());

    test('a social provider is made once, its secret never told, and refused in words that name the reason', async () => {
      const made = await send('POST', providers, google);
      assert.deepEqual(
        [made.status, plain(made.body)],
        [
          201,
          {
            ...google,
            '@odata.type': '#microsoft.graph.socialIdentityProvider',
            id: 'Google-OAUTH',
            clientSecret: '******',
          },
        ],
      );
      assert.match(made.headers.get('location') ?? '', /identity\/identityProviders\('Google-OAUTH'\)$/);
      const { error } = await ask(409, 'POST', providers, google);
      assert.deepEqual([error.code, error.details[0].target], ['Conflict', 'id']);
      await ask(204, 'PATCH', `${providers}/google-oauth`, { displayName: 'Google', clientSecret: '1111' });
      const read = await ask(200, 'GET', `${providers}/Google-OAUTH`);
      assert.deepEqual([read.displayName, read.clientSecret], ['Google', '******']);
      await ask(400, 'PATCH', `${providers}/Google-OAUTH`, { identityProviderType: 'Facebook' });
      const untyped = await ask(400, 'POST', providers, { displayName: 'x' });
      assert.match(untyped.error.message, /@odata\.type/);
    });

    test('Apple: a wrong type name in a patch is overlooked, the mask changes nothing', async () => {
      const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
      const draft = {
        '@odata.type': 'microsoft.graph.appleManagedIdentityProvider',
        displayName: 'Sign in with Apple',
        developerId: 'UBF8T346G9',
        serviceId: 'com.contoso.app',
        keyId: '99P6D879C4',
        certificateData: key.export({ format: 'pem', type: 'pkcs8' }),
      };
      const made = await ask(201, 'POST', providers, draft);
      assert.deepEqual([made.id, made.certificateData], ['Apple-Managed-OIDC', '******']);
      const patch = { '@odata.type': '#microsoft.graph.socialIdentityProvider', displayName: 'Apple' };
      await ask(204, 'PATCH', `${providers}/Apple-Managed-OIDC`, { ...patch, certificateData: '******' });
      const read = await ask(200, 'GET', `${providers}/Apple-Managed-OIDC`);
      assert.deepEqual([read.displayName, read.certificateData], ['Apple', '******']);
      const wrong = await ask(400, 'PATCH', `${providers}/Apple-Managed-OIDC`, { certificateData: 'no key' });
      assert.match(wrong.error.message, /P-256/);
    });

    test('custom providers of both kinds are answered as they were sent', async () => {
      const made = plain(await ask(201, 'POST', providers, custom));
      assert.match(made.id, /^Contoso-OIDC-[0-9a-f-]{36}$/);
      const whole = { givenName: null, surname: null, email: null, ...custom.claimsMapping };
      assert.deepEqual(made, { ...custom, id: made.id, clientSecret: '******', claimsMapping: whole });
      assert.deepEqual(plain(await ask(200, 'GET', `${providers}/${made.id}`)), made);
      const external = await ask(201, 'POST', '/beta/identity/identityProviders', {
        '@odata.type': '#microsoft.graph.OidcIdentityProvider',
        displayName: 'Fabrikam',
        clientId: 'fabrikam',
        issuer: 'https://fabrikam.example/v2.0/',
        wellKnownEndpoint: 'https://fabrikam.example/v2.0/.well-known/openid-configuration',
        responseType: 'code',
        scope: 'openid profile',
        clientAuthentication: { '@odata.type': '#microsoft.graph.OIDCClientSecretAuthentication', clientSecret: 's' },
        inboundClaimMapping: { sub: 'sub', address: { country: 'country' } },
      });
      assert.equal(external['@odata.type'], '#microsoft.graph.oidcIdentityProvider');
      assert.deepEqual(external.clientAuthentication, {
        '@odata.type': '#microsoft.graph.oidcClientSecretAuthentication',
        clientSecret: '******',
      });
      for (const { id } of [made, external]) await ask(204, 'DELETE', `${providers}/${id}`);
    });

    test('built-in providers are listed, and neither changed nor deleted', async () => {
      const { value } = await ask(200, 'GET', `${providers}?$filter=id eq 'EmailPassword-OAUTH'`);
      assert.deepEqual(value, [
        {
          '@odata.type': '#microsoft.graph.builtInIdentityProvider',
          id: 'EmailPassword-OAUTH',
          displayName: 'Email with password',
          identityProviderType: 'EmailPassword',
          state: null,
        },
      ]);
      await ask(400, 'DELETE', `${providers}/EmailPassword-OAUTH`);
      await ask(400, 'PATCH', `${providers}/EmailPassword-OAUTH`, { displayName: 'Mine' });
    });

    test('a provider of a user flow is deleted once the flow lets it go', async () => {
      const flow = `/beta/identity/b2cUserFlows/${seeded.flow}/userFlowIdentityProviders`;
      const reference = `${usher.url}/beta/identityProviders/Google-OAUTH`;
      await ask(204, 'POST', `${flow}/$ref`, { '@odata.id': reference });
      const { error } = await ask(400, 'DELETE', `${providers}/Google-OAUTH`);
      assert.equal(
        error.message,
        `The identity provider 'Google-OAUTH' is used by '${seeded.flow}'. Remove it there first.`,
      );
      await ask(204, 'DELETE', `${flow}/Google-OAUTH/$ref`);
      await ask(204, 'DELETE', `${providers}/Google-OAUTH`);
      await ask(404, 'GET', `${providers}/Google-OAUTH`);
    });

    test('the deprecated collection shows the same providers under their first names', async () => {
      const made = await send('POST', legacy, { name: 'Amazon', type: 'Amazon', clientId: 'a', clientSecret: 's' });
      assert.deepEqual(
        [made.status, plain(made.body)],
        [201, { id: 'Amazon-OAUTH', name: 'Amazon', type: 'Amazon', clientId: 'a', clientSecret: '******' }],
      );
      assert.ok(made.headers.get('deprecation'));
      const { '@odata.type': _, displayName, ...rest } = custom;
      const draft = { ...rest, '@odata.type': 'microsoft.graph.openIdConnectProvider', name: displayName };
      const { id } = await ask(201, 'POST', legacy, { ...draft, type: 'OpenIDConnect' });
      const { value } = await ask(200, 'GET', `${legacy}?$filter=type eq 'OpenIDConnect'&$select=id,name,type`);
      assert.deepEqual(value, [
        { '@odata.type': '#microsoft.graph.openIdConnectProvider', id, name: 'Contoso', type: 'OpenIDConnect' },
      ]);
      await ask(204, 'PATCH', `/v1.0/identityProviders/${id}`, { name: 'Renamed', responseType: 'id_token' });
      assert.equal((await ask(200, 'GET', `${providers}/${id}`)).displayName, 'Renamed');
      await ask(404, 'GET', `${legacy}/EmailPassword-OAUTH`);
      for (const one of [id, 'Amazon-OAUTH']) await ask(204, 'DELETE', `${legacy}/${one}`);
      await ask(404, 'GET', `${providers}/Amazon-OAUTH`);
    });

    test('the types that can be configured are told, with and without parentheses', async () => {
      for (const path of [`${providers}/availableProviderTypes`, `${providers}/availableProviderTypes()`]) {
        const { '@odata.context': context, value } = await ask(200, 'GET', path);
        assert.match(context, /\$metadata#Collection\(Edm\.String\)$/);
        for (const type of ['Google', 'AppleManaged', 'OpenIdConnect', 'EmailOTP'])
          assert.ok(value.includes(type), type);
      }
      assert.ok((await ask(200, 'GET', `${legacy}/availableProviderTypes`)).value.includes('OpenIDConnect'));
    });
  });
}
