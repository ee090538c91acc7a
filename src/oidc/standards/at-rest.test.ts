/** What a stolen copy of the database is good for: nothing that opens anything may stand in it. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertionClaims, createSigner, keySet, withAssertion } from '../testing/assertion.ts';
import { ask, configure } from '../testing/client.ts';
import { dpopProof } from '../testing/dpop.ts';
import { type House, ids, openHouse } from '../testing/harness.ts';
import { authorizeUrl, postToken, redemption, signedIn } from '../testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

test('codes of devices, names of pushed requests, proofs and revoked tokens are stored as digests', async (t) => {
  const signer = createSigner('ES256', 'one');
  await configure(house, ids.native, { isDeviceFlowAllowed: true });
  await configure(house, ids.web, { jwks: keySet(signer), isIntrospectionAllowed: true });
  await configure(house, ids.spa, { isRevocationAllowed: true });
  const { body: tokens } = await signedIn(house, { scope: `openid offline_access ${ids.spa}` });
  await configure(house, ids.spa, { tokenBinding: 'dpop' });
  const { ephemeral } = house.contoso.store;
  const names = ['put', 'together', 'increment'] as const;
  const written = names.map((name) => t.mock.method(ephemeral, name));

  const device = (await ask(house, 'devicecode', { client_id: ids.native, scope: 'openid' })).body;
  const pushed = (await ask(house, 'par', Object.fromEntries(new URL(authorizeUrl()).searchParams))).body;
  const [assertionId, proofId] = ['the-id-of-an-assertion', 'the-id-of-a-proof'];
  const assertion = signer.sign(assertionClaims(house.clock.now(), { jti: assertionId }));
  assert.equal((await ask(house, 'introspect', { token: 'x', ...withAssertion(assertion) })).status, 200);
  const dpop = dpopProof(signer, house.clock.now(), { jti: proofId });
  await postToken(house, redemption('unknown'), { headers: { dpop } });
  const accessToken = String(tokens['access_token']);
  assert.equal((await ask(house, 'revoke', { client_id: ids.spa, token: accessToken })).status, 200);

  const stored = JSON.stringify(written.flatMap(({ mock }) => mock.calls.map((call) => call.arguments)));
  const userCode = String(device['user_code']);
  const secrets = [
    String(device['device_code']),
    userCode,
    userCode.replace('-', ''),
    String(pushed['request_uri']).split(':').at(-1) ?? '',
    assertionId,
    assertion,
    proofId,
    dpop,
    accessToken,
  ];
  assert.ok(
    stored.includes('oidc.DeviceCode') && stored.includes('oidc.PushedRequest') && stored.includes('oidc.Proof'),
  );
  for (const secret of secrets) assert.ok(secret.length > 7 && !stored.includes(secret), secret.slice(0, 30));
});
