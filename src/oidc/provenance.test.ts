import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { system } from '../kernel/index.ts';
import { type Draft, entities } from '../model/index.ts';
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

const by = system('test');
const type = entities.b2cIdentityUserFlow;
const flow = 'B2C_1_told';
const accessToken = 'EAAC-opens-the-api-of-the-provider';
const foreign = { provider: 'Facebook-OAUTH', issuer: 'facebook.com', accessToken };
const scope = `openid offline_access ${ids.spa}`;

let house: House;
before(async () => {
  house = await openHouse();
  const tokenClaims = { isIdentityProviderIncluded: true, isIdentityProviderAccessTokenIncluded: true };
  await house.contoso.directory.create(by, type, {
    id: flow,
    userFlowType: 'signUpOrSignIn',
    userFlowTypeVersion: 3,
    settings: { tokenClaims } as unknown as NonNullable<Draft<typeof type>['settings']>,
  });
});
after(() => house.close());

const ending = () => ({ user: house.adele, foreign });
const url = (changes: Readonly<Record<string, string>> = {}, at = flow) => authorizeUrl({ scope, ...changes }, at);

async function redeem(answer: Response) {
  const { body } = await postToken(house, redemption(readRedirect(answer).params.get('code') ?? ''), { flow });
  return { body, idToken: claimsOf(body['id_token']), accessToken: claimsOf(body['access_token']) };
}

test('both tokens say who proved the person, and bear what opens the API of the provider', async () => {
  const { idToken, accessToken: token } = await redeem(
    await signIn(house, createBrowser(house), { url: url(), ending: ending() }),
  );
  for (const claims of [idToken, token]) {
    assert.deepEqual([claims['idp'], claims['idp_access_token']], ['facebook.com', accessToken]);
  }
});

test('an ID token through the browser says the same', async () => {
  const asWeb = { client_id: ids.web, redirect_uri: 'http://localhost:3001/cb' };
  const asked = url({ ...asWeb, scope: 'openid', response_type: 'code id_token' });
  const { params } = readRedirect(await signIn(house, createBrowser(house), { url: asked, ending: ending() }));
  const claims = claimsOf(params.get('id_token'));
  assert.deepEqual([claims['idp'], claims['idp_access_token']], ['facebook.com', accessToken]);
});

test('renewed tokens and single sign-on say who proved the person, and open nothing', async () => {
  const browser = createBrowser(house);
  const { body } = await redeem(await signIn(house, browser, { url: url(), ending: ending() }));
  const form = { grant_type: 'refresh_token', client_id: ids.spa, refresh_token: String(body['refresh_token']) };
  const renewed = claimsOf((await postToken(house, form, { flow })).body['id_token']);
  const again = (await redeem(await browser.get(url({ prompt: 'none' })))).idToken;
  for (const claims of [renewed, again]) {
    assert.deepEqual([claims['idp'], claims['idp_access_token']], ['facebook.com', undefined]);
  }
});

test('user info says what the token says', async () => {
  const { body } = await redeem(await signIn(house, createBrowser(house), { url: url(), ending: ending() }));
  const answer = await house.fetch(`/contoso.onmicrosoft.com/${flow}/openid/v2.0/userinfo`, {
    headers: { authorization: `Bearer ${String(body['access_token'])}` },
  });
  const told = (await answer.json()) as Readonly<Record<string, unknown>>;
  assert.deepEqual([told['idp'], told['idp_access_token']], ['facebook.com', undefined]);
});

test('what opens the API of the provider is nowhere at rest', async (t: TestContext) => {
  const { ephemeral } = house.contoso.store;
  const writing = [t.mock.method(ephemeral, 'put'), t.mock.method(ephemeral, 'together')];
  await redeem(await signIn(house, createBrowser(house), { url: url(), ending: ending() }));
  const stored = JSON.stringify(writing.flatMap(({ mock }) => mock.calls.map((call) => call.arguments)));
  assert.match(stored, /oidc\.RefreshToken/);
  assert.match(stored, /facebook\.com/);
  assert.ok(!stored.includes(accessToken));
});

test('a session tells the next journey by whom the person was proved, until this tenant proves them itself', async () => {
  const browser = createBrowser(house);
  const { journeys } = house.contoso;
  await signIn(house, browser, { url: url(), ending: ending() });
  await browser.get(url());
  assert.deepEqual(journeys.glided.at(-1)?.session.foreign, { provider: 'Facebook-OAUTH', issuer: 'facebook.com' });
  await signIn(house, browser, { url: url({ prompt: 'login' }), ending: { user: house.adele } });
  const { idToken } = await redeem(await browser.get(url()));
  assert.equal(journeys.glided.at(-1)?.session.foreign, undefined);
  assert.equal(idToken['idp'], undefined);
});

test('the journey hears where the application wants the person to go, and whether they must prove themselves anew', async () => {
  const started = async (changes: Readonly<Record<string, string>>, browser = createBrowser(house)) => {
    await browser.get(url(changes));
    const { domainHint, isFresh } = house.contoso.journeys.started.at(-1) ?? {};
    return [domainHint, isFresh];
  };
  assert.deepEqual(await started({}), [undefined, undefined]);
  assert.deepEqual(await started({ domain_hint: 'facebook.com' }), ['facebook.com', undefined]);
  assert.deepEqual(await started({ domain_hint: 'facebook.com', prompt: 'login' }), ['facebook.com', true]);
  const browser = createBrowser(house);
  await signIn(house, browser, { url: url(), ending: ending() });
  assert.deepEqual(await started({ max_age: '0' }, browser), [undefined, true]);
  const tooLong = await createBrowser(house).get(url({ domain_hint: 'x'.repeat(9000) }));
  assert.ok(!(tooLong.headers.get('location') ?? '').startsWith(`${origin}/journey`));
});
