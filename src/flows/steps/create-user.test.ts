import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from '../journey.ts';
import type { StepContext } from '../step.ts';
import { contextFor, type House, openHouse } from '../testing/harness.ts';
import { createUser } from './create-user.ts';

const contextOf = (house: House, facts: Facts): StepContext => contextFor(house, facts);

test('createUser refuses to run without what proves the person, whatever plan it stands in', async () => {
  const house = await openHouse();
  const email = 'ada@contoso.example';
  const passwordHash = await house.identity.hashPassword('Correct-horse-7');
  const unproved = { code: 'flows.unproved', status: 500 };
  const enter = (facts: Facts, emailProof: boolean) => createUser.enter(contextOf(house, facts), { emailProof });
  await assert.rejects(enter({}, false), unproved);
  await assert.rejects(enter({ emailHint: email, passwordHash }, false), unproved);
  await assert.rejects(enter({ signInName: email }, false), unproved);
  await assert.rejects(enter({ signInName: email, passwordHash }, true), unproved);
  await assert.rejects(
    enter({ signInName: email, passwordHash, provedEmails: ['eve@contoso.example'] }, true),
    unproved,
  );
  assert.equal(await house.identity.findBySignInName(email), undefined);
  const outcome = await enter({ signInName: 'Ada@contoso.example', passwordHash, provedEmails: [email] }, true);
  const user = await house.identity.findBySignInName(email);
  assert.deepEqual(outcome, { kind: 'next', learned: { userId: user?.id, newUser: true } });
  await house.close();
});
