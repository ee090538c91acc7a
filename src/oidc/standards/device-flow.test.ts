import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as client from 'openid-client';
import { tenantSignIn } from '../../flows/index.ts';
import { addSecret, ask, askRaw, configure } from '../testing/client.ts';
import { type House, ids, openHouse, origin, secret } from '../testing/harness.ts';
import { claimsOf, postToken } from '../testing/visitor.ts';
import { pollSeconds } from './device-codes.ts';
import { mostTries, triesSeconds } from './device-verification.ts';

const pageOfFlow = '/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/deviceauth';
const grantType = 'urn:ietf:params:oauth:grant-type:device_code';

let house: House;
before(async () => {
  house = await openHouse();
  await configure(house, ids.native, { isDeviceFlowAllowed: true });
});
after(() => house.close());

interface Begun {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
}

async function begin(form: Readonly<Record<string, string | null>> = {}, asking = {}): Promise<Begun> {
  const scope = `openid offline_access ${ids.native}`;
  const { status, body } = await ask(house, 'devicecode', { client_id: ids.native, scope, ...form }, asking);
  assert.equal(status, 200, JSON.stringify(body));
  return body as unknown as Begun;
}

/** Waits as long as the server says, then asks. */
function poll({ device_code }: Begun, form: Readonly<Record<string, string | null>> = {}, asking = {}) {
  house.clock.advance(pollSeconds);
  return postToken(house, { grant_type: grantType, client_id: ids.native, device_code, ...form }, asking);
}

const errorOf = async (answer: ReturnType<typeof poll>): Promise<unknown> => (await answer).body['error'];

/** A browser at the pages of the device flow: those of the flow, or of the tenant itself. */
function createPerson(page = pageOfFlow) {
  let cookie = '';
  let csrf = '';
  async function read(response: Response) {
    const [set] = response.headers.getSetCookie().filter((one) => one.startsWith('x-ms-cpim-device='));
    if (set) cookie = set.split(';')[0] ?? '';
    const text = await response.text();
    const view = text.startsWith('{') ? (JSON.parse(text) as Record<string, string>) : {};
    csrf = view['csrf'] ?? csrf;
    return { status: response.status, location: response.headers.get('location'), view, text };
  }
  return {
    open: async (query = '') => read(await house.fetch(`${page}${query}`, { headers: { cookie } })),
    go: async (url: string) => read(await house.fetch(url, { headers: { cookie } })),
    async send(action: string, userCode: string, headers: Readonly<Record<string, string>> = {}) {
      const body = new URLSearchParams({ action, user_code: userCode, csrf }).toString();
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      return read(await house.fetch(page, { method: 'POST', body, headers: { cookie, ...type, ...headers } }));
    },
  };
}

/** The address that a person comes back to when the journey has ended. */
function arrive(userId = house.adele.id): Promise<string> {
  const journey = house.contoso.journeys.started.at(-1);
  if (!journey) throw new Error('no journey was started');
  const { hostRef, flowId } = journey;
  const authTime = house.clock.now();
  const arrival = { userId, newUser: false, amr: ['pwd'], authTime, flowId, keepSignedIn: false };
  return house.contoso.host.arrive(hostRef, arrival);
}

/** A person enters the code, says yes and signs in. */
async function letIn({ user_code }: Begun, userId?: string, page?: string): Promise<void> {
  const person = createPerson(page);
  await person.open();
  await person.send('find', user_code);
  assert.equal((await person.send('continue', user_code)).status, 303);
  assert.equal((await person.go(await arrive(userId))).view['kind'], 'done');
}

test('openid-client: a device is let in', async () => {
  const throughHouse: client.CustomFetch = (target, init) => house.fetch(target, init as RequestInit);
  const url = new URL(`${origin}/contoso.onmicrosoft.com/b2c_1_susi/v2.0/.well-known/openid-configuration`);
  const options = { [client.customFetch]: throughHouse };
  const party = await client.discovery(url, ids.native, undefined, client.None(), options);
  const begun = await client.initiateDeviceAuthorization(party, { scope: `openid ${ids.native}` });
  await letIn(begun as Begun);
  const tokens = await client.pollDeviceAuthorizationGrant(party, { ...begun, interval: 0 });
  assert.ok(tokens.access_token);
});

