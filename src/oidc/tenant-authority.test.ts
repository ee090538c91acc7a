import assert from 'node:assert/strict';
import { afterEach, before, after as end, test } from 'node:test';
import { tenantSignIn } from '../flows/index.ts';
import { system } from '../kernel/index.ts';
import { entities, graphAppId } from '../model/index.ts';
import { createBearer } from './bearer.ts';
import { ask, configure } from './testing/client.ts';
import { apiUri, type House, ids, openHouse, origin, secret } from './testing/harness.ts';
import {
  authorizeUrl,
  type Browser,
  claimsOf,
  createBrowser,
  type Ending,
  endJourney,
  postToken,
  readRedirect,
  redemption,
  shownCode,
  signIn,
  type TokenAnswer,
} from './testing/visitor.ts';

const by = system('test');
const scope = 'openid profile email offline_access';
const atTenant = { flow: '' };

let house: House;
before(async () => {
  house = await openHouse();
});
end(() => house.close());
afterEach(() => {
  house.clock.reset();
  house.contoso.journeys.glideEnds(undefined);
  house.contoso.journeys.chooses(tenantSignIn);
});

const tenantUrl = (changes: Readonly<Record<string, string | null>> = {}): string =>
  authorizeUrl({ scope, ...changes }, '');

async function codeAt(
  browser: Browser = createBrowser(house),
  changes: Readonly<Record<string, string | null>> = {},
  ending?: Ending,
): Promise<string> {
  const response = await signIn(house, browser, { url: tenantUrl(changes), ...(ending ? { ending } : {}) });
  return readRedirect(response).params.get('code') ?? assert.fail(`no code: ${response.headers.get('location')}`);
}

const tokensAt = async (changes: Readonly<Record<string, string | null>> = {}, ending?: Ending): Promise<TokenAnswer> =>
  postToken(house, redemption(await codeAt(createBrowser(house), changes, ending)), atTenant);

const numberOf = ({ status, body }: TokenAnswer): string =>
  `${status} ${body['error']} ${/^AAD\w+/.exec(String(body['error_description']))?.[0]}`;

const partOf = (text: unknown): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(String(text), 'base64url').toString());

test('tokens are ordinary ones of the directory: they name the tenant and no flow', async () => {
  const { body } = await tokensAt({ client_info: '1' });
  const claims = claimsOf(body['id_token']);
  const { id: tid } = house.contoso.tenant;
  const { sub, ...rest } = claims;
  const now = house.clock.now();
  assert.deepEqual(rest, {
    name: 'Adele Vance',
    preferred_username: 'adele@contoso.example',
    email: 'adele@contoso.example',
    aud: ids.spa,
    iss: `${origin}/${tid}/v2.0`,
    oid: house.adele.id,
    tid,
    ver: '2.0',
    iat: now,
    nbf: now,
    exp: now + 3600,
    auth_time: now,
    nonce: 'n-0',
  });
  assert.match(String(sub), /^[\w-]{43}$/);
  assert.deepEqual(partOf(body['client_info']), { uid: house.adele.id, utid: tid });
  assert.equal(body['profile_info'], undefined);
  assert.deepEqual(String(body['scope']).split(' ').sort(), scope.split(' ').sort());
});

test('an application knows a person by one subject for ever, and no two applications by the same', async () => {
  const [first, second] = [await tokensAt(), await tokensAt()].map(({ body }) => claimsOf(body['id_token'])['sub']);
  assert.equal(first, second);
  const code = await codeAt(createBrowser(house), { client_id: ids.native, redirect_uri: 'myapp://auth' });
  const form = { ...redemption(code), client_id: ids.native, redirect_uri: 'myapp://auth' };
  const other = claimsOf((await postToken(house, form, atTenant)).body['id_token']);
  assert.notEqual(other['sub'], first);
  assert.equal(other['oid'], house.adele.id);
});

test('claims of the person are told as far as the scopes ask for them', async () => {
  const told = async (asked: string) => {
    const { name, preferred_username: username, email } = claimsOf((await tokensAt({ scope: asked })).body['id_token']);
    return [name, username, email];
  };
  assert.deepEqual(await told('openid'), [undefined, undefined, undefined]);
  assert.deepEqual(await told('openid profile'), ['Adele Vance', 'adele@contoso.example', undefined]);
  assert.deepEqual(await told('openid email'), [undefined, undefined, 'adele@contoso.example']);
});

