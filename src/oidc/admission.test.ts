import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Admission, activities, createAdmission } from '../kernel/index.ts';
import { type House, ids, openHouse, secret } from './testing/harness.ts';
import { authorizeUrl, createBrowser, postToken, readRedirect, redemption, signIn } from './testing/visitor.ts';

const contosoId = '775527ff-9a37-4307-8b3d-cc311f58d925';

let now = 1_000;
/** Everything is full again. */
const pass = (): void => {
  now += 3_600;
};
const options = { limiting: 'strict', hasDocumentedQuotas: true, now: () => now } as const;
const admission: Admission = createAdmission(options);
let house: House;
before(async () => {
  house = await openHouse({ admission });
});
after(() => house.close());

/** Asks until there is nothing left. */
function drain(ask: (admission: Admission) => void): void {
  try {
    for (;;) ask(admission);
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'limits.tooMany');
  }
}

const here = '127.0.0.1';
const waited = (response: Response): number => Number(response.headers.get('retry-after'));

test('an address that has begun too many sign-ins is shown a page that says when to come back', async () => {
  pass();
  drain((one) => one.byAddress('signIn', here));
  const response = await house.fetch(authorizeUrl());
  const text = await response.text();
  assert.equal(response.status, 429);
  assert.ok(waited(response) >= 1);
  assert.match(text, /AADB2C90244: There are too many requests/);
  const { length } = house.contoso.journeys.started;
  pass();
  assert.equal((await house.fetch(authorizeUrl())).status, 303);
  assert.equal(house.contoso.journeys.started.length, length + 1, 'the refused one began nothing');
});

test('a request that has much kept for it counts as several', async () => {
  pass();
  const { amount } = activities.signIn.perAddress.strict;
  for (let count = 0; count < amount - 3; count += 1) admission.byAddress('signIn', here);
  const state = 's'.repeat(4_000);
  assert.equal((await house.fetch(authorizeUrl({ state }))).status, 303);
  assert.equal((await house.fetch(authorizeUrl({ state }))).status, 429);
});

test('programs are told in JSON, with Retry-After, and pages of any application can read it', async () => {
  pass();
  drain((one) => one.byAddress('token', here));
  drain((one) => one.byAddress('metadata', here));
  drain((one) => one.byAddress('device', here));
  drain((one) => one.byAddress('push', here));
  for (const [path, init] of [
    ['B2C_1_susi/oauth2/v2.0/token', { method: 'POST' }],
    ['B2C_1_susi/openid/v2.0/userinfo', {}],
    ['B2C_1_susi/v2.0/.well-known/openid-configuration', {}],
    ['B2C_1_susi/discovery/v2.0/keys', {}],
    ['B2C_1_susi/oauth2/v2.0/devicecode', { method: 'POST' }],
    ['B2C_1_susi/oauth2/v2.0/par', { method: 'POST' }],
    ['B2C_1_susi/oauth2/v2.0/introspect', { method: 'POST' }],
    ['B2C_1_susi/oauth2/v2.0/revoke', { method: 'POST' }],
  ] as const) {
    const response = await house.fetch(`/contoso.onmicrosoft.com/${path}`, init);
    const body = (await response.json()) as { readonly error: string; readonly error_description: string };
    assert.equal(response.status, 429, path);
    assert.ok(waited(response) >= 1, path);
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.equal(body.error, 'temporarily_unavailable');
    assert.match(body.error_description, /^AADB2C90244: There are too many requests at this moment/);
  }
  const preflight = await house.fetch('/contoso.onmicrosoft.com/B2C_1_susi/oauth2/v2.0/token', {
    method: 'OPTIONS',
    headers: { origin: 'https://spa.example', 'access-control-request-method': 'POST' },
  });
  assert.notEqual(preflight.status, 429, 'a browser that only prepares a request is answered');
});

test('an application that has proved itself has a budget, which nobody who only names it can use up', async () => {
  pass();
  const url = '/contoso.onmicrosoft.com/oauth2/v2.0/token';
  const scope = 'https://graph.microsoft.com/.default';
  const ask = (clientSecret: string) =>
    house.fetch(url, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: ids.daemon,
        client_secret: clientSecret,
        scope,
      }),
    });
  assert.equal((await ask(secret)).status, 200);
  drain((one) => one.byApplication('token', contosoId, ids.daemon));
  assert.equal((await ask('guess')).status, 401, 'which is told nothing of it');
  const throttled = await ask(secret);
  assert.equal(throttled.status, 429);
  assert.ok(waited(throttled) >= 1);
  assert.match(await throttled.text(), /AADSTS90055/);
});

test('the tenant itself has a number of the directory for it', async () => {
  pass();
  drain((one) => one.byAddress('token', here));
  const response = await house.fetch('/contoso.onmicrosoft.com/oauth2/v2.0/token', { method: 'POST' });
  const body = (await response.json()) as { readonly error_description: string; readonly error_codes: unknown };
  assert.equal(response.status, 429);
  assert.match(body.error_description, /^AADSTS90055: /);
});

test('who signs out too often sees a page, and whoever else is asked goes on', async () => {
  pass();
  drain((one) => one.byAddress('signOut', here));
  const path = '/contoso.onmicrosoft.com/B2C_1_susi/oauth2/v2.0/logout';
  assert.equal((await house.fetch(path)).status, 429);
  assert.equal((await house.fetch(authorizeUrl())).status, 303);
});

test('where a tenant has too many sign-ins its applications are told so, without anybody waiting on a page', async () => {
  pass();
  drain((one) => one.byTenant('signIn', contosoId));
  const { params } = readRedirect(await house.fetch(authorizeUrl({ state: 's-1' })));
  assert.equal(params.get('error'), 'temporarily_unavailable');
  assert.match(params.get('error_description') ?? '', /^AADB2C90244: There are too many requests at this moment/);
  assert.equal(params.get('state'), 's-1');
  assert.ok(params.get('iss'));
  const wrong = await house.fetch(authorizeUrl({ redirect_uri: 'https://evil.example/' }));
  assert.equal(wrong.headers.get('location'), null, 'nobody is sent where the application does not want it');
  const other = authorizeUrl().replace('contoso.onmicrosoft.com', 'fabrikam.onmicrosoft.com');
  assert.equal((await house.fetch(other)).status, 303, 'another tenant goes on');
});

test('by the documented quotas a sign-in costs four and a token one of two hundred a second', async () => {
  pass();
  const code =
    readRedirect(await signIn(house, createBrowser(house), { url: authorizeUrl() })).params.get('code') ?? '';
  pass();
  let begun = 0;
  while (!readsError(await house.fetch(authorizeUrl()))) begun += 1;
  assert.equal(begun, 50);
  const throttled = await postToken(house, redemption(code));
  assert.equal(throttled.status, 429);
  now += 1;
  const issued = await postToken(house, redemption(code));
  assert.equal(issued.status, 200, 'the refused request has not spent the code');
});

/** The application is told that there are too many. */
function readsError(response: Response): boolean {
  return (response.headers.get('location') ?? '').includes('AADB2C90244');
}
