import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Facts } from './facts.ts';
import { secondFactor } from './steps/second-factor.ts';
import { b2cCodes } from './testing/codes.ts';
import { contextFor, type House, openHouse, sender } from './testing/harness.ts';
import { begun, createWalker } from './walk.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

/** A journey on a plan without steps, that somehow knows this much. */
function atTheEnd(facts: Facts) {
  const plan = { flowId: 'B2C_1_susi', version: '1', steps: [], rules: { codes: b2cCodes }, providers: [] };
  const client = { appId: 'a', displayName: 'A' };
  const about = { flowId: 'B2C_1_susi', hostRef: 'uid', client, sender, correlationId: 'c' };
  const start = { ...about, uiLocales: [], acceptLanguages: [] };
  const journey = begun(plan, start, { browserSecret: 's', locales: [], now: house.clock.now() });
  const walker = createWalker({ ...contextFor(house, facts), absences: { begin: async () => undefined } }, 't', 's');
  return walker.enter({ journey: { ...journey, facts } });
}

test('a plan that ends without anybody having proved who they are lets nobody in', async () => {
  const unproved = { code: 'flows.unproved' };
  await assert.rejects(atTheEnd({}), unproved);
  await assert.rejects(atTheEnd({ intent: 'signIn', emailHint: 'adele@contoso.example' }), unproved);
});

test('nobody arrives while a new password or a second factor is owed', async () => {
  const userId = 'adele';
  await assert.rejects(atTheEnd({ userId, amr: ['pwd'], mustChangePassword: 'expired' }), { code: 'flows.unproved' });
  await assert.rejects(atTheEnd({ userId, amr: ['pwd'], secondFactor: 'required' }), { code: 'flows.unproved' });
  assert.equal((await atTheEnd({ userId, amr: ['pwd'] })).ending?.kind, 'arrive');
});

test('a second factor is asked of nobody who has not proved the first one, whatever plan it stands in', async () => {
  const passkeys = { userVerification: 'preferred', countsAsSecondFactor: false } as const;
  const settings = { method: 'phone', areRecoveryCodesOffered: false, passkeys } as const;
  for (const facts of [{}, { userId: 'adele' }, { userId: 'adele', amr: [] }, { amr: ['pwd'] }] satisfies Facts[]) {
    await assert.rejects(async () => secondFactor.enter(contextFor(house, facts), settings), {
      code: 'flows.unproved',
    });
  }
});
