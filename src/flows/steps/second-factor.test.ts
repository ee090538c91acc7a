import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { newRecoveryCodes, newTotp } from '../../identity/index.ts';
import { entities } from '../../model/index.ts';
import type { Screen } from '../screen.ts';
import {
  codeFor,
  errorsOf,
  messagesOf,
  newPasswords,
  otherThan,
  proofMessagesOf,
  prove,
  seed,
  sender,
  type Visitor,
} from '../testing/harness.ts';
import { actionsOf, openFactorHouse } from '../testing/second-factors.ts';

const number = '+4915112345678';
const mobile = '+4915187654321';
const { house, person, signIn, kinds, lastArrival, nextMinute } = await openFactorHouse();
const codeAt = (secret: string, offset = 0): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: (house.clock.now() + offset) * 1000 });
after(() => house.close());

describe('a second factor of whoever signs up', () => {
  const signUp = async (flow: string, email: string): Promise<Visitor> => {
    const visitor = await house.begin(`B2C_1_${flow}`);
    await prove(house, visitor, email);
    await visitor.press('continue', newPasswords);
    return visitor;
  };

  test('is proved before there is an account', async () => {
    nextMinute();
    const email = 'new1@contoso.example';
    const visitor = await signUp('phone', email);
    assert.equal(visitor.screen.id, 'phonefactor');
    assert.equal(await house.identity.findBySignInName(email), undefined);
    await visitor.press('sendCode', { localNumber: number });
    await visitor.press('verifyCode', { verificationCode: codeFor(house, number) });
    const user = await house.identity.findBySignInName(email);
    assert.deepEqual(await kinds(user?.id ?? ''), ['phone']);
    assert.deepEqual(lastArrival()?.newUser, true);
  });

  test('leaves no account when it is given up, and leaves one in the order of B2C', async () => {
    nextMinute();
    await (await signUp('phone', 'new2@contoso.example')).press('cancel');
    assert.equal(await house.identity.findBySignInName('new2@contoso.example'), undefined);
    await (await signUp('early', 'new3@contoso.example')).press('cancel');
    const early = await house.identity.findBySignInName('new3@contoso.example');
    assert.deepEqual(await kinds(early?.id ?? ''), []);
  });

  test('by e-mail is the code that has proved the address', async () => {
    const email = 'new4@contoso.example';
    const visitor = await signUp('email', email);
    assert.match(visitor.url, /arrived/);
    const user = await house.identity.findBySignInName(email);
    assert.deepEqual(await kinds(user?.id ?? ''), ['email']);
    assert.deepEqual(lastArrival()?.amr, ['pwd', 'otp', 'mfa']);
  });
});

describe('a second factor by e-mail', () => {
  const names = {
    send: 'emailVerificationControl_but_send_code',
    verify: 'emailVerificationControl_but_verify_code',
    code: 'emailVerificationCode',
  };

  test('goes to the address on record, whatever the form names', async () => {
    const { id, email } = await person();
    const visitor = await signIn('email', email);
    assert.equal(visitor.screen.verification?.isFixed, true);
    await visitor.press(names.send, { email: 'eve@attacker.example' });
    assert.equal(house.outbox.messages('eve@attacker.example').length, 0);
    await visitor.press(names.verify, { [names.code]: otherThan(codeFor(house, email)) });
    assert.deepEqual(proofMessagesOf(visitor.screen), ['selfasserted.ver_fail_retry']);
    await visitor.press(names.verify, { email: 'eve@attacker.example', [names.code]: codeFor(house, email) });
    assert.match(visitor.url, /arrived/);
    assert.deepEqual(lastArrival()?.amr, ['pwd', 'otp', 'mfa']);
    assert.deepEqual(await kinds(id), ['email']);
  });
});

