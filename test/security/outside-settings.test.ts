/** Where an administrator writes an address that the server is to call, what two programs may read in two ways, or is not to be called, is not stored. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { newClientKey } from '../support/client-key.ts';
import { graph, local } from '../support/federation.ts';
import { newApplication, newFlow } from '../support/flow-settings.ts';
import { type Loopback, listenOnLoopback } from '../support/loopback.ts';
import { authorize } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';
import { flawed } from './outside-corpus.ts';

/** Every setting that holds such an address: the request that would store one. */
const settings: Readonly<Record<string, (url: string) => readonly [path: string, body: object]>> = {
  'an API connector': (targetUrl) => [
    '/beta/identity/apiConnectors',
    {
      displayName: 'API',
      targetUrl,
      authenticationConfiguration: {
        '@odata.type': '#microsoft.graph.basicAuthentication',
        username: 'u',
        password: 'p',
      },
    },
  ],
  'a webhook': (targetUrl) => ['/beta/usher/webhooks', { displayName: 'CRM', targetUrl, events: ['userCreated'] }],
  'the metadata of a provider': (metadataUrl) => [
    '/beta/identity/identityProviders',
    {
      '@odata.type': '#microsoft.graph.openIdConnectIdentityProvider',
      displayName: 'Elsewhere',
      clientId: 'usher',
      clientSecret: 'secret',
      metadataUrl: metadataUrl.endsWith('/') ? `${metadataUrl}.well-known/openid-configuration` : metadataUrl,
      scope: 'openid',
      responseType: 'code',
      responseMode: 'query',
      claimsMapping: { userId: 'sub', displayName: 'name' },
    },
  ],
  'the keys of an application': (jwksUri) => ['/beta/applications', { displayName: 'A', settings: { jwksUri } }],
  'where an application hears of logouts': (backChannelLogoutUri) => [
    '/beta/applications',
    { displayName: 'A', settings: { backChannelLogoutUri } },
  ],
};

describe('an address that the server is to call', () => {
  let usher: Usher;
  let trap: Loopback;
  let turning: Loopback;
  let trapped = 0;
  let turned = 0;
  before(async () => {
    usher = await startUsher();
    trap = await listenOnLoopback(
      createServer((_, response) => {
        trapped += 1;
        response.end('{}');
      }),
    );
    const location = `http://127.0.0.1:${trap.port}/latest/meta-data/`;
    turning = await listenOnLoopback(
      createServer((_, response) => {
        turned += 1;
        response.writeHead(302, { location }).end();
      }),
    );
  });
  after(async () => {
    await Promise.all([trap?.close(), turning?.close()]);
    await usher?.stop();
  });

  for (const [what, draft] of Object.entries(settings)) {
    test(`is not stored as ${what} when it can be read in two ways`, async () => {
      for (const text of flawed) {
        if (text === '') continue;
        const response = await usher.graph('POST', ...draft(text.replace('PORT', '8443')));
        assert.equal(response.status, 400, `${text}: ${await response.text()}`);
      }
    });

    test(`is stored as ${what} when there is nothing wrong with it`, async () => {
      const response = await usher.graph('POST', ...draft('https://api.example/'));
      assert.equal(response.status, 201, await response.text());
    });
  }

  const turningUrl = (path = '/'): string => `http://localhost:${turning.port}${path}`;
  const page = (flow: string) => newVisitor(usher).open(authorize(usher, {}, flow).url);

  test('that turns the call elsewhere turns it nowhere: custom pages', async () => {
    const flow = await newFlow(usher);
    const layout = `/beta/identity/b2cUserFlows/${flow}/pageLayouts/signuporsignin`;
    await graph(usher, 'PATCH', layout, { pageUri: turningUrl('/page.html') });
    const before = turned;
    assert.doesNotMatch((await page(flow)).html, /type="password"/);
    assert.ok(turned > before);
    assert.equal(trapped, 0);
  });

  test('that turns the call elsewhere turns it nowhere: metadata of providers', async () => {
    const [path, body] =
      settings['the metadata of a provider']?.(turningUrl('/.well-known/openid-configuration')) ?? assert.fail();
    const provider = await graph(usher, 'POST', path, body);
    const flow = await newFlow(usher, { identityProviders: [{ id: provider['id'] }, local] });
    const visitor = newVisitor(usher);
    const before = turned;
    const shown = await visitor.submit(await visitor.open(authorize(usher, {}, flow).url), `${provider['id']}Exchange`);
    assert.equal(shown.left, undefined);
    assert.ok(turned > before);
    assert.equal(trapped, 0);
  });

  test('that turns the call elsewhere turns it nowhere: keys of applications', async () => {
    const client = newClientKey();
    const { appId } = await newApplication(usher, {
      settings: { jwksUri: turningUrl('/keys'), isIntrospectionAllowed: true },
    });
    const at = `${usher.url}/${seeded.tenant}/${seeded.flow}/oauth2/v2.0`;
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: appId, sub: appId, aud: `${at}/token`, jti: 'x', iat: now, exp: now + 60 };
    const before = turned;
    const response = await fetch(`${at}/introspect`, {
      method: 'POST',
      body: new URLSearchParams({
        token: 'x',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: client.sign(claims),
      }),
    });
    assert.notEqual(response.status, 200);
    assert.ok(turned > before);
    assert.equal(trapped, 0);
  });
});
