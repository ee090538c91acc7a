/** What strangers send as proofs: refused in the words of the protocol, whatever it is. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { encodePart } from '../jwt.ts';
import { withAssertion } from '../testing/assertion.ts';
import { ask, configure } from '../testing/client.ts';
import { type House, ids, openHouse } from '../testing/harness.ts';
import { postToken, redemption } from '../testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
  await configure(house, ids.spa, { tokenBinding: 'dpop' });
});
after(() => house.close());

const jwk = fc.oneof(
  fc.jsonValue(),
  fc.record({
    kty: fc.constantFrom('EC', 'RSA', 'OKP', 'oct'),
    crv: fc.string(),
    x: fc.string(),
    n: fc.string(),
    e: fc.string(),
  }),
);
const header = fc.record({
  alg: fc.constantFrom('ES256', 'RS256', 'PS256', 'EdDSA', 'none', 'HS256'),
  typ: fc.constantFrom('dpop+jwt', 'JWT'),
  jwk,
  kid: fc.jsonValue(),
});
const part = fc.oneof(header.map(encodePart), fc.jsonValue().map(encodePart), fc.base64String());
const token = fc.oneof(
  fc.tuple(part, part, fc.base64String()).map((parts) => parts.join('.').replaceAll(/[+/=]/g, '')),
  fc.string({ unit: 'grapheme-ascii' }),
);

test('no proof of a key makes the server fail', async () => {
  await fc.assert(
    fc.asyncProperty(token, async (sent) => {
      const dpop = sent.trim();
      const { status, body } = await postToken(house, redemption('x'), { headers: dpop === '' ? {} : { dpop } });
      assert.deepEqual([status, body['error']], [400, 'invalid_dpop_proof']);
    }),
    { numRuns: 200 },
  );
});

test('no assertion makes the server fail', async () => {
  await fc.assert(
    fc.asyncProperty(token, async (sent) => {
      const assertion = sent === '' ? 'x' : sent;
      const form = { client_id: ids.web, token: 'x', ...withAssertion(assertion) };
      const { status, body } = await ask(house, 'introspect', form);
      assert.deepEqual([status, body['error']], [401, 'invalid_client']);
    }),
    { numRuns: 200 },
  );
});
