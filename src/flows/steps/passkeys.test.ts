import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Mischief, SoftwareAuthenticator } from '../../../test/support/software-authenticator.ts';
import type { User } from '../../identity/index.ts';
import { entities } from '../../model/index.ts';
import type { Facts } from '../facts.ts';
import type { Start } from '../host.ts';
import type { Screen } from '../screen.ts';
import {
  codeFor,
  contextFor,
  createFlow,
  fieldOf,
  type House,
  messagesOf,
  newPasswords,
  openHouse,
  password,
  prove,
  seed,
  sender,
  type Visitor,
} from '../testing/harness.ts';
import { createUser } from './create-user.ts';
import { passkeyOffer } from './passkey-offer.ts';
import { passkeySignUp } from './passkey-sign-up.ts';

const origin = 'https://login.example';
const refused = ['signuporsignin.passkey_refused'];

/** Settings of the flows, by id. */
const flows: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  login: { settings: { passkeys: { isSignInAllowed: true } } },
  strict: { settings: { passkeys: { isSignInAllowed: true, userVerification: 'required' } } },
  enrol: { settings: { passkeys: { isSignInAllowed: true, isEnrolmentOffered: true } } },
  optional: {
    settings: { passkeys: { isSignInAllowed: true, isEnrolmentOffered: true, isPasswordOptional: true } },
    passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: true },
  },
  names: {
    authenticationMethods: 'userName',
    settings: { passkeys: { isSignInAllowed: true, isEnrolmentOffered: true, isPasswordOptional: true } },
  },
  early: {
    settings: {
      passkeys: {
        isSignInAllowed: true,
        isEnrolmentOffered: true,
        isPasswordOptional: true,
        countsAsSecondFactor: true,
      },
      isUserCreatedBeforeMultifactor: true,
    },
    multifactorAuthenticationConfiguration: {
      multifactorAuthenticationState: 'on',
      multifactorAuthenticationMethod: 'authenticator',
    },
  },
  mfa: {
    settings: { passkeys: { isSignInAllowed: true, isEnrolmentOffered: true, countsAsSecondFactor: true } },
    multifactorAuthenticationConfiguration: {
      multifactorAuthenticationState: 'on',
      multifactorAuthenticationMethod: 'email',
    },
  },
  single: {
    settings: { passkeys: { isSignInAllowed: true } },
    multifactorAuthenticationConfiguration: {
      multifactorAuthenticationState: 'on',
      multifactorAuthenticationMethod: 'email',
    },
  },
};

let house: House;
let people = 0;

before(async () => {
  house = await openHouse();
  const policy = { type: entities.b2cAuthenticationMethodsPolicy, id: 'b2CAuthenticationMethodsPolicy' };
  await house.directory.update(seed, policy, { isUserNameAuthenticationEnabled: true });
  for (const [id, draft] of Object.entries(flows)) await createFlow(house, id, draft);
});
after(() => house.close());

type Person = User & { readonly email: string };

/** Somebody with a password. */
async function person(): Promise<Person> {
  people += 1;
  const email = `person${people}@contoso.example`;
  const passwordHash = await house.identity.hashPassword(password);
  return { ...(await house.identity.register(seed, { email, passwordHash, attributes: {} })), email };
}

const present = <T>(value: T | undefined): T => {
  assert.ok(value !== undefined);
  return value;
};

/** Somebody with a passkey too. */
async function equipped(device = new SoftwareAuthenticator(origin)) {
  const user = await person();
  const owner = { userId: user.id, name: user.email, displayName: user.email };
  const asked = await house.identity.passkeys.toCreate({ origin, userVerification: 'preferred' }, owner);
  const { challenge, options } = present(asked);
  const made = await house.identity.passkeys.created(challenge, device.create(options), undefined);
  await house.identity.authenticators.add(seed, user.id, { kind: 'passkey', content: present(made).passkey });
  return { user, device };
}

const begin = (flow: string, start: Partial<Start> = {}): Promise<Visitor> => house.begin(`B2C_1_${flow}`, start);
const optionsOf = ({ passkey }: Screen) => present(passkey).options;
const use = (visitor: Visitor, device: SoftwareAuthenticator, mischief: Mischief = {}) =>
  visitor.press('passkey', { passkey: device.get(optionsOf(visitor.screen), mischief) });
const make = (visitor: Visitor, device: SoftwareAuthenticator, mischief: Mischief = {}) =>
  visitor.press('passkey', { passkey: device.create(optionsOf(visitor.screen), mischief) });