test('an address that a provider only tells of somebody is in no token, one that was proved is', async () => {
  const { directory } = house.contoso;
  const told = async (more: object) => {
    const made = await directory.create(by, entities.user, { displayName: 'Guest', userType: 'Guest', ...more });
    const { email, idp } = claimsOf((await tokensAt({}, { user: made.entity })).body['id_token']);
    return [email, idp];
  };
  const identity = (issuer: string, issuerAssignedId: string) => ({
    identities: [{ signInType: 'federated', issuer, issuerAssignedId }],
  });
  const only = { ...identity('google.com', '1'), otherMails: ['victim@fabrikam.example'] };
  assert.deepEqual(await told(only), [undefined, undefined]);
  assert.deepEqual(await told(identity('mail', 'eve@fabrikam.example')), ['eve@fabrikam.example', 'mail']);
  const proved = { ...identity('google.com', '2'), mail: 'ann@fabrikam.example' };
  assert.deepEqual(await told(proved), ['ann@fabrikam.example', undefined]);
});

test('a token for an API names it and what was granted on it', async () => {
  const { body } = await tokensAt({ scope: `${scope} ${apiUri}/tasks.read` });
  const { aud, scp, azp, ver, tid, tfp, acr, appid } = claimsOf(body['access_token']);
  assert.deepEqual([aud, scp, azp, ver], [ids.api, 'tasks.read', ids.spa, '2.0']);
  assert.deepEqual([tid, tfp, acr, appid], [house.contoso.tenant.id, undefined, undefined, undefined]);
  assert.ok(String(body['scope']).includes(`${apiUri}/tasks.read`));
});

const userinfo = async (token: unknown, path = '') => {
  const response = await house.fetch(`${origin}/contoso.onmicrosoft.com${path}/openid/v2.0/userinfo`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, claims: (await response.json()) as Readonly<Record<string, unknown>> };
};

test('where no API was asked for, the access token is one for user info, of the same subject, and of no other use', async () => {
  const { body } = await tokensAt();
  const token = body['access_token'];
  const claims = claimsOf(token);
  assert.deepEqual([claims['aud'], claims['scp']], [graphAppId, 'openid profile email']);
  const { status, claims: told } = await userinfo(token);
  assert.equal(status, 200);
  assert.deepEqual(told, {
    sub: claimsOf(body['id_token'])['sub'],
    oid: house.adele.id,
    name: 'Adele Vance',
    preferred_username: 'adele@contoso.example',
    email: 'adele@contoso.example',
  });
  assert.equal((await userinfo(token, '/b2c_1_susi')).status, 401);
  const forApi = (await tokensAt({ scope: `${scope} ${apiUri}/tasks.read` })).body['access_token'];
  assert.equal((await userinfo(forApi)).status, 401);
  const { callerOf } = createBearer({ tenantOf: house.tenantOf, clock: house.clock });
  const exchange = { headers: { authorization: `Bearer ${token}` }, correlationId: '' } as Parameters<
    typeof callerOf
  >[0];
  await assert.rejects(callerOf(exchange), { code: 'oidc.tokenRefused', message: /Only applications/ });
});

test('what an API answers stands in the tokens, but never for what the protocol says', async () => {
  const tokenClaims = {
    loyaltyNumber: '42',
    name: 'Changed',
    appid: ids.daemon,
    idtyp: 'app',
    roles: ['User.Read.All'],
  };
  const browser = createBrowser(house);
  await browser.get(tenantUrl());
  const { hostRef, flowId } = house.contoso.journeys.started.at(-1) ?? assert.fail('nothing was started');
  const arrival = {
    userId: house.adele.id,
    newUser: true,
    amr: ['pwd'],
    authTime: house.clock.now(),
    flowId,
    keepSignedIn: false,
    tokenClaims: { ...tokenClaims, tid: 'x', oid: 'x' },
  };
  const response = await browser.get(await house.contoso.host.arrive(hostRef, arrival));
  const code = readRedirect(response).params.get('code') ?? '';
  const { body } = await postToken(house, redemption(code), atTenant);
  for (const token of [body['id_token'], body['access_token']]) {
    const { loyaltyNumber, name, appid, idtyp, roles, oid, tid, newUser } = claimsOf(token);
    assert.deepEqual([loyaltyNumber, name, oid, tid], ['42', 'Changed', house.adele.id, house.contoso.tenant.id]);
    assert.deepEqual([appid, idtyp, roles, newUser], [undefined, undefined, undefined, undefined]);
  }
});

