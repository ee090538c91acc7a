import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { configure } from '../testing/client.ts';
import { type House, ids, openHouse, origin } from '../testing/harness.ts';

let house: House;
before(async () => {
  house = await openHouse();
  await configure(house, ids.native, { isDeviceFlowAllowed: true, isRevocationAllowed: true });
});
after(() => house.close());

const wellKnown = 'v2.0/.well-known/openid-configuration';

/** What each endpoint says to a public client that is known, and asks for the one thing it can have. */
const expected = {
  pushed_authorization_request_endpoint: 201,
  device_authorization_endpoint: 200,
  revocation_endpoint: 200,
  introspection_endpoint: 401,
} as const;

const form = new URLSearchParams({
  client_id: ids.native,
  redirect_uri: 'myapp://auth',
  response_type: 'code',
  scope: 'openid',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
  token: 'unknown',
}).toString();

test('what the metadata names is there, in every form of address', async () => {
  const tid = house.contoso.tenant.id;
  const forms = [
    `/contoso.onmicrosoft.com/B2C_1_susi/${wellKnown}`,
    `/contoso.onmicrosoft.com/${wellKnown}?p=B2C_1_susi`,
    `/tfp/${tid}/b2c_1_susi/${wellKnown}`,
    `/${tid}/b2c_1_strict/${wellKnown}`,
  ];
  for (const address of forms) {
    const metadata = (await (await house.fetch(`${origin}${address}`)).json()) as Record<string, string>;
    for (const [name, status] of Object.entries(expected)) {
      const url = metadata[name] ?? '';
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await house.fetch(url, { method: 'POST', body: form, headers });
      assert.equal(answer.status, status, `${name} of ${address}: ${await answer.text()}`);
    }
  }
});

test('a pushed request and a device code of one form of address are good in the others', async () => {
  const post = async (path: string) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await house.fetch(`${origin}${path}`, { method: 'POST', body: form, headers });
    return (await answer.json()) as Record<string, string>;
  };
  const pushed = await post('/contoso.onmicrosoft.com/oauth2/v2.0/par?p=b2c_1_susi');
  const params = new URLSearchParams({ client_id: ids.native, request_uri: pushed['request_uri'] ?? '' });
  const tfp = `/tfp/${house.contoso.tenant.id}/b2c_1_susi/oauth2/v2.0`;
  const started = await house.fetch(`${origin}${tfp}/authorize?${params}`);
  assert.equal(started.status, 303);
  const device = await post('/contoso.onmicrosoft.com/oauth2/v2.0/devicecode?p=b2c_1_susi');
  assert.equal(device['verification_uri'], `${origin}/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/deviceauth`);
});

test('the authority of the tenant has all of them too', async () => {
  const document = await (await house.fetch(`${origin}/contoso.onmicrosoft.com/${wellKnown}`)).json();
  assert.deepEqual(
    Object.keys(expected).filter((name) => !(name in (document as object))),
    [],
  );
});
