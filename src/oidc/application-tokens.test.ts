import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { after, before, test } from 'node:test';
import type { Exchange } from '../http/index.ts';
import { type Fault, newId, system } from '../kernel/index.ts';
import { entities, graphAppId, graphPermissions } from '../model/index.ts';
import { createBearer } from './bearer.ts';
import { signJwt } from './jwt.ts';
import { apiUri, type House, ids, openHouse, origin, secret } from './testing/harness.ts';
import { claimsOf, postToken, signedIn, type TokenAnswer } from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const tid = '775527ff-9a37-4307-8b3d-cc311f58d925';

const daemon = (
  changes: Readonly<Record<string, string | null>> = {},
  tenant = 'contoso.onmicrosoft.com',
): Promise<TokenAnswer> => {
  const form = { grant_type: 'client_credentials', client_id: ids.daemon, client_secret: secret };
  return postToken(house, { ...form, scope: 'https://graph.microsoft.com/.default', ...changes }, { flow: '', tenant });
};

const calling = (authorization: string | undefined): Exchange => ({
  method: 'GET',
  url: new URL('/beta/users', origin),
  headers: (authorization === undefined ? {} : { authorization }) as IncomingHttpHeaders,
  body: async () => Buffer.alloc(0),
  remoteAddress: '127.0.0.1',
  correlationId: '',
  route: '/beta/users',
});

const callerOf = (token: unknown) => {
  const bearer = createBearer({ tenantOf: house.tenantOf, clock: house.clock });
  return bearer.callerOf(calling(token === undefined ? undefined : `Bearer ${token}`));
};

const refused = async (token: unknown): Promise<string> => {
  const fault = await callerOf(token).then(
    () => undefined,
    (error: Fault) => error,
  );
  assert.equal(fault?.status, 401);
  return `${fault?.code}: ${fault?.message}`;
};

test('an application gets a token for Graph that says what it may', async () => {
  const { status, body } = await daemon();
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), ['token_type', 'expires_in', 'ext_expires_in', 'access_token']);
  const { iat, nbf, exp, oid, sub, ...claims } = claimsOf(body['access_token']);
  assert.equal(Number(exp) - Number(iat), 3600);
  assert.equal(nbf, iat);
  assert.equal(oid, sub);
  assert.deepEqual(claims, {
    aud: graphAppId,
    iss: `${origin}/${tid}/v2.0`,
    appid: ids.daemon,
    azp: ids.daemon,
    idtyp: 'app',
    roles: ['IdentityUserFlow.ReadWrite.All', 'User.Read.All'],
    tid,
    ver: '2.0',
  });
});

test('Graph knows the application by that token', async () => {
  for (const scope of ['https://graph.microsoft.com/.default', `${origin}/.default`]) {
    const { body } = await daemon({ scope });
    assert.deepEqual(await callerOf(body['access_token']), {
      tenantId: tid,
      caller: {
        kind: 'app',
        appId: ids.daemon,
        roles: ['IdentityUserFlow.ReadWrite.All', 'User.Read.All'],
        correlationId: '',
      },
    });
  }
});

test('a token opens Graph no further than its application may go now', async () => {
  const { directory } = house.contoso;
  const { requiredResourceAccess, id } = (await house.contoso.oidc.clients.find(ids.daemon)) ?? { id: '' };
  const ref = { type: entities.application, id };
  const change = (patch: Readonly<Record<string, unknown>>) => directory.update(system('test'), ref, patch);
  const token = (await daemon()).body['access_token'];
  await change({ isDisabled: true });
  assert.match(await refused(token), /tokenRefused: .*not active/);
  await change({ isDisabled: false });
  const fewer = [{ id: graphPermissions['User.Read.All'], type: 'Role' }];
  await change({ requiredResourceAccess: [{ resourceAppId: graphAppId, resourceAccess: fewer }] });
  assert.deepEqual((await callerOf(token)).caller, {
    kind: 'app',
    appId: ids.daemon,
    roles: ['User.Read.All'],
    correlationId: '',
  });
  await change({ requiredResourceAccess });
  const made = await directory.create(system('test'), entities.application, { displayName: 'Short-lived' });
  const { appId, id: shortId } = made.entity;
  const { signing } = await house.contoso.oidc.keys.ring();
  const short = signJwt(signing, { ...claimsOf(token), appid: appId });
  assert.deepEqual((await callerOf(short)).caller, { kind: 'app', appId, roles: [], correlationId: '' });
  await directory.remove(system('test'), { type: entities.application, id: shortId });
  assert.match(await refused(short), /tokenRefused: .*not active/);
});

test('an API of the tenant is asked for by its identifier, and its token does not open Graph', async () => {
  const { body } = await daemon({ scope: `${apiUri}/.default` });
  const claims = claimsOf(body['access_token']);
  assert.equal(claims['aud'], ids.api);
  assert.deepEqual(claims['roles'], ['Tasks.Sync']);
  assert.match(await refused(body['access_token']), /^oidc\.tokenRefused: .*audience/);
});

const wrong: Readonly<Record<string, readonly [Readonly<Record<string, string | null>>, string]>> = {
  'a wrong secret': [{ client_secret: 'wrong' }, '401 invalid_client 7000215'],
  'no secret': [{ client_secret: null }, '401 invalid_client 7000218'],
  'an unknown application': [{ client_id: '99999999-9999-4999-8999-999999999999' }, '400 unauthorized_client 700016'],
  'an unknown resource': [{ scope: 'https://nobody.example/.default' }, '400 invalid_scope 70011'],
  'a scope that is no .default': [{ scope: 'https://graph.microsoft.com/User.Read.All' }, '400 invalid_scope 70011'],
  'no scope': [{ scope: null }, '400 invalid_request 900144'],
  'a password': [{ grant_type: 'password' }, '400 unsupported_grant_type 70003'],
  'an unknown code': [{ grant_type: 'authorization_code', code: 'x', client_id: ids.web }, '400 invalid_grant 70000'],
};