test('a code is good where it was given out alone: at the tenant or at the flow', async () => {
  const tenants = await codeAt();
  assert.equal(numberOf(await postToken(house, redemption(tenants))), '400 invalid_grant AADB2C90088');
  const flows = readRedirect(await signIn(house, createBrowser(house))).params.get('code') ?? '';
  assert.equal(numberOf(await postToken(house, redemption(flows), atTenant)), '400 invalid_grant AADSTS70000');
});

test('so is a code of the very flow that the tenant has chosen', async () => {
  house.contoso.journeys.chooses('B2C_1_susi');
  const code = await codeAt();
  assert.equal(house.contoso.journeys.started.at(-1)?.flowId, 'B2C_1_susi');
  assert.equal(numberOf(await postToken(house, redemption(code))), '400 invalid_grant AADB2C90088');
});

test('so is a refresh token; it renews what was granted, for a day in a page and for ninety elsewhere', async () => {
  const { body } = await tokensAt();
  assert.equal(body['refresh_token_expires_in'], 86_400);
  const form = { grant_type: 'refresh_token', client_id: ids.spa, refresh_token: String(body['refresh_token']), scope };
  assert.equal(numberOf(await postToken(house, form)), '400 invalid_grant AADB2C90088');
  house.clock.advance(60);
  const renewed = (await postToken(house, form, atTenant)).body;
  const [before, after] = [claimsOf(body['id_token']), claimsOf(renewed['id_token'])];
  assert.deepEqual({ ...after, iat: 0, nbf: 0, exp: 0, nonce: 'n-0' }, { ...before, iat: 0, nbf: 0, exp: 0 });
  assert.equal(claimsOf(renewed['access_token'])['aud'], graphAppId);
  assert.equal(numberOf(await postToken(house, form, atTenant)), '400 invalid_grant AADSTS50173');
  const native = { client_id: ids.native, redirect_uri: 'myapp://auth' };
  const code = await codeAt(createBrowser(house), native);
  const lasting = await postToken(house, { ...redemption(code), ...native }, atTenant);
  assert.equal(lasting.body['refresh_token_expires_in'], 90 * 86_400);
  const flows = (await signIn(house, createBrowser(house))).headers.get('location') ?? '';
  const own = (await postToken(house, redemption(new URLSearchParams(flows.split('#')[1]).get('code') ?? ''))).body;
  const foreign = { ...form, refresh_token: String(own['refresh_token']) };
  assert.equal(numberOf(await postToken(house, foreign, atTenant)), '400 invalid_grant AADSTS70000');
});

test('a renewal tells no more of the person than the sign-in did', async () => {
  const { body } = await tokensAt({ scope: `openid offline_access ${apiUri}/tasks.read` });
  const form = { grant_type: 'refresh_token', client_id: ids.spa, refresh_token: String(body['refresh_token']), scope };
  const renewed = (await postToken(house, form, atTenant)).body;
  assert.equal(claimsOf(renewed['access_token'])['scp'], 'openid');
  assert.equal(claimsOf(renewed['id_token'])['email'], undefined);
});

async function silent(browser: Browser, changes: Readonly<Record<string, string>> = {}, flow = ''): Promise<string> {
  const url = authorizeUrl({ scope, prompt: 'none', ...changes }, flow);
  const { params } = readRedirect(await browser.get(url));
  if (params.has('code')) return 'code';
  return `${params.get('error')} ${/^AAD\w+/.exec(params.get('error_description') ?? '')?.[0]} ${params.get('state')}`;
}

const state = 'c3RhdGU=|mine';