const signIn = async (flow: string, email: string): Promise<Visitor> => {
  const visitor = await begin(flow);
  await visitor.press('next', { email, password });
  return visitor;
};
const lastArrival = () => present(house.host.arrivals.at(-1));
const actions = ({ actions: all }: Screen) => all.map(({ name }) => name);
const passkeysOf = async (userId: string) =>
  (await house.identity.authenticators.of(userId)).flatMap((one) => (one.kind === 'passkey' ? [one] : []));

describe('the sign-in page', () => {
  test('offers a passkey where the flow says so, and names none', async () => {
    const { passkey } = (await begin('login')).screen;
    assert.deepEqual([passkey?.ceremony, passkey?.isConditional], ['get', true]);
    assert.deepEqual(passkey?.options['allowCredentials'], []);
    assert.equal(passkey?.options['rpId'], 'login.example');
    assert.equal((await begin('susi')).screen.passkey, undefined);
    const here = { sender: { ...sender, origin: 'https://127.0.0.1:8443' } };
    assert.equal((await begin('login', here)).screen.passkey, undefined);
  });

  test('signs in by a passkey, without a name', async () => {
    const { user, device } = await equipped();
    const visitor = await begin('login');
    await use(visitor, device);
    assert.deepEqual([visitor.move.kind, lastArrival().userId], ['go', user.id]);
    assert.deepEqual(lastArrival().amr, ['hwk', 'user']);
  });

  test('asks anew on every page, and keeps what was typed', async () => {
    const { device } = await equipped();
    const visitor = await begin('login');
    const first = optionsOf(visitor.screen);
    await visitor.press('next', { email: 'nobody@contoso.example', password: 'x' });
    assert.notEqual(optionsOf(visitor.screen)['challenge'], first['challenge']);
    await visitor.press('passkey', { passkey: device.get(first), email: 'typed@contoso.example' });
    assert.deepEqual(messagesOf(visitor.screen), refused);
    assert.equal(fieldOf(visitor.screen, 'email')?.value, 'typed@contoso.example');
  });

  test('gives one answer to whatever is not right, and logs it', async () => {
    const [{ user: closed, device: ofClosed }, { device }] = [await equipped(), await equipped()];
    await house.directory.update(seed, { type: entities.user, id: closed.id }, { accountEnabled: false });
    const stranger = new SoftwareAuthenticator(origin);
    stranger.create({ user: { id: 'AAAA' }, rp: { id: 'login.example' }, challenge: 'AAAA' });
    const other = await begin('login');
    const tries: readonly ((visitor: Visitor) => Promise<unknown>)[] = [
      (visitor) => use(visitor, stranger),
      (visitor) => use(visitor, ofClosed),
      (visitor) => use(visitor, device, { origin: 'https://evil.example' }),
      (visitor) => use(visitor, device, { tampers: true }),
      (visitor) => visitor.press('passkey', { passkey: device.get(optionsOf(other.screen)) }),
      (visitor) => visitor.press('passkey', { passkey: '{}' }),
      (visitor) => visitor.press('passkey'),
    ];
    const screens = [];
    for (const attempt of tries) {
      const visitor = await begin('login');
      await attempt(visitor);
      const { passkey: _new, ...rest } = visitor.screen;
      screens.push(rest);
    }
    assert.deepEqual(messagesOf(present(screens[0] as Screen)), refused);
    for (const screen of screens) assert.deepEqual(screen, screens[0]);
    const codes = house.signIns.slice(-tries.length).map(({ failure }) => failure?.code);
    assert.deepEqual(codes.slice(0, 4), ['AADB2C90053', 'AADB2C90111', 'AADB2C90054', 'AADB2C90054']);
  });

  test('is closed to an answer sent twice, and to eight at once', async () => {
    const { device } = await equipped();
    const visitor = await begin('login');
    const { journeyId, browserSecret } = visitor;
    const input = { action: 'passkey', values: { passkey: device.get(optionsOf(visitor.screen)) } };
    const before = house.host.arrivals.length;
    const moves = await Promise.all(
      Array.from({ length: 8 }, () => house.flows.answer(journeyId, browserSecret, 1, input, sender)),
    );
    assert.equal(house.host.arrivals.length, before + 1);
    assert.ok(moves.every(({ kind }) => kind === 'go'));
    const another = await begin('login');
    await another.press('passkey', input.values);
    assert.deepEqual(messagesOf(another.screen), refused);
  });

  test('locks no account because of passkeys that are not right', async () => {
    const { user, device } = await equipped();
    const visitor = await begin('login');
    for (let count = 0; count < 12; count += 1) await use(visitor, device, { tampers: true });
    await visitor.press('next', { email: user.email, password });
    assert.equal(lastArrival().userId, user.id);
  });

  test('lets in only whom the device has recognised, where the flow requires it', async () => {
    const { device } = await equipped();
    const visitor = await begin('strict');
    assert.equal(optionsOf(visitor.screen)['userVerification'], 'required');
    await use(visitor, device, { isUserVerified: false });
    assert.deepEqual(messagesOf(visitor.screen), refused);
    await use(visitor, device);
    assert.equal(visitor.move.kind, 'go');
    const lax = await begin('login');
    await use(lax, device, { isUserVerified: false });
    assert.equal(lax.move.kind, 'go');
  });

  test('takes no answer larger than any form', async () => {
    const visitor = await begin('login');
    await assert.rejects(visitor.press('passkey', { passkey: ' '.repeat(5000) }), { code: 'flows.inputTooLarge' });
  });
});