test('a device gets tokens once a person has entered its code and signed in', async () => {
  const begun = await begin();
  assert.match(begun.user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  assert.equal(begun.verification_uri, `${origin}${pageOfFlow}`);
  assert.equal(await errorOf(poll(begun)), 'authorization_pending');

  const person = createPerson();
  const opened = await person.open(new URL(begun.verification_uri_complete).search);
  assert.deepEqual([opened.view['kind'], opened.view['userCode']], ['enter', begun.user_code]);
  const typed = begun.user_code.toLowerCase().replace('-', ' ');
  const asked = await person.send('find', typed);
  assert.deepEqual(
    [asked.view['kind'], asked.view['appName'], asked.view['userCode']],
    ['confirm', 'Native', begun.user_code],
  );
  const started = await person.send('continue', begun.user_code);
  assert.equal(started.status, 303);
  assert.match(started.location ?? '', /^\/journey\//);
  assert.equal(await errorOf(poll(begun)), 'authorization_pending');
  const back = await arrive();
  assert.equal((await person.go(back)).view['kind'], 'done');

  const { status, body } = await poll(begun);
  assert.equal(status, 200, JSON.stringify(body));
  const claims = claimsOf(body['id_token']);
  assert.deepEqual([claims['sub'], claims['aud'], claims['tfp']], [house.adele.id, ids.native, 'B2C_1_susi']);
  assert.ok(body['access_token'] && body['refresh_token']);
  assert.equal((await poll(begun)).body['error'], 'invalid_grant');
  assert.equal((await person.go(back)).status, 400);
});

test('tokens are given out once, also when the device asks many times at the same moment', async () => {
  const begun = await begin();
  await letIn(begun);
  house.clock.advance(pollSeconds);
  const form = { grant_type: 'device_code', client_id: ids.native, device_code: begun.device_code };
  const answers = await Promise.all(Array.from({ length: 6 }, () => postToken(house, form)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

test('a device that asks too often is told to slow down', async () => {
  const begun = await begin();
  assert.equal(await errorOf(poll(begun)), 'authorization_pending');
  const form = { grant_type: grantType, client_id: ids.native, device_code: begun.device_code };
  assert.equal((await postToken(house, form)).body['error'], 'slow_down');
  assert.equal(await errorOf(poll(begun)), 'authorization_pending');
  const waited = house.contoso.signIns.filter(({ failure }) => /pending|slow/i.test(failure?.code ?? ''));
  assert.equal(waited.length, 0);
});

test('a person who says no, or does not finish, lets nobody in', async () => {
  const begun = await begin();
  const person = createPerson();
  await person.open();
  assert.equal((await person.send('cancel', begun.user_code)).view['kind'], 'denied');
  assert.equal(await errorOf(poll(begun)), 'access_denied');

  const other = await begin();
  await person.send('continue', other.user_code);
  const hostRef = house.contoso.journeys.started.at(-1)?.hostRef ?? '';
  assert.equal((await person.go(await house.contoso.host.refuse(hostRef, 'cancelled'))).view['kind'], 'denied');
  assert.equal(await errorOf(poll(other)), 'access_denied');
  // It is answered, so that nobody answers it again.
  assert.equal((await person.send('find', other.user_code)).view['problem'], 'unknown');
});

test('a code ends after a quarter of an hour', async () => {
  const begun = await begin();
  house.clock.advance(900);
  assert.equal(await errorOf(poll(begun)), 'expired_token');
  const person = createPerson();
  await person.open();
  assert.equal((await person.send('find', begun.user_code)).view['problem'], 'unknown');
});

test('a code is good for its client, its flow and its tenant', async () => {
  await configure(house, ids.spa, { isDeviceFlowAllowed: true });
  const begun = await begin();
  await letIn(begun);
  assert.match(String((await poll(begun, { client_id: ids.spa })).body['error_description']), /^AADB2C90279/);
  const elsewhere = await poll(begun, {}, { flow: 'b2c_1_signin' });
  assert.match(String(elsewhere.body['error_description']), /^AADB2C90088/);
  assert.equal(await errorOf(poll(begun, {}, { tenant: 'fabrikam.onmicrosoft.com' })), 'unauthorized_client');
  assert.match(String((await poll(begun, { device_code: 'x' })).body['error_description']), /^AADB2C90090/);
  assert.match(String((await poll(begun, { device_code: null })).body['error_description']), /^AADB2C90083/);
  const other = await begin({}, { flow: 'b2c_1_signin' });
  const person = createPerson();
  await person.open();
  assert.equal((await person.send('find', other.user_code)).view['problem'], 'unknown');
  assert.equal((await poll(begun)).status, 200);
});

test('codes cannot be guessed: after some tries from an address even the right one is not looked at', async () => {
  const begun = await begin();
  house.clock.advance(triesSeconds);
  const fresh = await begin();
  const person = createPerson();
  await person.open();
  const tries = await Promise.all(
    Array.from({ length: mostTries }, (_, index) => person.send('find', `BCDF-GHJ${index}`)),
  );
  assert.ok(tries.every(({ view }) => view['problem'] === 'unknown'));
  assert.equal((await person.send('find', fresh.user_code)).view['problem'], 'tooMany');
  assert.equal((await person.send('continue', fresh.user_code)).view['problem'], 'tooMany');
  house.clock.advance(triesSeconds);
  assert.equal((await person.send('find', begun.user_code)).view['problem'], 'unknown');
  assert.equal((await person.send('find', fresh.user_code)).view['kind'], 'confirm');
});

test('a form of another page, another browser or without a cookie does nothing', async () => {
  const begun = await begin();
  const person = createPerson();
  assert.equal((await person.send('continue', begun.user_code)).status, 400);
  await person.open();
  const foreign = await person.send('continue', begun.user_code, { origin: 'https://evil.example' });
  assert.equal(foreign.status, 400);
  await person.send('continue', begun.user_code);
  const stranger = createPerson();
  await stranger.open();
  const back = await arrive();
  // Whoever is handed the address, e.g. by the one who began it, cannot go on in their place.
  assert.equal((await stranger.go(back)).status, 400);
  assert.equal(await errorOf(poll(begun)), 'authorization_pending');
  assert.equal((await person.go(back)).view['kind'], 'done');
});

test('who is shut out meanwhile lets no device in', async () => {
  const begun = await begin();
  const person = createPerson();
  await person.open();
  await person.send('continue', begun.user_code);
  assert.equal((await person.go(await arrive('99999999-9999-4999-8999-999999999999'))).view['kind'], 'denied');
  assert.equal(await errorOf(poll(begun)), 'access_denied');
});

test('what is no request is refused, and an application that may not ask', async () => {
  const form = { client_id: ids.native, scope: 'openid' };
  const refused: readonly [Readonly<Record<string, string | null>>, string, RegExp][] = [
    [{ client_id: null }, 'invalid_request', /^AADB2C90083/],
    [{ scope: null }, 'invalid_request', /^AADB2C90010/],
    [{ scope: 'offline_access' }, 'invalid_scope', /^AADB2C90115/],
    [{ scope: 'https://unknown.example/read' }, 'invalid_scope', /^AADB2C90117/],
    [{ scope: 'x'.repeat(5_000) }, 'invalid_request', /^AADB2C90122/],
    [{ client_id: ids.web }, 'unauthorized_client', /isDeviceFlowAllowed/],
  ];
  for (const [changes, error, text] of refused) {
    const { status, body } = await ask(house, 'devicecode', { ...form, ...changes });
    assert.deepEqual([status, body['error']], [400, error], JSON.stringify(changes));
    assert.match(String(body['error_description']), text);
  }
  assert.equal((await askRaw(house, 'devicecode', 'client_id=a&client_id=b')).status, 400);
  const off = await poll({ device_code: 'x' } as Begun, { client_id: ids.web });
  assert.equal(off.body['error'], 'unauthorized_client');
});

test('an application with a server of its own proves itself at both ends', async () => {
  await configure(house, ids.web, { isDeviceFlowAllowed: true });
  await addSecret(house, ids.web);
  const form = { client_id: ids.web, scope: `openid ${ids.web}` };
  assert.equal((await ask(house, 'devicecode', form)).status, 401);
  const begun = await begin({ ...form, client_secret: secret });
  await letIn(begun);
  assert.match(String((await poll(begun, form)).body['error_description']), /^AADB2C90079/);
  assert.equal((await poll(begun, { ...form, client_secret: 'wrong' })).status, 401);
  assert.equal((await poll(begun, { ...form, client_secret: secret })).status, 200);
});

test('the page is found in every form of address', async () => {
  for (const path of [
    '/contoso.onmicrosoft.com/oauth2/v2.0/deviceauth?p=B2C_1_susi',
    `/tfp${pageOfFlow}`,
    pageOfFlow.toUpperCase(),
  ]) {
    const response = await house.fetch(path);
    assert.equal(response.status, 200, path);
    assert.equal(((await response.json()) as { kind: string }).kind, 'enter');
  }
  assert.equal((await house.fetch(pageOfFlow, { method: 'DELETE' })).status, 405);
});

test('a device is let in at the tenant itself, by what it asked for there and nowhere else', async () => {
  const atTenant = { flow: '' };
  const scope = 'openid profile offline_access';
  house.contoso.journeys.chooses('B2C_1_susi');
  const begun = await begin({ scope }, atTenant);
  house.contoso.journeys.chooses(tenantSignIn);
  assert.equal(begun.verification_uri, `${origin}/contoso.onmicrosoft.com/oauth2/v2.0/deviceauth`);
  const elsewhere = createPerson();
  await elsewhere.open();
  assert.equal((await elsewhere.send('find', begun.user_code)).view['problem'], 'unknown');
  await letIn(begun, house.adele.id, '/contoso.onmicrosoft.com/oauth2/v2.0/deviceauth');
  assert.equal(house.contoso.journeys.started.at(-1)?.flowId, 'B2C_1_susi');
  assert.equal(await errorOf(poll(begun)), 'invalid_grant');
  const { status, body } = await poll(begun, {}, atTenant);
  assert.equal(status, 200, JSON.stringify(body));
  const { ver, oid, name, tfp } = claimsOf(body['id_token']);
  assert.deepEqual([ver, oid, name, tfp], ['2.0', house.adele.id, 'Adele Vance', undefined]);
  const fromFlow = await begin();
  await letIn(fromFlow);
  const late = await poll(fromFlow, {}, atTenant);
  assert.match(String(late.body['error_description']), /^AADSTS70000/);
});