test('a silent request is answered by who is signed in, or says what is missing', async () => {
  const browser = createBrowser(house);
  assert.equal(await silent(browser), `login_required AADSTS50058 ${state}`);
  const { body } = await postToken(house, redemption(await codeAt(browser)), atTenant);
  assert.equal(await silent(browser), 'code');
  assert.deepEqual(house.contoso.journeys.glided.at(-1)?.flowId, tenantSignIn);
  assert.equal(await silent(browser, { id_token_hint: String(body['id_token']) }), 'code');
  house.contoso.journeys.glideEnds({ kind: 'page' });
  assert.equal(await silent(browser), `interaction_required AADSTS50076 ${state}`);
  house.contoso.journeys.glideEnds(undefined);
  house.clock.advance(10);
  assert.equal(await silent(browser, { max_age: '5' }), `login_required AADSTS70044 ${state}`);
  house.clock.advance(86_400);
  assert.equal(await silent(browser), `login_required AADSTS50058 ${state}`);
});

test('somebody else than the hint names is asked to sign in', async () => {
  const browser = createBrowser(house);
  const lee = (await tokensAt({}, { user: house.lee })).body['id_token'];
  await codeAt(browser);
  assert.equal(await silent(browser, { id_token_hint: String(lee) }), `interaction_required AADSTS16000 ${state}`);
});

test('a session of the tenant opens no flow, and a session of a flow not the tenant', async () => {
  const [one, other] = [createBrowser(house), createBrowser(house)];
  await codeAt(one);
  assert.equal(await silent(one, {}, 'B2C_1_susi'), `interaction_required AADB2C90077 ${state}`);
  await signIn(house, other);
  assert.equal(await silent(other), `login_required AADSTS50058 ${state}`);
});

test('prompt=login and prompt=select_account ask who it is, whoever is signed in', async () => {
  const browser = createBrowser(house);
  await codeAt(browser);
  for (const prompt of ['login', 'select_account']) {
    assert.equal((await browser.get(tenantUrl({ prompt }))).status, 303, prompt);
    assert.equal(house.contoso.journeys.started.at(-1)?.session, undefined, prompt);
  }
});

test('signing out at the tenant ends its session', async () => {
  const browser = createBrowser(house);
  await codeAt(browser);
  const there = new URLSearchParams({ post_logout_redirect_uri: 'http://localhost:3000/' });
  const left = await browser.get(`${origin}/contoso.onmicrosoft.com/oauth2/v2.0/logout?${there}`);
  assert.equal(left.headers.get('location'), 'http://localhost:3000/');
  assert.equal(await silent(browser), `login_required AADSTS50058 ${state}`);
});

test('the flow that was chosen is the one that the log names', async () => {
  house.contoso.journeys.chooses('B2X_1_partner');
  const { signIns } = house.contoso;
  const browser = createBrowser(house);
  const code = await codeAt(browser);
  assert.deepEqual([signIns.at(-1)?.flowId, signIns.at(-1)?.interactive], ['B2X_1_partner', true]);
  const { body } = await postToken(house, redemption(code), atTenant);
  const renewal = { grant_type: 'refresh_token', client_id: ids.spa, refresh_token: String(body['refresh_token']) };
  await postToken(house, renewal, atTenant);
  assert.deepEqual([signIns.at(-1)?.flowId, signIns.at(-1)?.interactive], ['B2X_1_partner', false]);
  house.contoso.journeys.chooses('B2X_1_other');
  assert.equal(await silent(browser), 'code');
  assert.equal(house.contoso.journeys.glided.at(-1)?.flowId, 'B2X_1_other');
  await browser.get(tenantUrl({ prompt: 'login' }));
  await endJourney(house, browser, { refusal: 'cancelled' });
  assert.deepEqual([signIns.at(-1)?.flowId, signIns.at(-1)?.failure?.code], ['B2X_1_other', 'AADSTS65004']);
});

test('a journey of the tenant cannot be ended at a flow', async () => {
  const browser = createBrowser(house);
  house.contoso.journeys.chooses('B2C_1_susi');
  await browser.get(tenantUrl());
  const { hostRef, flowId } = house.contoso.journeys.started.at(-1) ?? assert.fail('nothing was started');
  const arrival = { userId: house.adele.id, newUser: false, amr: ['pwd'], authTime: 1, flowId, keepSignedIn: false };
  const back = await house.contoso.host.arrive(hostRef, arrival);
  const bent = back.replace('/oauth2/', '/b2c_1_susi/oauth2/');
  assert.notEqual(bent, back);
  const cookie = browser
    .cookies()
    .map((text) => text.split(';')[0])
    .join('; ');
  const answer = await house.fetch(bent, { headers: { cookie } });
  assert.equal(answer.status, 400);
  assert.equal(await shownCode(answer), 'AADB2C90046');
});

