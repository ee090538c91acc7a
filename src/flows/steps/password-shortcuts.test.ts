import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { User } from '../../identity/index.ts';
import {
  addUser,
  codeFor,
  createFlow,
  type House,
  newPasswords,
  openHouse,
  otherThan,
  password,
  seed,
  type Visitor,
} from '../testing/harness.ts';
import { resetNames } from '../testing/people.ts';

const [victim, own] = ['victim@contoso.example', 'attacker@contoso.example'];
const names = resetNames;
const flows = ['B2C_1_reset', 'B2C_1_byname', 'B2C_1_inflow'];

type Play = (visitor: Visitor, house: House) => Promise<unknown>;

/** All that somebody can press who reads one mailbox of their own and knows the password of nobody else. */
const plays: Readonly<Record<string, Play>> = {
  'forgot, of the victim': (v) => v.press('forgotPassword', { email: victim }),
  'forgot, of mine': (v) => v.press('forgotPassword', { email: own }),
  'name the victim': (v) => v.press('continue', { UserId: 'victim' }),
  'name myself': (v) => v.press('continue', { UserId: 'attacker' }),
  'send to the victim': (v) => v.press(names.send, { email: victim }),
  'send to me': (v) => v.press(names.send, { email: own }),
  'resend for the victim': (v) => v.press(names.resend, { email: victim }),
  'my code': (v, house) => v.press(names.verify, { email: own, emailVerificationCode: codeFor(house, own) }),
  'my code for the victim': (v, house) =>
    v.press(names.verify, { email: victim, emailVerificationCode: codeFor(house, own) }),
  'my code, continue as the victim': (v, house) =>
    v.press('continue', { email: victim, UserId: 'victim', emailVerificationCode: codeFor(house, own) }),
  guess: (v, house) =>
    v.press(names.verify, { email: victim, emailVerificationCode: otherThan(codeFor(house, victim)) }),
  'change to the victim': (v) => v.press(names.edit, { email: victim }),
  'continue as the victim': (v) => v.press('continue', { email: victim }),
  'continue as me': (v) => v.press('continue', { email: own }),
  'set a password': (v) => v.press('continue', newPasswords),
  'set one for the victim': (v) => v.press('continue', { ...newPasswords, email: victim, UserId: 'victim' }),
  'sign in as the victim': (v) => v.press('next', { email: victim, password: 'Wrong-password-1' }),
  'look again': (v) => v.look(),
};

async function person(house: House, email: string): Promise<User> {
  const found = await house.identity.findBySignInName(email);
  return found ?? assert.fail(email);
}

test('no way through a reset sets the password of somebody whose mailbox is not read', async () => {
  const house = await openHouse();
  for (const [email, userName] of [
    [victim, 'victim'],
    [own, 'attacker'],
  ] as const) {
    await addUser(house, email);
    const passwordHash = await house.identity.hashPassword(password);
    await house.identity.register(seed, {
      userName,
      recoveryEmail: email,
      passwordHash,
      attributes: {},
    });
  }
  await createFlow(house, 'reset', { userFlowType: 'passwordReset' });
  const settings = { passwordReset: { identifier: 'userName' } };
  await createFlow(house, 'byname', { userFlowType: 'passwordReset', settings });
  const inFlow = { passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: true } };
  await createFlow(house, 'inflow', inFlow);
  const victims = await Promise.all([person(house, victim), person(house, 'victim')]);
  let honest = 0;

  const walk = async (flow: string, steps: readonly string[]): Promise<void> => {
    // The counters for an address belong to the attacker's clock as well: every walk begins with none raised.
    house.clock.advance(3600);
    const visitor = await house.begin(flow);
    for (const step of steps) if (visitor.move.kind === 'show') await plays[step]?.(visitor, house);
    for (const { id, passwordHash } of victims) {
      assert.equal((await house.identity.find(id))?.passwordHash, passwordHash);
      assert.ok(house.host.arrivals.every(({ userId }) => userId !== id));
    }
    honest += house.host.arrivals.length;
    house.host.arrivals.length = 0;
  };
  const honestWay = ['send to me', 'my code', 'continue as me', 'set a password'];
  await walk('B2C_1_reset', honestWay);
  await walk('B2C_1_byname', ['name myself', ...honestWay]);
  await walk('B2C_1_inflow', ['forgot, of mine', ...honestWay]);
  assert.equal(honest, 3, 'who reads the mailbox gets in');

  const anyStep = fc.constantFrom(...Object.keys(plays));
  const anyWalk = fc.tuple(fc.constantFrom(...flows), fc.array(anyStep, { minLength: 2, maxLength: 12 }));
  await fc.assert(
    fc.asyncProperty(anyWalk, ([flow, steps]) => walk(flow, steps)),
    { numRuns: 120 },
  );
  // From a place where much is proved already, so that few steps are missing.
  const prefixes = [['send to me', 'my code'], ['name the victim', 'send to me', 'my code'], ['forgot, of the victim']];
  const nearWalk = fc.tuple(
    fc.constantFrom(...flows),
    fc.constantFrom(...prefixes),
    fc.array(anyStep, { maxLength: 6 }),
  );
  const near = fc.asyncProperty(nearWalk, ([flow, prefix, steps]) => walk(flow, [...prefix, ...steps]));
  await fc.assert(near, { numRuns: 120 });
  await house.close();
});
