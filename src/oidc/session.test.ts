import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isoDateTime, system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { type House, ids, openHouse, origin } from './testing/harness.ts';
import {
  authorizeUrl,
  claimsOf,
  createBrowser,
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

const logoutUrl = (query: string, flow = 'B2C_1_susi'): string =>
  `${origin}/contoso.onmicrosoft.com/${flow}/oauth2/v2.0/logout${query}`;

test('one sign-in serves every flow that signs in, silently too, and keeps its time', async () => {
  const browser = createBrowser(house);
  const first = await signIn(house, browser);
  const { body } = await postToken(house, redemption(readRedirect(first).params.get('code') ?? ''));
  house.clock.advance(100);
  const silent = await browser.get(authorizeUrl({ prompt: 'none' }, 'b2c_1_signin'));
  assert.equal(silent.status, 302);
  const code = readRedirect(silent).params.get('code') ?? '';
  const again = await postToken(house, redemption(code), { flow: 'b2c_1_signin' });
  house.clock.reset();
  assert.equal(claimsOf(again.body['id_token'])['tfp'], 'B2C_1_signin');
  assert.equal(claimsOf(again.body['id_token'])['auth_time'], claimsOf(body['id_token'])['auth_time']);
  const strict = await browser.get(authorizeUrl({ prompt: 'none' }, 'B2C_1_strict'));
  assert.ok(readRedirect(strict).params.get('code'));
});

test('a flow that is there to be walked is walked, session or not', async () => {
  const browser = createBrowser(house);
  await signIn(house, browser);
  assert.equal((await browser.get(authorizeUrl({}, 'B2C_1_edit'))).status, 303);
  const silent = await browser.get(authorizeUrl({ prompt: 'none' }, 'B2C_1_edit'));
  assert.equal(readRedirect(silent).params.get('error'), 'interaction_required');
  const walked = await signIn(house, browser, { url: authorizeUrl({}, 'B2C_1_edit') });
  assert.ok(readRedirect(walked).params.get('code'));
});

test('the session cookie works in a frame, is unreadable to scripts, and changes its value at each sign-in', async () => {
  const browser = createBrowser(house);
  await signIn(house, browser);
  const named = () => browser.cookies().find((cookie) => cookie.startsWith('x-ms-cpim-sso_')) ?? '';
  const first = named();
  assert.match(first, /; secure/i);
  assert.match(first, /; httponly/i);
  assert.match(first, /; samesite=none/i);
  assert.doesNotMatch(first, /expires/i);
  await signIn(house, browser, { url: authorizeUrl({ prompt: 'login' }) });
  assert.notEqual(named().split(';')[0], first.split(';')[0]);
});

test('prompt=login and an outrun max_age ask again', async () => {
  const browser = createBrowser(house);
  await signIn(house, browser);
  assert.equal((await browser.get(authorizeUrl({ prompt: 'login' }))).status, 303);
  assert.equal((await browser.get(authorizeUrl({ max_age: '60' }))).status, 302);
  house.clock.advance(61);
  assert.equal((await browser.get(authorizeUrl({ max_age: '60' }))).status, 303);
  const silent = await browser.get(authorizeUrl({ max_age: '60', prompt: 'none' }));
  assert.match(readRedirect(silent).params.get('error_description') ?? '', /^AADB2C90121: /);
  house.clock.reset();
  assert.equal((await browser.get(authorizeUrl({ max_age: '0' }))).status, 303);
});

test('a session ends a day after it was last used', async () => {
  const browser = createBrowser(house);
  await signIn(house, browser);
  house.clock.advance(80_000);
  assert.ok(readRedirect(await browser.get(authorizeUrl({ prompt: 'none' }))).params.get('code'));
  house.clock.advance(80_000);
  assert.ok(readRedirect(await browser.get(authorizeUrl({ prompt: 'none' }))).params.get('code'));
  house.clock.advance(86_401);
  const late = await browser.get(authorizeUrl({ prompt: 'none' }));
  house.clock.reset();
  assert.equal(readRedirect(late).params.get('error'), 'interaction_required');
});

test('an id_token_hint of another person is not answered with this one', async () => {
  const other = await signIn(house, createBrowser(house), { ending: { user: house.adele } });
  const { body } = await postToken(house, redemption(readRedirect(other).params.get('code') ?? ''));
  const hint = String(body['id_token']);
  const browser = createBrowser(house);
  await signIn(house, browser, { ending: { user: house.lee } });
  assert.ok(readRedirect(await browser.get(authorizeUrl({ prompt: 'none' }))).params.get('code'));
  const refused = await browser.get(authorizeUrl({ prompt: 'none', id_token_hint: hint }));
  assert.equal(readRedirect(refused).params.get('error'), 'interaction_required');
});

test('a session of a person who was disabled or signed out everywhere is worth nothing', async () => {
  const by = system('test');
  const ref = { type: entities.user, id: house.lee.id };
  const browser = createBrowser(house);
  await signIn(house, browser, { ending: { user: house.lee } });
  const silent = async () => readRedirect(await browser.get(authorizeUrl({ prompt: 'none' }))).params.get('error');
  assert.equal(await silent(), null);
  await house.contoso.directory.update(by, ref, { accountEnabled: false });
  assert.equal(await silent(), 'interaction_required');
  await house.contoso.directory.update(by, ref, { accountEnabled: true });
  assert.equal(await silent(), null);
  const later = isoDateTime(house.clock.now() + 10);
  await house.contoso.directory.update(by, ref, { signInSessionsValidFromDateTime: later });
  assert.equal(await silent(), 'interaction_required');
});

test('signing out ends the session and goes back with the state, with no hint and no question', async () => {
  const browser = createBrowser(house);
  await signIn(house, browser);
  const back = encodeURIComponent('http://localhost:3000/signed-out?x=1');
  const response = await browser.get(
    logoutUrl(`?post_logout_redirect_uri=${back}&state=abc%7C1&client-request-id=1&pocd=1`),
  );
  assert.equal(response.status, 302);
  assert.equal(response.headers.get('location'), 'http://localhost:3000/signed-out?x=1&state=abc%7C1');
  const silent = await browser.get(authorizeUrl({ prompt: 'none' }));
  assert.equal(readRedirect(silent).params.get('error'), 'interaction_required');
});

test('pages speak the languages the application asks for, then those of the browser', async () => {
  const headers = { 'accept-language': 'fr;q=0.5, it' };
  const read = async (url: string, init: RequestInit = { headers }) => (await house.fetch(url, init)).text();
  assert.match(await read(logoutUrl('?ui_locales=de-AT%20pt')), /Signed out page.*<p>de-AT,pt,it,fr<\/p>/);
  assert.match(await read(logoutUrl('')), /Signed out page.*<p>it,fr<\/p>/);
  const form = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
  const posted = await read(logoutUrl(''), { method: 'POST', headers: form, body: 'ui_locales=de' });
  assert.match(posted, /Signed out page.*<p>de,it,fr<\/p>/);
  const refused = await read(authorizeUrl({ redirect_uri: 'https://evil.example/', ui_locales: 'de pt' }));
  assert.match(refused, /AADB2C90006.*<p>de,pt,it,fr<\/p>/);
});

test('signing out without an address shows a page, and may be posted', async () => {
  const plain = await house.fetch(logoutUrl(''));
  assert.equal(plain.status, 200);
  assert.match(await plain.text(), /signed out/i);
  const posted = await house.fetch('/contoso.onmicrosoft.com/oauth2/v2.0/logout', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ post_logout_redirect_uri: 'https://spa.example/bye' }).toString(),
  });
  assert.equal(posted.status, 302);
  assert.equal(posted.headers.get('location'), 'https://spa.example/bye');
});

