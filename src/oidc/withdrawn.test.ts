/** What an administrator takes away while somebody is signing in. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { type House, ids, openHouse } from './testing/harness.ts';
import {
  authorizeUrl,
  createBrowser,
  endJourney,
  postToken,
  readRedirect,
  redemption,
  signIn,
} from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const by = system('test');
const redirectUri = 'http://localhost:3000/';
const registered = { isDisabled: false, spa: { redirectUris: [redirectUri, 'https://spa.example/cb'] } };

async function change(patch: Readonly<Record<string, unknown>>): Promise<void> {
  const { directory } = house.contoso;
  const filter = { op: 'eq', path: ['appId'], value: ids.spa } as const;
  const { items } = await directory.find({ type: entities.application, filter, limit: 1 });
  await directory.update(by, { type: entities.application, id: items[0]?.entity.id ?? '' }, patch);
}

const withdrawals: readonly (readonly [what: string, patch: Readonly<Record<string, unknown>>, code: string])[] = [
  ['an application disabled', { isDisabled: true }, 'AADB2C90092'],
  ['a redirect URI taken away', { spa: { redirectUris: ['https://spa.example/cb'] } }, 'AADB2C90006'],
];

for (const [what, patch, code] of withdrawals) {
  test(`${what} during a journey gets neither a code nor an error; the person is told`, async () => {
    for (const ending of [{ user: house.adele }, { refusal: 'cancelled' }] as const) {
      const browser = createBrowser(house);
      await browser.get(authorizeUrl());
      await change(patch);
      const response = await endJourney(house, browser, ending);
      await change(registered);
      assert.equal(response.headers.get('location'), null);
      assert.ok((await response.text()).includes(code));
    }
  });
}

test('an application deleted during a journey is sent nothing', async () => {
  const { directory } = house.contoso;
  const app = { appId: ids.native, displayName: 'Native', publicClient: { redirectUris: ['myapp://auth'] } };
  const filter = { op: 'eq', path: ['appId'], value: ids.native } as const;
  const { items } = await directory.find({ type: entities.application, filter, limit: 1 });
  const browser = createBrowser(house);
  await browser.get(authorizeUrl({ client_id: ids.native, redirect_uri: 'myapp://auth' }));
  await directory.remove(by, { type: entities.application, id: items[0]?.entity.id ?? '' });
  const response = await endJourney(house, browser, { user: house.adele });
  await directory.create(by, entities.application, app);
  assert.equal(response.headers.get('location'), null);
  assert.match(await response.text(), /AADB2C900(18|46)/);
});

const moved: readonly (readonly [what: string, patch: Readonly<Record<string, unknown>>])[] = [
  ['is taken away', { spa: { redirectUris: ['https://spa.example/cb'] } }],
  ['becomes one that needs a secret', { spa: { redirectUris: [] }, web: { redirectUris: [redirectUri] } }],
];

for (const [what, patch] of moved) {
  test(`a code is worth nothing once the redirect URI it was sent to ${what}`, async () => {
    const sent = await signIn(house, createBrowser(house));
    const code = readRedirect(sent).params.get('code') ?? '';
    await change(patch);
    const refused = await postToken(house, redemption(code));
    await change({ ...registered, web: { redirectUris: [] } });
    assert.equal(refused.status, 400);
    assert.match(String(refused.body['error_description']), /^AADB2C90287: /);
  });
}