describe('a second factor by an authenticator application', () => {
  const secretIn = (screen: Screen): string => {
    const shown = screen.exhibits?.find(({ kind }) => kind === 'secret');
    return shown?.kind === 'secret' ? shown.value : '';
  };

  test('is set up with a picture and a key, and proved with a code', async () => {
    const { id, email } = await person();
    const visitor = await signIn('totp', email);
    const secret = secretIn(visitor.screen);
    const picture = visitor.screen.exhibits?.find(({ kind }) => kind === 'qrCode');
    const uri = new URL(picture?.kind === 'qrCode' ? picture.content : '');
    assert.equal(uri.protocol, 'otpauth:');
    assert.equal(
      decodeURIComponent(uri.pathname),
      `//totp/Contoso <b>&:${email}`.replace('//totp', uri.host === 'totp' ? '' : '//totp'),
    );
    assert.deepEqual([uri.searchParams.get('secret'), uri.searchParams.get('issuer')], [secret, 'Contoso <b>&']);
    await visitor.press('continue', { otpCode: otherThan(codeAt(secret)) });
    assert.deepEqual(errorsOf(visitor.screen), { otpCode: ['selfasserted.totp_wrong'] });
    assert.equal(secretIn(visitor.screen), secret, 'the key stays the same');
    await visitor.press('continue', { otpCode: codeAt(secret) });
    assert.match(visitor.url, /arrived/);
    assert.deepEqual(await kinds(id), ['totp']);

    const again = await signIn('totp', email);
    assert.equal(again.screen.exhibits?.length ?? 0, 0);
    await again.press('continue', { otpCode: codeAt(secret) });
    assert.deepEqual(errorsOf(again.screen), { otpCode: ['selfasserted.totp_spent'] });
    nextMinute();
    await again.press('continue', { otpCode: codeAt(secret) });
    assert.match(again.url, /arrived/);
  });

  test('five wrong codes end the journey, ten in an hour lock the account against others', async () => {
    const { id, email } = await person();
    const { secret } = newTotp('Contoso', email);
    await house.identity.authenticators.add(seed, id, { kind: 'totp', content: secret });
    for (let journey = 0; journey < 2; journey += 1) {
      const visitor = await signIn('totp', email);
      for (let tries = 0; tries < 5; tries += 1) {
        await visitor.press('continue', { otpCode: otherThan(codeAt(secret)) });
      }
      assert.match(visitor.url, /refused/);
      assert.equal(house.host.refusals.at(-1), 'tooManyAttempts');
    }
    const locked = await signIn('totp', email);
    await locked.press('continue', { otpCode: codeAt(secret) });
    assert.deepEqual(messagesOf(locked.screen), ['selfasserted.mfa_throttled']);
  });

  test('whoever has a phone proves it before setting up an application beside it', async () => {
    nextMinute();
    const { id, email } = await person();
    await house.identity.authenticators.add(seed, id, { kind: 'phone', content: mobile });
    const visitor = await signIn('totp', email);
    assert.equal(visitor.screen.id, 'phonefactor');
    await visitor.press('sendCode');
    await visitor.press('verifyCode', { verificationCode: codeFor(house, mobile) });
    await visitor.press('continue', { otpCode: codeAt(secretIn(visitor.screen)) });
    assert.match(visitor.url, /arrived/);
    assert.deepEqual((await kinds(id)).toSorted(), ['phone', 'totp']);
  });
});

describe('a second factor and recovery codes', () => {
  test('are shown once after the factor, each opens once, and new ones come when all are used', async () => {
    nextMinute();
    const { id, email } = await person();
    const visitor = await signIn('recovery', email);
    await visitor.press('sendCode', { localNumber: number });
    await visitor.press('verifyCode', { verificationCode: codeFor(house, number) });
    const shown = visitor.screen.exhibits?.[0];
    const codes = shown?.kind === 'codes' ? shown.values : [];
    assert.equal(codes.length, 10);
    await visitor.press('continue');
    assert.match(visitor.url, /arrived/);
    assert.deepEqual((await kinds(id)).toSorted(), ['phone', 'recoveryCode']);

    const use = async (code: string): Promise<Visitor> => {
      const again = await signIn('recovery', email);
      await again.press('way_recoveryCode');
      assert.ok(actionsOf(again).includes('way_phone'));
      await again.press('continue', { recoveryCode: code.toUpperCase() });
      return again;
    };
    const [first = '', ...rest] = codes;
    assert.match((await use(first)).url, /arrived/);
    assert.deepEqual(errorsOf((await use(first)).screen), { recoveryCode: ['selfasserted.recoveryCode_wrong'] });
    for (const code of rest.slice(0, -1)) assert.match((await use(code)).url, /arrived/);
    assert.equal((await use(rest.at(-1) ?? '')).screen.exhibits?.[0]?.kind, 'codes');
    const usedUp = await signIn('recovery', email);
    assert.deepEqual(messagesOf(usedUp.screen), ['phonefactor.recoveryCodes_usedUp']);
    assert.ok(!actionsOf(usedUp).includes('way_recoveryCode'));
  });

  test('whose method was taken away sets up another after a code of the list', async () => {
    nextMinute();
    const { id, email } = await person();
    const codes = newRecoveryCodes();
    await house.identity.authenticators.add(seed, id, { kind: 'totp', content: newTotp('c', email).secret });
    await house.identity.authenticators.add(seed, id, { kind: 'recoveryCode', content: codes });
    const visitor = await signIn('recovery', email);
    await visitor.press('way_recoveryCode');
    await visitor.press('continue', { recoveryCode: codes[0] ?? '' });
    assert.equal(visitor.screen.fields[0]?.name, 'localNumber');
    await visitor.press('sendCode', { localNumber: number });
    await visitor.press('verifyCode', { verificationCode: codeFor(house, number) });
    assert.match(visitor.url, /arrived/);
  });
});