test('signing out leads nowhere that no application has registered', async () => {
  for (const uri of [
    'https://evil.example/',
    '//evil.example',
    'javascript:alert(1)',
    'https://spa.example@evil.example/',
    'https://u:p@spa.example/',
    'https://evil.example@spa.example/',
    'https://spa.example.evil.example/',
    'myapp://other',
  ]) {
    const response = await house.fetch(logoutUrl(`?post_logout_redirect_uri=${encodeURIComponent(uri)}`));
    assert.equal(response.status, 400, uri);
    assert.equal(response.headers.get('location'), null, uri);
    assert.match(await response.text(), /AADB2C900(06|67)/, uri);
  }
});

test('a hint this tenant did not sign is refused; an expired one is not', async () => {
  const signedInNow = await signIn(house, createBrowser(house));
  const { body } = await postToken(house, redemption(readRedirect(signedInNow).params.get('code') ?? ''));
  const hint = String(body['id_token']);
  const [head, , tail] = hint.split('.');
  const forged = `${head}.${Buffer.from(JSON.stringify({ aud: ids.spa })).toString('base64url')}.${tail}`;
  const refused = await house.fetch(logoutUrl(`?id_token_hint=${forged}`));
  assert.match(await refused.text(), /AADB2C90210/);
  house.clock.advance(90_000);
  const taken = await house.fetch(logoutUrl(`?id_token_hint=${hint}`));
  house.clock.reset();
  assert.equal(taken.status, 200);
});
