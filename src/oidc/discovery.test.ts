import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ageClaims, claimNames } from '../identity/index.ts';
import { system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { type House, openHouse, origin } from './testing/harness.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

type Document = Readonly<Record<string, unknown>>;

const tid = '775527ff-9a37-4307-8b3d-cc311f58d925';

async function get(path: string): Promise<Document> {
  const response = await house.fetch(path, { headers: { origin: 'https://any.example' } });
  assert.equal(response.status, 200, path);
  assert.equal(response.headers.get('access-control-allow-origin'), '*', path);
  return (await response.json()) as Document;
}

const endpoints = (base: string, query = ''): Document => ({
  authorization_endpoint: `${origin}${base}/oauth2/v2.0/authorize${query}`,
  token_endpoint: `${origin}${base}/oauth2/v2.0/token${query}`,
  end_session_endpoint: `${origin}${base}/oauth2/v2.0/logout${query}`,
  jwks_uri: `${origin}${base}/discovery/v2.0/keys${query}`,
});

/** Path asked, and the endpoints in it: tenant form and policy form are kept, the flow is in lower case. */
const forms: Readonly<Record<string, Document>> = {
  '/contoso.onmicrosoft.com/B2C_1_susi': endpoints('/contoso.onmicrosoft.com/b2c_1_susi'),
  '/contoso.onmicrosoft.com/b2c_1_susi': endpoints('/contoso.onmicrosoft.com/b2c_1_susi'),
  '/Contoso.OnMicrosoft.com/B2C_1_SUSI': endpoints('/contoso.onmicrosoft.com/b2c_1_susi'),
  [`/${tid}/B2C_1_susi`]: endpoints(`/${tid}/b2c_1_susi`),
  [`/${tid.toUpperCase()}/B2C_1_susi`]: endpoints(`/${tid}/b2c_1_susi`),
  '/tfp/contoso.onmicrosoft.com/B2C_1_susi': endpoints('/tfp/contoso.onmicrosoft.com/b2c_1_susi'),
  [`/TFP/${tid}/b2c_1_susi`]: endpoints(`/tfp/${tid}/b2c_1_susi`),
};

for (const [path, expected] of Object.entries(forms)) {
  test(`discovery at ${path} answers in the same form`, async () => {
    const document = await get(`${path}/v2.0/.well-known/openid-configuration`);
    assert.deepEqual(document, { ...document, ...expected });
    assert.equal(document['issuer'], `${origin}/${tid}/v2.0/`);
    for (const url of Object.values(expected))
      assert.notEqual((await house.fetch(String(url))).status, 404, String(url));
  });
}

for (const base of ['/contoso.onmicrosoft.com', '/tfp/contoso.onmicrosoft.com', `/tfp/${tid}`]) {
  test(`discovery at ${base} by ?p= answers in the same form`, async () => {
    const path = `${base}/v2.0/.well-known/openid-configuration?p=B2C_1_susi&x-client-SKU=passport`;
    const document = await get(path);
    const expected = endpoints(base, '?p=b2c_1_susi');
    assert.deepEqual(document, { ...document, ...expected });
    assert.equal(document['userinfo_endpoint'], `${origin}${base}/openid/v2.0/userinfo?p=b2c_1_susi`);
    const { pathname, search } = new URL(String(expected['jwks_uri']));
    assert.ok(Array.isArray((await get(pathname + search))['keys']));
  });
}

test('every application claim is listed once, and so are the claims of the protocol', async () => {
  const document = await get('/contoso.onmicrosoft.com/b2c_1_susi/v2.0/.well-known/openid-configuration');
  const listed = document['claims_supported'] as string[];
  assert.deepEqual(listed, [...new Set(listed)]);
  const unasked: readonly string[] = ['idp_access_token', ...ageClaims];
  const names = claimNames().filter((name) => !unasked.includes(name));
  for (const name of [...names, 'sub', 'oid', 'tfp', 'auth_time']) assert.ok(listed.includes(name), name);
});

test('the members are those of B2C, userinfo, and what the standards add', async () => {
  const document = await get('/contoso.onmicrosoft.com/b2c_1_susi/v2.0/.well-known/openid-configuration');
  assert.deepEqual(Object.keys(document), [
    'issuer',
    'authorization_endpoint',
    'token_endpoint',
    'end_session_endpoint',
    'jwks_uri',
    'introspection_endpoint',
    'userinfo_endpoint',
    'revocation_endpoint',
    'pushed_authorization_request_endpoint',
    'device_authorization_endpoint',
    'response_modes_supported',
    'response_types_supported',
    'authorization_response_iss_parameter_supported',
    'backchannel_logout_supported',
    'backchannel_logout_session_supported',
    'scopes_supported',
    'claims_supported',
    'subject_types_supported',
    'id_token_signing_alg_values_supported',
    'token_endpoint_auth_methods_supported',
    'token_endpoint_auth_signing_alg_values_supported',
    'dpop_signing_alg_values_supported',
  ]);
});

test('a flow with an issuer of its own names it', async () => {
  const document = await get('/contoso.onmicrosoft.com/B2C_1_strict/v2.0/.well-known/openid-configuration');
  assert.equal(document['issuer'], `${origin}/tfp/${tid}/b2c_1_strict/v2.0/`);
});

test('keys and metadata of a flow are answered without asking the store again, until the flow changes', async (t) => {
  const { store, directory } = house.contoso;
  const base = '/contoso.onmicrosoft.com/b2c_1_changing';
  const type = entities.b2cIdentityUserFlow;
  const by = system('test');
  const draft = { id: 'B2C_1_changing', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 };
  await directory.create(by, type, draft);
  await get(`${base}/v2.0/.well-known/openid-configuration`);
  await get(`${base}/discovery/v2.0/keys`);
  const reads = t.mock.method(store, 'read');
  await get('/contoso.onmicrosoft.com/B2C_1_Changing/v2.0/.well-known/openid-configuration');
  await get(`${base}/discovery/v2.0/keys`);
  assert.equal(reads.mock.callCount(), 0);
  await directory.update(by, { type, id: draft.id }, { tokenClaimsConfiguration: { isIssuerEntityUserFlow: true } });
  const { issuer } = await get(`${base}/v2.0/.well-known/openid-configuration`);
  assert.equal(issuer, `${origin}/tfp/${tid}/b2c_1_changing/v2.0/`);
  await directory.remove(by, { type, id: draft.id });
  assert.equal((await house.fetch(`${base}/discovery/v2.0/keys`)).status, 404);
});

test("the tenant's own authority has an issuer without a slash", async () => {
  const document = await get('/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration');
  assert.deepEqual(document, {
    ...document,
    issuer: `${origin}/${tid}/v2.0`,
    ...endpoints('/contoso.onmicrosoft.com'),
  });
});

test('the keys are public halves with kid and without alg, the same for all flows of a tenant and no other', async () => {
  const { keys } = (await get('/contoso.onmicrosoft.com/b2c_1_susi/discovery/v2.0/keys')) as { keys: Document[] };
  assert.equal(keys.length, 1);
  assert.deepEqual(Object.keys(keys[0] ?? {}), ['kid', 'nbf', 'use', 'kty', 'e', 'n']);
  const own = await get('/contoso.onmicrosoft.com/discovery/v2.0/keys');
  assert.deepEqual(own['keys'], keys);
  const other = await get('/fabrikam.onmicrosoft.com/b2c_1_susi/discovery/v2.0/keys');
  assert.notDeepEqual(other['keys'], keys);
});

test('unknown tenants and flows are refused in JSON', async () => {
  const noTenant = await house.fetch('/nobody.example/b2c_1_susi/v2.0/.well-known/openid-configuration');
  assert.equal(noTenant.status, 400);
  assert.match(((await noTenant.json()) as { error_description: string }).error_description, /^AADSTS90002: /);
  const noFlow = await house.fetch('/contoso.onmicrosoft.com/b2c_1_none/v2.0/.well-known/openid-configuration');
  assert.equal(noFlow.status, 404);
  assert.match(((await noFlow.json()) as { error_description: string }).error_description, /^AADB2C90066: /);
});

test('only addresses of the protocol are answered', () => {
  for (const path of [
    '/',
    '/beta/users',
    '/journey/x/y',
    '/contoso/x',
    '/portal/',
    '/a/b/c/oauth2/v2.0/token',
    '/contoso/%zz/oauth2/v2.0/token',
  ]) {
    assert.equal(house.face.answers(new URL(path, origin)), false, path);
  }
});