const web = {
  client_id: ids.web,
  redirect_uri: 'http://localhost:3001/cb',
  code_challenge: null,
  code_challenge_method: null,
};

for (const types of ['id_token', 'id_token token', 'code id_token', 'token', 'code token']) {
  test(`${types} is answered at the tenant too`, async () => {
    const asked = tenantUrl({ ...web, response_type: types, client_info: '1' });
    const { params } = readRedirect(await signIn(house, createBrowser(house), { url: asked }));
    const parts = types.split(' ');
    assert.deepEqual(
      [params.has('code'), params.has('id_token'), params.has('access_token')],
      [parts.includes('code'), parts.includes('id_token'), parts.includes('token')],
    );
    const idToken = params.get('id_token');
    if (idToken) assert.equal(claimsOf(idToken)['ver'], '2.0');
    const accessToken = params.get('access_token');
    if (accessToken) assert.equal((await userinfo(accessToken)).status, 200);
    // An ID token says it itself (RFC 9207 §2).
    assert.equal(params.get('iss'), idToken ? null : `${origin}/${house.contoso.tenant.id}/v2.0`);
    assert.deepEqual(partOf(params.get('client_info')), { uid: house.adele.id, utid: house.contoso.tenant.id });
  });
}

test('a web application proves itself, and is told in the numbers that its library reads', async () => {
  const url = tenantUrl({ ...web, response_mode: 'query' });
  const code = readRedirect(await signIn(house, createBrowser(house), { url })).params.get('code') ?? '';
  const form = { grant_type: 'authorization_code', client_id: ids.web, redirect_uri: web.redirect_uri, code };
  const without = await postToken(house, form, atTenant);
  assert.equal(numberOf(without), '401 invalid_client AADSTS7000218');
  assert.deepEqual(without.body['error_codes'], [7000218]);
  const wrong = await postToken(house, { ...form, client_secret: 'wrong' }, atTenant);
  assert.equal(numberOf(wrong), '401 invalid_client AADSTS7000215');
  const right = await postToken(house, { ...form, client_secret: secret }, atTenant);
  assert.equal(claimsOf(right.body['id_token'])['aud'], ids.web);
});

test('requests are pushed, and tokens introspected and taken back, as at flows', async () => {
  await configure(house, ids.spa, { isRevocationAllowed: true });
  await configure(house, ids.web, { isIntrospectionAllowed: true, isRevocationAllowed: true });
  const proof = { client_id: ids.web, client_secret: secret };
  const request = { redirect_uri: web.redirect_uri, response_type: 'code', scope, state, nonce: 'n-0' };
  const pushed = await ask(house, 'par', { ...proof, ...request }, atTenant);
  assert.equal(pushed.status, 201);
  const asked = { client_id: ids.web, request_uri: String(pushed.body['request_uri']) };
  const url = `${origin}/contoso.onmicrosoft.com/oauth2/v2.0/authorize?${new URLSearchParams(asked)}`;
  const code = readRedirect(await signIn(house, createBrowser(house), { url })).params.get('code') ?? '';
  const redeemed = { ...proof, grant_type: 'authorization_code', redirect_uri: web.redirect_uri, code };
  const { body } = await postToken(house, redeemed, atTenant);
  const sub = claimsOf(body['id_token'])['sub'];
  const active = async (token: unknown, flow = '') =>
    (await ask(house, 'introspect', { ...proof, token: String(token) }, { flow })).body;
  const about = await active(body['refresh_token']);
  assert.deepEqual([about['active'], about['sub']], [true, sub]);
  assert.equal((await active(body['refresh_token'], 'b2c_1_susi'))['active'], false);
  assert.equal((await active(body['access_token']))['scope'], 'openid profile email');
  await ask(house, 'revoke', { ...proof, token: String(body['refresh_token']) }, atTenant);
  assert.equal((await active(body['refresh_token']))['active'], false);
});
