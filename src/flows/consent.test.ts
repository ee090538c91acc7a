import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from './facts.ts';
import { createGuest } from './guests/create-guest.ts';
import { createUser } from './steps/create-user.ts';
import { contextFor, openHouse } from './testing/harness.ts';

const guest: Facts = {
  intent: 'signUp',
  amr: ['fed'],
  foreign: { provider: 'Google-OAUTH', issuer: 'google.com', issuerAssignedId: '7', isEmailVerified: false },
};
const local: Facts = { intent: 'signUp', signInName: 'eve@contoso.example', passwordHash: 'x', amr: ['pwd'] };

test('whoever has to agree must have agreed in this journey, whatever the plan says before an account is made', async (t) => {
  const house = await openHouse();
  t.after(() => house.close());
  const email = { label: { literal: 'Email' }, proof: false };
  const agreements: readonly Facts[] = [{}, { isApproved: true }, { isAccepted: true }];
  const needed = { needsApproval: true, needsAcceptance: true } as const;
  const makeGuest = (facts: Facts) =>
    createGuest.enter(contextFor(house, { ...guest, ...facts }), {
      ...needed,
      providers: ['Google-OAUTH'],
      userType: 'Guest',
      unwritten: [],
    });
  const makeUser = (facts: Facts) =>
    createUser.enter(contextFor(house, { ...local, ...facts }), {
      ...needed,
      accounts: ['emailWithPassword'],
      providers: [],
      email,
    });
  for (const facts of agreements) {
    await assert.rejects(makeGuest(facts), { code: 'flows.unproved' });
    await assert.rejects(makeUser(facts), { code: 'flows.unproved' });
  }
  const all: Facts = { isApproved: true, isAccepted: true };
  assert.equal((await makeUser(all)).kind, 'next');
});
