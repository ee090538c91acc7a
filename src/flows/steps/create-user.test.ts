import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from '../facts.ts';
import type { AccountKind } from '../local-accounts.ts';
import type { StepContext } from '../step.ts';
import { contextFor, type House, openHouse } from '../testing/harness.ts';
import { createUser } from './create-user.ts';

const contextOf = (house: House, facts: Facts): StepContext => contextFor(house, facts);

const settings = (accounts: readonly AccountKind[], proof = true) => ({
  accounts,
  providers: [],
  email: { label, proof },
});
const label = { id: 'attribute.email' };

test('createUser refuses to run without what proves the person, whatever plan it stands in', async () => {
  const house = await openHouse();
  const email = 'ada@contoso.example';
  const passwordHash = await house.identity.hashPassword('Correct-horse-7');
  const unproved = { code: 'flows.unproved', status: 500 };
  const enter = (facts: Facts, emailProof: boolean) =>
    createUser.enter(contextOf(house, facts), settings(['emailWithPassword'], emailProof));
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

test('createUser makes no account of a kind that the flow does not offer, or whose own proof is missing', async () => {
  const house = await openHouse();
  const all = settings(['emailWithPassword', 'userName', 'phone', 'emailCode']);
  const passwordHash = await house.identity.hashPassword('Correct-horse-7');
  const number = '+4915123456789';
  const email = 'ada@contoso.example';
  const proved = { provedEmails: [email], provedPhones: [number] };
  const unproved: readonly Facts[] = [
    { accountKind: 'phone', signInName: number, provedPhones: ['+4915123456780'] },
    { accountKind: 'phone', signInName: number, ...proved, recoveryEmail: 'eve@contoso.example' },
    { accountKind: 'emailCode', signInName: email, provedEmails: ['eve@contoso.example'] },
    { accountKind: 'emailWithPassword', signInName: email, ...proved },
    { accountKind: 'userName', signInName: 'ada', passwordHash, ...proved },
    { accountKind: 'userName', signInName: 'ada', passwordHash, recoveryEmail: 'eve@contoso.example', ...proved },
    { accountKind: 'userName', signInName: 'ada', recoveryEmail: email, ...proved },
  ];
  for (const facts of unproved) {
    await assert.rejects(createUser.enter(contextOf(house, facts), all), { code: 'flows.unproved' });
  }
  const ofPhone: Facts = { accountKind: 'phone', signInName: number, ...proved };
  await assert.rejects(createUser.enter(contextOf(house, ofPhone), settings(['emailCode'])), {
    code: 'flows.unproved',
  });
  assert.equal((await createUser.enter(contextOf(house, ofPhone), all)).kind, 'next');
  const again = await createUser.enter(contextOf(house, ofPhone), all);
  assert.equal(again.kind === 'show' && again.screen.id, 'phoneSignUp');
  await house.close();
});
