import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, type TestContext, test } from 'node:test';
import type { Observation } from '../../kernel/index.ts';
import { isSignedBy, takeApart } from '../jwt.ts';
import { change, configure, webAuthorizeUrl, webRedemption } from '../testing/client.ts';
import { type House, ids, openHouse, origin, secret } from '../testing/harness.ts';
import {
  authorizeUrl,
  type Browser,
  claimsOf,
  createBrowser,
  postToken,
  readRedirect,
  redemption,
  signIn,
} from '../testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

interface Call {
  readonly method: string;
  readonly type: string;
  readonly token: string;
}

/** An application that is told; answers with the statuses in their order, then with the last one. */
async function listen(t: TestContext, ...statuses: readonly number[]) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const token = new URLSearchParams(Buffer.concat(chunks).toString()).get('logout_token') ?? '';
    calls.push({ method: request.method ?? '', type: request.headers['content-type'] ?? '', token });
    const status = statuses[calls.length - 1] ?? statuses.at(-1) ?? 200;
    response.writeHead(status).end();
    server.emit('told');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/logout`,
    calls,
    /** The n-th call. */
    async told(count: number): Promise<Call> {
      while (calls.length < count) await once(server, 'told');
      return calls[count - 1] as Call;
    },
  };
}

type Told = Extract<Observation, { kind: 'logout.told' }>;

/** What came of telling; the server observes it a moment after the application has answered. */
async function outcomes(count: number): Promise<readonly Told[]> {
  const found = (): readonly Told[] => house.observed.filter((one) => one.kind === 'logout.told');
  while (found().length < count) await new Promise((resolve) => setImmediate(resolve));
  return found();
}

async function idTokenOfWeb(response: Response, flow = 'b2c_1_susi'): Promise<Readonly<Record<string, unknown>>> {
  const code = readRedirect(response).params.get('code') ?? '';
  const { body } = await postToken(house, { ...webRedemption(code), client_secret: secret }, { flow });
  return claimsOf(body['id_token']);
}

async function idTokenOfSpa(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const code = readRedirect(response).params.get('code') ?? '';
  return claimsOf((await postToken(house, redemption(code))).body['id_token']);
}

const signOut = (browser: Browser, flow = 'b2c_1_susi'): Promise<Response> =>
  browser.get(`${origin}/contoso.onmicrosoft.com/${flow}/oauth2/v2.0/logout`);

test('each application that took part learns that the session has ended', async (t) => {
  const [web, spa, native] = [await listen(t, 200), await listen(t, 204), await listen(t, 200)];
  await configure(house, ids.web, { backChannelLogoutUri: web.url, isBackChannelLogoutSessionRequired: true });
  await configure(house, ids.spa, { backChannelLogoutUri: spa.url });
  await configure(house, ids.native, { backChannelLogoutUri: native.url });
  const browser = createBrowser(house);
  const atWeb = await idTokenOfWeb(await signIn(house, browser, { url: webAuthorizeUrl() }));
  const atSpa = await idTokenOfSpa(await browser.get(authorizeUrl()));
  assert.ok(atWeb['sid'] && atSpa['sid']);
  assert.notEqual(atWeb['sid'], atSpa['sid']);

  const told = house.observed.length;
  assert.equal((await signOut(browser)).status, 200);
  const [toWeb, toSpa] = await Promise.all([web.told(1), spa.told(1)]);
  assert.deepEqual([toWeb.method, toWeb.type], ['POST', 'application/x-www-form-urlencoded']);
  const jwt = takeApart(toWeb.token);
  const [key] = (await house.contoso.oidc.keys.ring()).published;
  assert.ok(jwt && key && isSignedBy({ ...jwt, alg: 'RS256', kid: key.kid }, key.key));
  assert.deepEqual(jwt.header, { alg: 'RS256', kid: key.kid, typ: 'logout+jwt' });
  const { jti, ...claims } = jwt.payload;
  const now = house.clock.now();
  assert.match(String(jti), /^[0-9a-f-]{36}$/);
  assert.deepEqual(claims, {
    iss: atWeb['iss'],
    aud: ids.web,
    iat: now,
    exp: now + 120,
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    sub: atWeb['sub'],
    sid: atWeb['sid'],
  });
  const other = claimsOf(toSpa.token);
  assert.deepEqual([other['aud'], other['sub'], 'sid' in other], [ids.spa, house.adele.id, false]);
  const found = await outcomes(2);
  assert.deepEqual(
    found.map(({ outcome, attempts }) => [outcome, attempts]),
    [
      ['accepted', 1],
      ['accepted', 1],
    ],
  );
  assert.equal(native.calls.length, 0);
  assert.ok(!JSON.stringify(house.observed.slice(told)).includes(toWeb.token));

  // It is over: nobody is told twice.
  await signOut(browser);
  assert.deepEqual([web.calls.length, spa.calls.length], [1, 1]);
});

test('a session keeps its name when its person signs in again, and loses nobody who took part', async (t) => {
  const [web, spa] = [await listen(t, 200), await listen(t, 200)];
  await configure(house, ids.web, { backChannelLogoutUri: web.url, isBackChannelLogoutSessionRequired: true });
  await configure(house, ids.spa, { backChannelLogoutUri: spa.url });
  const browser = createBrowser(house);
  const first = await idTokenOfWeb(await signIn(house, browser, { url: webAuthorizeUrl() }));
  await signIn(house, browser, { url: authorizeUrl({ prompt: 'login' }) });
  const again = await idTokenOfWeb(await browser.get(webAuthorizeUrl()));
  assert.equal(again['sid'], first['sid']);
  await signOut(browser);
  assert.equal(claimsOf((await web.told(1)).token)['sid'], first['sid']);
  await spa.told(1);
  const next = await idTokenOfWeb(await signIn(house, browser, { url: webAuthorizeUrl() }));
  assert.notEqual(next['sid'], first['sid']);
  await signOut(browser);
  await web.told(2);
});

test('a logout token is of the flow that the application used: its issuer and its kind of subject', async (t) => {
  const web = await listen(t, 200);
  await configure(house, ids.web, { backChannelLogoutUri: web.url });
  const browser = createBrowser(house);
  await signIn(house, browser, { url: authorizeUrl() });
  const { iss } = await idTokenOfWeb(await browser.get(webAuthorizeUrl({}, 'B2C_1_strict')), 'b2c_1_strict');
  assert.match(String(iss), /\/tfp\//);
  await signOut(browser);
  assert.equal(claimsOf((await web.told(1)).token)['iss'], iss);
});

test('an application that did not register sees no session, and is not called', async () => {
  await configure(house, ids.web, { backChannelLogoutUri: null });
  const browser = createBrowser(house);
  const claims = await idTokenOfWeb(await signIn(house, browser, { url: webAuthorizeUrl() }));
  assert.equal('sid' in claims, false);
  assert.equal((await signOut(browser)).status, 200);
});

test('one that fails is told again, one that refuses is not', async (t) => {
  const [web, spa] = [await listen(t, 503, 200), await listen(t, 400)];
  await configure(house, ids.web, { backChannelLogoutUri: web.url });
  await configure(house, ids.spa, { backChannelLogoutUri: spa.url });
  const before = (await outcomes(0)).length;
  const browser = createBrowser(house);
  await signIn(house, browser, { url: webAuthorizeUrl() });
  await browser.get(authorizeUrl());
  await signOut(browser);
  const [first, second] = [await web.told(1), await web.told(2)];
  assert.equal(first.token, second.token);
  const found = (await outcomes(before + 2)).slice(before);
  const came = Object.fromEntries(found.map(({ appId, outcome, attempts }) => [appId, [outcome, attempts]]));
  assert.deepEqual(came, { [ids.web]: ['accepted', 2], [ids.spa]: ['refused', 1] });
  assert.equal(spa.calls.length, 1);
});

test('signing out waits for nobody', async (t) => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
  await change(house, ids.spa, { settings: { backChannelLogoutUri: url } as never });
  const browser = createBrowser(house);
  await signIn(house, browser);
  const asked = once(server, 'request');
  // The application never answers.
  assert.equal((await signOut(browser)).status, 200);
  await asked;
});

test('a logout token is neither a hint nor an access token', async (t) => {
  const web = await listen(t, 200);
  await configure(house, ids.web, { backChannelLogoutUri: web.url });
  const browser = createBrowser(house);
  await signIn(house, browser, { url: webAuthorizeUrl() });
  await signOut(browser);
  const { token } = await web.told(1);
  const hinted = await browser.get(
    `${origin}/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/logout?id_token_hint=${token}`,
  );
  assert.equal(hinted.status, 400);
  const userinfo = `${origin}/contoso.onmicrosoft.com/b2c_1_susi/openid/v2.0/userinfo`;
  assert.equal((await house.fetch(userinfo, { headers: { authorization: `Bearer ${token}` } })).status, 401);
});

test('when another person signs in, the session of the one before is over', async (t) => {
  const [web, spa] = [await listen(t, 200), await listen(t, 200)];
  await configure(house, ids.web, { backChannelLogoutUri: web.url });
  await configure(house, ids.spa, { backChannelLogoutUri: spa.url });
  const browser = createBrowser(house);
  await signIn(house, browser, { url: webAuthorizeUrl() });
  const url = authorizeUrl({ prompt: 'login' });
  await signIn(house, browser, { url, ending: { user: house.lee } });
  assert.equal(claimsOf((await web.told(1)).token)['sub'], house.adele.id);
  await signOut(browser);
  assert.equal(claimsOf((await spa.told(1)).token)['sub'], house.lee.id);
  assert.equal(web.calls.length, 1);
});

test('an application is told of a session at the tenant by issuer, subject and name of its own ID token', async (t) => {
  const web = await listen(t, 200);
  await configure(house, ids.web, { backChannelLogoutUri: web.url, isBackChannelLogoutSessionRequired: true });
  const browser = createBrowser(house);
  const idToken = await idTokenOfWeb(await signIn(house, browser, { url: webAuthorizeUrl({}, '') }), '');
  const { iss, sub, sid } = idToken;
  assert.equal(iss, `${origin}/${house.contoso.tenant.id}/v2.0`);
  const before = house.observed.filter(({ kind }) => kind === 'logout.told').length;
  await browser.get(`${origin}/contoso.onmicrosoft.com/oauth2/v2.0/logout`);
  const { payload } = takeApart((await web.told(1)).token) ?? assert.fail('no token');
  assert.deepEqual([payload['iss'], payload['sub'], payload['sid']], [iss, sub, sid]);
  await outcomes(before + 1);
});