for (const [name, [changes, expected]] of Object.entries(wrong)) {
  test(`the tenant's authority answers ${name} with ${expected}`, async () => {
    const { status, body } = await daemon(changes);
    assert.equal(`${status} ${body['error']} ${(body['error_codes'] as number[])[0]}`, expected);
    assert.match(String(body['error_description']), /^AADSTS\d+: /);
    for (const member of ['trace_id', 'correlation_id', 'timestamp']) assert.equal(typeof body[member], 'string');
  });
}

test('tokens that are none, not ours, not for Graph or out of time are told apart', async () => {
  const token = String((await daemon()).body['access_token']);
  assert.equal(await refused(undefined), 'oidc.tokenMissing: Access token is empty.');
  assert.equal(await refused(''), 'oidc.tokenMissing: Access token is empty.');
  for (const bad of ['x', 'a.b.c', `${token}.x`, token.split('.').slice(0, 2).join('.')]) {
    assert.equal(await refused(bad), 'oidc.tokenMalformed: CompactToken parsing failed with error code: 80049217');
  }
  const [head, payload, signature = ''] = token.split('.');
  // The last character of 256 bytes carries two bits; the other four are no part of the signature.
  const respelled = `${signature.slice(0, -1)}${String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1)}`;
  assert.deepEqual(Buffer.from(respelled, 'base64url'), Buffer.from(signature, 'base64url'));
  assert.match(await refused(`${head}.${payload}.${respelled}`), /tokenMalformed/);
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  assert.match(await refused(`${none}.${payload}.${signature}`), /tokenMalformed/);
  const more = Buffer.from(JSON.stringify({ ...claimsOf(token), roles: ['Everything'] })).toString('base64url');
  assert.match(await refused(`${head}.${more}.${signature}`), /tokenRefused: .*signature/);
  const other = claimsOf((await daemon({}, 'fabrikam.onmicrosoft.com')).body['access_token']);
  assert.equal(other['tid'], house.fabrikam.tenant.id);
  house.clock.advance(3600);
  const expired = await refused(token);
  house.clock.reset();
  assert.equal(expired, 'oidc.tokenExpired: Access token has expired or is not yet valid.');
});

test("a token of one tenant is nothing in another, and one tenant's key cannot speak for another", async () => {
  const foreign = String((await daemon({}, 'fabrikam.onmicrosoft.com')).body['access_token']);
  assert.equal((await callerOf(foreign)).tenantId, house.fabrikam.tenant.id);
  const { signing } = await house.fabrikam.oidc.keys.ring();
  const posing = { ...claimsOf((await daemon()).body['access_token']), tid };
  assert.match(await refused(signJwt(signing, posing)), /tokenRefused: .*signature/);
  const unknown = { ...posing, tid: '00000000-0000-4000-8000-000000000000' };
  assert.match(await refused(signJwt(signing, unknown)), /tokenRefused: .*tenant/);
});

test('an application that poses as Graph gives out no roles of Graph', async () => {
  const { store } = house.contoso;
  const filter = { op: 'eq', path: ['appId'], value: ids.api } as const;
  const { items } = await store.read((reader) => reader.find({ type: entities.application, filter, limit: 1 }));
  const values = { ...items[0]?.values, appId: graphAppId, identifierUris: [] };
  const posing = { ref: { type: entities.application, id: newId() }, values };
  // Past the directory, which refuses such an application.
  await store.write((transaction) => transaction.insert(posing, system('test')));
  const { status, body } = await daemon({ scope: `api://${graphAppId}/.default` });
  assert.equal(`${status} ${body['error']}`, '400 invalid_scope');
  assert.match(String(body['error_description']), /^AADSTS70011: /);
});

test("a person's tokens do not open Graph", async () => {
  const { body } = await signedIn(house, { scope: `openid ${apiUri}/tasks.read` });
  assert.match(await refused(body['id_token']), /tokenMalformed/);
  assert.match(await refused(body['access_token']), /tokenMalformed/);
  const { signing } = await house.contoso.oidc.keys.ring();
  const slash = { ...claimsOf((await daemon()).body['access_token']), iss: `${origin}/${tid}/v2.0/` };
  assert.match(await refused(signJwt(signing, slash)), /tokenRefused: .*issuer/);
});

test('userinfo answers for the client itself, and for nobody else', async () => {
  const ask = (token: unknown, flow = 'b2c_1_susi') =>
    house.fetch(`/contoso.onmicrosoft.com/${flow}/openid/v2.0/userinfo`, {
      headers: { authorization: `Bearer ${token}` },
    });
  const own = await signedIn(house, { scope: `openid ${ids.spa}` });
  const answer = await ask(own.body['access_token']);
  assert.equal(answer.status, 200);
  assert.deepEqual(await answer.json(), {
    sub: house.adele.id,
    oid: house.adele.id,
    name: 'Adele Vance',
    given_name: 'Adele',
    emails: ['adele@contoso.example'],
  });
  const forApi = await signedIn(house, { scope: `openid ${apiUri}/tasks.read` });
  for (const token of [forApi.body['access_token'], own.body['id_token'], 'x', '']) {
    const refusedAnswer = await ask(token);
    assert.equal(refusedAnswer.status, 401);
    assert.match(refusedAnswer.headers.get('www-authenticate') ?? '', /invalid_token/);
  }
  assert.equal((await ask(own.body['access_token'], 'b2c_1_signin')).status, 401);
});