describe('a passkey as second factor', () => {
  test('is proved by the sign-in itself where the device has recognised its owner', async () => {
    const { user, device } = await equipped();
    const visitor = await begin('mfa');
    await use(visitor, device);
    assert.equal(visitor.move.kind, 'go');
    assert.deepEqual([lastArrival().userId, lastArrival().amr], [user.id, ['hwk', 'user', 'mfa']]);
  });

  test('is asked for again, with a finger or PIN, where it was not', async () => {
    const { device } = await equipped();
    const visitor = await begin('mfa');
    await use(visitor, device, { isUserVerified: false });
    assert.equal(optionsOf(visitor.screen)['userVerification'], 'required');
    await use(visitor, device, { isUserVerified: false });
    assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.passkey_refused']);
    await use(visitor, device);
    assert.ok(visitor.move.kind === 'go' && lastArrival().amr.includes('mfa'));
  });

  test('does not count where the flow does not say so', async () => {
    const { user, device } = await equipped();
    const visitor = await begin('single');
    await use(visitor, device);
    assert.equal(visitor.screen.passkey, undefined);
    assert.equal(visitor.screen.verification?.state, 'initial');
    await visitor.press('emailVerificationControl_but_send_code');
    await visitor.press('emailVerificationControl_but_verify_code', {
      emailVerificationCode: codeFor(house, user.email),
    });
    if (visitor.move.kind === 'show') await visitor.press('continue');
    assert.deepEqual(lastArrival().amr, ['hwk', 'user', 'otp', 'mfa']);
  });

  test('follows the password of its owner; another’s is refused, and there are other ways', async () => {
    const [{ user, device }, other] = [await equipped(), await equipped()];
    const visitor = await signIn('mfa', user.email);
    const [allowed, ...more] = optionsOf(visitor.screen)['allowCredentials'] as readonly { id: string }[];
    assert.deepEqual([allowed?.id, more.length], [device.keys[0]?.id, 0]);
    const answered = device.get(optionsOf(visitor.screen));
    await use(visitor, other.device);
    assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.passkey_refused']);
    await visitor.press('passkey', { passkey: answered });
    assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.passkey_refused']);
    assert.deepEqual(actions(visitor.screen), ['cancel', 'way_email']);
    await use(visitor, device, { isUserVerified: false });
    assert.equal(visitor.move.kind, 'go');
    assert.deepEqual([lastArrival().userId, lastArrival().amr], [user.id, ['pwd', 'hwk', 'mfa']]);
  });

  test('can be left for another way by whoever has lost it', async () => {
    const { user } = await equipped();
    const visitor = await signIn('mfa', user.email);
    await visitor.press('way_email');
    const { verification } = visitor.screen;
    assert.equal(verification?.state, 'initial');
    assert.equal(visitor.screen.passkey, undefined);
  });
});

