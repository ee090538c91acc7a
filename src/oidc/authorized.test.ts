import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { apiUri, type House, ids, openHouse } from './testing/harness.ts';
import {
  authorizeUrl,
  claimsOf,
  createBrowser,
  endJourney,
  postToken,
  readRedirect,
  redemption,
  shownCode,
  signIn,
} from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const asWeb = { client_id: ids.web, redirect_uri: 'http://localhost:3001/cb' };

test('hints go to the journey', async () => {
  await house.fetch(authorizeUrl({ login_hint: 'adele@contoso.example', ui_locales: 'de fr' }));
  const { loginHint, uiLocales, flowId, client } = house.contoso.journeys.started.at(-1) ?? {};
  assert.deepEqual(
    { loginHint, uiLocales, flowId, client },
    {
      loginHint: 'adele@contoso.example',
      uiLocales: ['de', 'fr'],
      flowId: 'B2C_1_susi',
      client: { appId: ids.spa, displayName: 'Single page' },
    },
  );
});

test('a code and an ID token come together, bound by c_hash', async () => {
  const url = authorizeUrl({ ...asWeb, response_type: 'id_token code', response_mode: null, client_info: '1' });
  const { params } = readRedirect(
    await signIn(house, createBrowser(house), { url, ending: { user: house.adele, newUser: true } }),
  );
  const claims = claimsOf(params.get('id_token'));
  assert.equal(claims['nonce'], 'n-0');
  assert.equal(claims['newUser'], true);
  assert.equal(typeof claims['c_hash'], 'string');
  assert.equal(claims['at_hash'], undefined);
  assert.ok(params.get('code'));
  assert.ok(params.get('client_info'));
});

test('an ID token and an access token come together where the application allows it', async () => {
  const scope = `openid ${apiUri}/tasks.read`;
  const url = authorizeUrl({ ...asWeb, response_type: 'id_token token', response_mode: 'fragment', scope });
  const { params } = readRedirect(await signIn(house, createBrowser(house), { url }));
  assert.equal(claimsOf(params.get('access_token'))['scp'], 'tasks.read');
  assert.equal(typeof claimsOf(params.get('id_token'))['at_hash'], 'string');
  assert.equal(params.get('token_type'), 'Bearer');
  assert.equal(params.get('scope'), `${apiUri}/tasks.read openid`);
  const noNonce = await house.fetch(authorizeUrl({ ...asWeb, response_type: 'id_token', nonce: null }));
  assert.match(readRedirect(noNonce).params.get('error_description') ?? '', /^AADB2C90009/);
  const inQuery = await house.fetch(authorizeUrl({ ...asWeb, response_type: 'id_token', response_mode: 'query' }));
  assert.match(readRedirect(inQuery).params.get('error_description') ?? '', /^AADB2C90014/);
});

test('the client id as a scope gives an access token for the client itself', async () => {
  const response = await signIn(house, createBrowser(house), { url: authorizeUrl({ scope: `openid ${ids.spa}` }) });
  const { body } = await postToken(house, redemption(readRedirect(response).params.get('code') ?? ''));
  const claims = claimsOf(body['access_token']);
  assert.equal(claims['aud'], ids.spa);
  assert.equal(claims['scp'], undefined);
  assert.equal(body['scope'], `${ids.spa} openid`);
});

test('an interaction is gone on with only in its browser, under its flow, and once', async () => {
  const browser = createBrowser(house);
  await browser.get(authorizeUrl());
  const { hostRef } = house.contoso.journeys.started.at(-1) ?? { hostRef: '' };
  const url = await house.contoso.host.arrive(hostRef, {
    userId: house.adele.id,
    newUser: false,
    amr: ['pwd'],
    authTime: house.clock.now(),
    flowId: 'B2C_1_susi',
    keepSignedIn: false,
  });
  assert.equal(await shownCode(await house.fetch(url)), 'AADB2C90046');
  const elsewhere = url.replace('/b2c_1_susi/', '/b2c_1_strict/');
  const cookie = browser
    .cookies()
    .map((text) => text.split(';')[0])
    .join('; ');
  assert.equal(await shownCode(await house.fetch(elsewhere, { headers: { cookie } })), 'AADB2C90046');
  assert.ok(readRedirect(await browser.get(url)).params.get('code'));
  assert.equal(await shownCode(await browser.get(url)), 'AADB2C90046');
});

test('endJourney keeps the person in charge: another one may sign in over the first', async () => {
  const browser = createBrowser(house);
  await signIn(house, browser);
  await browser.get(authorizeUrl({ prompt: 'login' }));
  const response = await endJourney(house, browser, { user: house.lee });
  const { body } = await postToken(house, redemption(readRedirect(response).params.get('code') ?? ''));
  assert.equal(claimsOf(body['id_token'])['sub'], house.lee.id);
});
