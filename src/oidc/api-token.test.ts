import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { adjustableClock } from '../kernel/index.ts';
import { createApiTokens } from './api-token.ts';
import type { Application, Clients } from './clients.ts';
import { decodeJwt } from './jwt.ts';
import { openHouse } from './testing/harness.ts';

const api = '77777777-7777-4777-8777-777777777777';
const resource = `api://events.contoso.example/${api}`;
const origin = 'https://login.example';

async function bench(t: Pick<TestContext, 'after'>, apps: readonly Partial<Application>[]) {
  const house = await openHouse();
  t.after(() => house.close());
  const clock = adjustableClock({ now: () => 1_800_000_000 });
  const find: Clients['find'] = async (appId) => apps.find((app) => app.appId === appId) as Application | undefined;
  const tokens = createApiTokens({
    tenantId: 't',
    keys: house.contoso.oidc.keys,
    clients: { find },
    clock,
    issuerOf: (asked) => `${asked}/t/v2.0`,
  });
  const tokenAt = async (asked = origin, resourceId = resource): Promise<string> => {
    const token = await tokens.tokenFor(resourceId, asked);
    assert.ok(token.kind === 'token');
    return token.value;
  };
  return { clock, tokens, tokenAt };
}

test('a token for an API says who calls, for whom and for how long', async (t) => {
  const { tokenAt } = await bench(t, [{ appId: api }]);
  const { payload } = decodeJwt(await tokenAt()) ?? assert.fail('not a token');
  const service = '99045fe1-7639-4a75-9d4a-577b6ca3810f';
  const { aud, iss, azp, appid, exp, nbf, ver, roles, scp } = payload;
  assert.deepEqual([aud, iss, azp, appid, ver], [api, `${origin}/t/v2.0`, service, service, '2.0']);
  assert.deepEqual([nbf, exp, roles, scp], [1_800_000_000, 1_800_000_600, undefined, undefined]);
});

test('a token is used again until it is nearly over, and each origin has its own', async (t) => {
  const { clock, tokenAt } = await bench(t, [{ appId: api }]);
  const first = await tokenAt();
  clock.advance(539);
  assert.equal(await tokenAt(), first);
  assert.notEqual(await tokenAt('https://login.other.example'), first);
  clock.advance(1);
  assert.notEqual(await tokenAt(), first);
});

test('there is none for what is no application, is switched off, or is Graph', async (t) => {
  const graph = '00000003-0000-0000-c000-000000000000';
  const { tokens } = await bench(t, [{ appId: api, isDisabled: true }, { appId: graph }]);
  assert.deepEqual(await tokens.tokenFor(resource, origin), { kind: 'none', isDisabled: true });
  const nobody = { kind: 'none', isDisabled: false };
  for (const other of ['api://events.contoso.example/nobody', api, `api://graph.example/${graph}`, ''])
    assert.deepEqual(await tokens.tokenFor(other, origin), nobody, other);
});