describe('the offer of a passkey', () => {
  test('comes after sign-in, makes one, and does not come again to whoever signs in by it', async () => {
    const user = await person();
    const device = new SoftwareAuthenticator(origin);
    const visitor = await signIn('enrol', user.email);
    assert.deepEqual(actions(visitor.screen), ['notNow']);
    assert.equal(visitor.screen.passkey?.ceremony, 'create');
    await make(visitor, device, { origin: 'https://evil.example' });
    assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.passkeyOffer_failed']);
    await make(visitor, device);
    assert.equal(visitor.move.kind, 'go');
    const [kept] = await passkeysOf(user.id);
    assert.equal(kept?.content.displayName, 'Firefox');
    const next = await begin('enrol');
    await use(next, device);
    assert.deepEqual([next.move.kind, lastArrival().userId], ['go', user.id]);
    assert.equal((await signIn('enrol', user.email)).move.kind, 'go', 'a password alone adds no second passkey');
  });

  const offered = async (facts: Facts, journey: Parameters<typeof contextFor>[2] = {}) =>
    (await passkeyOffer.enter(contextFor(house, facts, { sender, ...journey }), enrolment)).kind === 'show';
  const enrolment = { userVerification: 'preferred', countsAsSecondFactor: false } as const;

  test('put off, it stays away from this browser for ninety days', async () => {
    const { id: userId } = await person();
    const facts = { userId, amr: ['pwd'] };
    const at = (device: string | undefined) => ({ sender: { ...sender, device } });
    assert.equal(await offered(facts, at('here')), true);
    const context = contextFor(house, facts, at('here'));
    await passkeyOffer.submit(context, enrolment, { action: 'notNow', values: {} });
    assert.equal(await offered(facts, at('here')), false);
    assert.equal(await offered(facts, at('there')), true);
    assert.equal(await offered(facts, at(undefined)), true);
    assert.equal(await offered({ ...facts, userId: (await person()).id }, at('here')), true);
    house.clock.advance(90 * 86_400);
    assert.equal(await offered(facts, at('here')), true);
  });

  test('is made to nobody by less than what lets them in', async () => {
    const user = await person();
    const facts = { userId: user.id, amr: ['pwd'] };
    const session = { userId: user.id, authTime: 0, amr: ['pwd'], keepSignedIn: false };
    assert.equal(await offered(facts, { session }), false);
    assert.equal(await offered({ ...facts, amr: ['swk', 'user'] }), false);
    for (const open of [{ secondFactor: 'required' }, { mustChangePassword: 'forgotten' }, { amr: [] }] as const) {
      await assert.rejects(offered({ ...facts, ...open }), { code: 'flows.unproved' });
    }
    await house.identity.authenticators.add(seed, user.id, { kind: 'phone', content: '+491701234567' });
    assert.equal(await offered(facts), false);
    assert.equal(await offered({ ...facts, amr: ['pwd', 'sms', 'mfa'] }), true);
    const elsewhere = { sender: { ...sender, origin: undefined } };
    assert.equal(await offered({ ...facts, amr: ['pwd', 'sms', 'mfa'] }, elsewhere), false);
  });

  test('ends with the account that it was made to', async () => {
    const user = await person();
    const visitor = await signIn('enrol', user.email);
    const made = new SoftwareAuthenticator(origin).create(optionsOf(visitor.screen));
    for (let one = 0; one < 20; one += 1) {
      await house.identity.authenticators.add(seed, user.id, { kind: 'phone', content: `+4917012345${10 + one}` });
    }
    await visitor.press('passkey', { passkey: made });
    assert.equal(visitor.move.kind, 'go');
    assert.deepEqual(await passkeysOf(user.id), []);
  });
});

describe('signing up with a passkey', () => {
  const newEmail = () => {
    people += 1;
    return `new${people}@contoso.example`;
  };

  /** Up to the page that makes the passkey. */
  async function choosePasskey(flow: string, email: string): Promise<Visitor> {
    const visitor = await begin(flow);
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
    assert.deepEqual([lastArrival().newUser, lastArrival().amr], [true, ['swk', 'user']]);
    const user = present(await house.identity.findBySignInName(email));
    assert.deepEqual([user.id, user.passwordHash], [lastArrival().userId, null]);
    assert.equal((await passkeysOf(user.id)).length, 1);

    const next = await begin('optional');
    await next.press('next', { email, password: '' });
    await next.press('next', { email, password });
    assert.deepEqual(messagesOf(next.screen), ['signuporsignin.DefaultMessage']);
    await use(next, device, { isBackupEligible: true });
    assert.deepEqual([lastArrival().newUser, lastArrival().userId], [false, user.id]);
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
    assert.deepEqual(lastArrival().amr, ['pwd']);
    assert.equal((await house.identity.provePassword(email, newPasswords.newPassword)).kind, 'proved');
  });

  test('goes with user names, and with the account made before the second factor', async () => {
    const visitor = await begin('names');
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
    assert.deepEqual(lastArrival().amr, ['hwk', 'user', 'mfa']);
    assert.equal((await passkeysOf(lastArrival().userId)).length, 1);
  });

  test('is not there where the flow wants a password, nor where the browser can have none', async () => {
    const visitor = await begin('enrol');
    const email = newEmail();
    await prove(house, visitor, email);
    await visitor.press('withPasskey', { email });
    assert.deepEqual(messagesOf(visitor.screen), ['error.screenChanged']);
    const away = await begin('optional', { sender: { ...sender, origin: 'https://10.0.0.1' } });
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
    const optional = { accounts, email, isPasswordOptional: true } as const;
    await assert.rejects(createUser.enter(contextFor(house, facts), optional), unproved);
    await assert.rejects(createUser.enter(contextFor(house, { ...facts, enrolled }), optional), unproved);
    const settings = { userVerification: 'preferred', countsAsSecondFactor: false } as const;
    await assert.rejects(passkeySignUp.enter(contextFor(house, {}), settings), unproved);
    const { device } = await equipped();
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
    const reset = await begin('optional');
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