describe('a second factor that is guessed', () => {
  test('gets no new tries by going to another way and back, and each wrong one stands in the log', async () => {
    nextMinute();
    const { id, email } = await person();
    await house.identity.authenticators.add(seed, id, { kind: 'phone', content: mobile });
    await house.identity.authenticators.add(seed, id, { kind: 'recoveryCode', content: newRecoveryCodes() });
    const visitor = await signIn('recovery', email);
    const logged = house.signIns.length;
    await visitor.press('sendCode');
    const wrong = { verificationCode: otherThan(codeFor(house, mobile)) };
    await visitor.press('verifyCode', wrong);
    await visitor.press('way_recoveryCode');
    await visitor.press('continue', { recoveryCode: 'aaaaa-aaaaa' });
    await visitor.press('way_phone');
    await visitor.press('sendCode');
    await visitor.press('verifyCode', wrong);
    await visitor.press('verifyCode', wrong);
    assert.match(visitor.url, /refused/);
    assert.equal(house.host.refusals.at(-1), 'factorAttempts');
    const told = house.signIns.slice(logged).map(({ user, failure }) => [user?.id, failure?.code]);
    assert.deepEqual(told, Array(3).fill([id, 'AADB2C90156']));
  });

  test('is of no use to whoever was switched off meanwhile', async () => {
    nextMinute();
    const { id, email } = await person();
    await house.identity.authenticators.add(seed, id, { kind: 'phone', content: mobile });
    const visitor = await signIn('phone', email);
    await visitor.press('sendCode');
    await house.directory.update(seed, { type: entities.user, id }, { accountEnabled: false });
    await visitor.press('verifyCode', { verificationCode: codeFor(house, mobile) });
    assert.match(visitor.url, /refused/);
    assert.equal(house.host.refusals.at(-1), 'accountDisabled');
  });
});

describe('a second factor that nothing asks for now', () => {
  test('is offered to whoever has none, and can be put off', async () => {
    const { id, email } = await person();
    const visitor = await signIn('offered', email);
    assert.ok(actionsOf(visitor).includes('skip'));
    await visitor.press('skip');
    assert.match(visitor.url, /arrived/);
    assert.deepEqual(lastArrival()?.amr, ['pwd']);
    assert.deepEqual(await kinds(id), []);
  });

  test('is not asked of whoever has one', async () => {
    const { id, email } = await person();
    await house.identity.authenticators.add(seed, id, { kind: 'phone', content: mobile });
    assert.match((await signIn('offered', email)).url, /arrived/);
  });

  test('cannot be put off where it is asked for', async () => {
    const visitor = await signIn('phone', (await person()).email);
    await visitor.press('skip');
    assert.equal(visitor.screen.id, 'phonefactor');
  });
});

describe('a second factor and single sign-on', () => {
  const glide = (flow: string, userId: string, amr: readonly string[]) => {
    const session = { userId, authTime: house.clock.now() - 60, amr, keepSignedIn: false };
    const client = { appId: 'a', displayName: 'Tasks' };
    const start = { flowId: `B2C_1_${flow}`, client, uiLocales: [], acceptLanguages: [], sender, correlationId: 'c' };
    return house.flows.glide({ ...start, session });
  };

  test('a session that has proved it passes, another one has to show a page', async () => {
    const { id } = await person();
    for (const flow of ['phone', 'email', 'totp', 'recovery']) {
      assert.equal((await glide(flow, id, ['pwd'])).kind, 'page', flow);
      assert.equal((await glide(flow, id, ['pwd', 'sms', 'mfa'])).kind, 'arrive', flow);
    }
    assert.equal((await glide('offered', id, ['pwd'])).kind, 'arrive');
  });

  test('nobody arrives by a session with one factor, whatever is pressed', async () => {
    const { id } = await person();
    const session = { userId: id, authTime: house.clock.now() - 60, amr: ['pwd'], keepSignedIn: false };
    const visitor = await house.begin('B2C_1_phone', { session });
    const arrived = house.host.arrivals.length;
    for (const action of ['verifyCode', 'continue', 'skip', 'way_recoveryCode', 'retryCode', 'changeNumber']) {
      await visitor.press(action, { verificationCode: '000000' });
    }
    assert.equal(house.host.arrivals.length, arrived);
  });

  test('the phone by whose code a session began is no second factor, nor a way to another one', async () => {
    const phoneNumber = '+4915112349999';
    const { id } = await house.identity.register(seed, { phoneNumber, attributes: {} });
    const session = { userId: id, authTime: house.clock.now() - 60, amr: ['sms'], keepSignedIn: false };
    const begun = async () => (await house.begin('B2C_1_phone', { session })).screen;
    const { authenticators } = house.identity;
    assert.equal((await begun()).fields[0]?.name, 'email', 'he sets up another kind');
    await authenticators.add(seed, id, { kind: 'phone', content: phoneNumber });
    assert.equal((await begun()).fields[0]?.name, 'email', 'also when it is on record');
    await authenticators.add(seed, id, { kind: 'totp', content: newTotp('Contoso', phoneNumber).secret });
    const asked = await begun();
    assert.equal(asked.fields[0]?.name, 'otpCode');
    assert.deepEqual(actionsOf({ screen: asked }), ['continue', 'cancel']);
    await authenticators.add(seed, id, { kind: 'phone', content: mobile });
    assert.equal((await begun()).fields[0]?.value, `•••• ${mobile.slice(-4)}`, 'another phone is one');
  });
});
