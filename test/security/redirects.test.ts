/** Nobody is sent, with a code, with an error or after signing out, to an address that the application has not registered letter by letter. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newApplication } from '../support/flow-settings.ts';
import { authorize } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, unescapeHtml, type Visit } from '../support/visitor.ts';
import { registered, registeredNative, strange } from './redirect-corpus.ts';

const addresses = Object.entries(strange).flatMap(([what, all]) => all.map((address) => [what, address] as const));
const printed = (address: string): string => JSON.stringify(address);
const origins = new Set([...registered, ...registeredNative].map((address) => new URL(address).origin));

describe('redirect URIs', () => {
  let usher: Usher;
  let appId: string;
  before(async () => {
    usher = await startUsher();
    ({ appId } = await newApplication(usher, {
      spa: { redirectUris: registered },
      publicClient: { redirectUris: registeredNative },
    }));
  });
  after(() => usher?.stop());

  const asked = (changes: Readonly<Record<string, string>>): URL =>
    authorize(usher, { client_id: appId, scope: 'openid', ...changes }).url;

  const open = (changes: Readonly<Record<string, string>>): Promise<Visit> => newVisitor(usher).open(asked(changes));

  /** A page of our own that tells what is wrong and leads nowhere. */
  function assertShown({ status, left, html, url }: Visit, address: string): void {
    assert.equal(left, undefined);
    assert.equal(status, 400);
    assert.equal(url.origin, usher.url);
    const places = [...html.matchAll(/(?:href|src|action|content|formaction)="([^"]*)"/g)].map(([, at = '']) => at);
    assert.ok(!places.map(unescapeHtml).includes(address), 'the page does not link to it either');
    assert.match(html, /AADB2C9000[4567]/);
  }

  test('the corpus is large, and has nothing in it that is registered', () => {
    assert.ok(addresses.length >= 60, `${addresses.length} addresses`);
    assert.equal(new Set(addresses.map(([, address]) => address)).size, addresses.length);
    for (const [, address] of addresses) assert.ok(![...registered, ...registeredNative].includes(address), address);
  });

  test('what is registered is gone to', async () => {
    for (const address of [...registered, 'myapp://auth', 'http://localhost:49152/signed-in']) {
      const refused = await fetch(asked({ redirect_uri: address, prompt: 'none' }), { redirect: 'manual' });
      assert.equal(refused.status, 302, address);
      assert.ok(refused.headers.get('location')?.startsWith(address), address);
      assert.equal((await open({ redirect_uri: address })).status, 200, address);
    }
  });

  for (const [what, address] of addresses) {
    test(`no code and no error goes to ${printed(address)}: ${what}`, async () => {
      assertShown(await open({ redirect_uri: address }), address);
      assertShown(await open({ redirect_uri: address, prompt: 'none' }), address);
      assertShown(
        await open({ redirect_uri: address, response_type: 'no such type', response_mode: 'form_post' }),
        address,
      );
    });
  }

  for (const [what, all] of Object.entries(strange)) {
    test(`a pushed request is not taken for ${what}`, async () => {
      for (const address of all) {
        const form = asked({ redirect_uri: address }).searchParams;
        const url = `${usher.url}/${seeded.tenant}/${seeded.flow}/oauth2/v2.0/par`;
        const response = await fetch(url, { method: 'POST', body: form });
        const answer = (await response.json()) as Readonly<Record<string, string>>;
        assert.equal(response.status, 400, printed(address));
        assert.equal(answer['request_uri'], undefined);
      }
    });

    test(`signing out leads to no other origin by ${what}`, async () => {
      for (const address of all) {
        const url = new URL(`${usher.url}/${seeded.tenant}/${seeded.flow}/oauth2/v2.0/logout`);
        url.searchParams.set('post_logout_redirect_uri', address);
        url.searchParams.set('client_id', appId);
        const response = await fetch(url, { redirect: 'manual' });
        const location = response.headers.get('location');
        if (location === null) assert.equal(response.status, 400, printed(address));
        else {
          assert.equal(location, address, 'nothing is repaired on the way');
          const { origin, username, password } = new URL(location);
          assert.ok(origins.has(origin) && username === '' && password === '', printed(address));
        }
      }
    });
  }

  test('an error at a registered address takes nothing along that was sent to be reflected', async () => {
    const state = '"><script>alert(1)</script>\r\nx: y';
    const response = await fetch(asked({ redirect_uri: registered[1] ?? '', prompt: 'none', state }), {
      redirect: 'manual',
    });
    const location = new URL(response.headers.get('location') ?? '');
    assert.equal(location.searchParams.get('fixed'), '1');
    assert.equal(location.searchParams.get('state'), state);
    assert.doesNotMatch(response.headers.get('location') ?? '', /[<>"\r\n]/);
    assert.equal(response.headers.get('x'), null);
  });
});
