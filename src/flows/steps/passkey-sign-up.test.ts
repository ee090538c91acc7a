import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SoftwareAuthenticator } from '../../../test/support/software-authenticator.ts';
import type { Facts } from '../facts.ts';
import {
  codeFor,
  contextFor,
  fieldOf,
  type House,
  messagesOf,
  newPasswords,
  password,
  prove,
  sender,
  type Visitor,
} from '../testing/harness.ts';
import {
  actions,
  beginAt,
  equipped,
  lastArrival,
  make,
  newEmail,
  openPasskeyHouse,
  optionsOf,
  origin,
  passkeysOf,
  present,
  use,
} from '../testing/passkeys.ts';
import { createUser } from './create-user.ts';
import { passkeySignUp } from './passkey-sign-up.ts';

let house: House;

before(async () => {
  house = await openPasskeyHouse();
});
after(() => house.close());

describe('signing up with a passkey', () => {
  /** Up to the page that makes the passkey. */
  async function choosePasskey(flow: string, email: string): Promise<Visitor> {
    const visitor = await beginAt(house, flow);
    await prove(house, visitor, email);
    await visitor.press('withPasskey', { email });
    return visitor;
  }

  test('makes an account without a password, in which only the passkey lets in', async () => {
    const email = newEmail();
    const device = new SoftwareAuthenticator(origin);
    const visitor = await choosePasskey('optional', email);
    assert.deepEqual(actions(visitor.screen), ['usePassword', 'cancel']);
    const { name } = optionsOf(visitor.screen)['user'] as { name: string };
    assert.equal(name, email);
    assert.equal(await house.identity.findBySignInName(email), undefined);
    await make(visitor, device, { isUserPresent: false });
    assert.deepEqual(messagesOf(visitor.screen), ['localaccountsignup.passkey_failed']);
    await make(visitor, device, { isBackupEligible: true });
    assert.equal(visitor.move.kind, 'go');
    assert.deepEqual([lastArrival(house).newUser, lastArrival(house).amr], [true, ['swk', 'user']]);
    const user = present(await house.identity.findBySignInName(email));
    assert.deepEqual([user.id, user.passwordHash], [lastArrival(house).userId, null]);
    assert.equal((await passkeysOf(house, user.id)).length, 1);

    const next = await beginAt(house, 'optional');
    await next.press('next', { email, password: '' });
    await next.press('next', { email, password });
    assert.deepEqual(messagesOf(next.screen), ['signuporsignin.DefaultMessage']);
    await use(next, device, { isBackupEligible: true });
    assert.deepEqual([lastArrival(house).newUser, lastArrival(house).userId], [false, user.id]);
  });

  test('lets people think better of it, back and forth, and needs no script for a password', async () => {
    const email = newEmail();
    const visitor = await choosePasskey('optional', email);
    await visitor.press('usePassword');
    await visitor.press('usePasskey');
    await visitor.press('usePassword');
    await visitor.press('continue', { newPassword: 'Correct-horse-7', reenterPassword: 'other' });
    assert.ok(fieldOf(visitor.screen, 'reenterPassword')?.errors);
    await visitor.press('continue', newPasswords);
    assert.deepEqual(actions(visitor.screen), ['notNow'], 'the new account is offered a passkey');
    await visitor.press('notNow');
    assert.deepEqual(lastArrival(house).amr, ['pwd']);
    assert.equal((await house.identity.provePassword(email, newPasswords.newPassword)).kind, 'proved');
  });

  test('goes with user names, and with the account made before the second factor', async () => {
    const visitor = await beginAt(house, 'names');
    const address = newEmail();
    await prove(house, visitor, address);
    await visitor.press('withPasskey', { email: address, UserId: '' });
    assert.ok(fieldOf(visitor.screen, 'UserId')?.errors);
    await visitor.press('withPasskey', { email: address, UserId: 'nadia' });
    await make(visitor, new SoftwareAuthenticator(origin));
    const nadia = present(await house.identity.findBySignInName('nadia'));
    assert.deepEqual([nadia.passwordHash, nadia.recoveryEmail], [null, address]);

    const early = await choosePasskey('early', newEmail());
    await make(early, new SoftwareAuthenticator(origin));
    assert.equal(early.move.kind, 'go');
    assert.deepEqual(lastArrival(house).amr, ['hwk', 'user', 'mfa']);
    assert.equal((await passkeysOf(house, lastArrival(house).userId)).length, 1);
  });

  test('is not there where the flow wants a password, nor where the browser can have none', async () => {
    const visitor = await beginAt(house, 'enrol');
    const email = newEmail();
    await prove(house, visitor, email);
    await visitor.press('withPasskey', { email });
    assert.deepEqual(messagesOf(visitor.screen), ['error.screenChanged']);
    const away = await beginAt(house, 'optional', { sender: { ...sender, origin: 'https://10.0.0.1' } });
    const { journeyId, browserSecret } = away;
    await house.flows.answer(
      journeyId,
      browserSecret,
      1,
      { action: 'createAccount', values: {} },
      { ...sender, origin: 'https://10.0.0.1' },
    );
    await away.look();
    assert.ok(!actions(away.screen).includes('withPasskey'));
  });

  test('is no way around the password: no step takes a passkey for made that was not', async () => {
    const facts: Facts = { intent: 'signUp', signInName: 'x@contoso.example', provedEmails: ['x@contoso.example'] };
    const email = { label: { literal: 'E-mail' }, proof: true };
    const accounts = ['emailWithPassword'] as const;
    const enrolled = [{ kind: 'email', content: 'x@contoso.example' }] as const;
    const unproved = { code: 'flows.unproved' };
    const optional = { accounts, providers: [], email, isPasswordOptional: true } as const;
    await assert.rejects(createUser.enter(contextFor(house, facts), optional), unproved);
    await assert.rejects(createUser.enter(contextFor(house, { ...facts, enrolled }), optional), unproved);
    const settings = { userVerification: 'preferred', countsAsSecondFactor: false } as const;
    await assert.rejects(passkeySignUp.enter(contextFor(house, {}), settings), unproved);
    const { device } = await equipped(house);
    const key = present(device.keys[0]);
    const visitor = await choosePasskey('optional', newEmail());
    await make(visitor, new SoftwareAuthenticator(origin), { credentialId: key.id });
    assert.deepEqual(messagesOf(visitor.screen), ['localaccountsignup.passkey_failed']);
  });

  test('does not keep anybody from setting a password who has lost the passkey', async () => {
    const email = newEmail();
    const visitor = await choosePasskey('optional', email);
    await make(visitor, new SoftwareAuthenticator(origin));
    house.clock.advance(60);
    const reset = await beginAt(house, 'optional');
    await reset.press('forgotPassword', { email });
    await reset.press('emailVerificationControl_but_send_code', { email });
    const emailVerificationCode = codeFor(house, email);
    await reset.press('emailVerificationControl_but_verify_code', { email, emailVerificationCode });
    if (!fieldOf(reset.screen, 'newPassword')) await reset.press('continue', { email });
    await reset.press('continue', newPasswords);
    assert.equal(reset.move.kind, 'go');
    assert.equal((await house.identity.provePassword(email, newPasswords.newPassword)).kind, 'proved');
  });
});
