import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SoftwareAuthenticator } from '../../../test/support/software-authenticator.ts';
import { entities } from '../../model/index.ts';
import type { Facts } from '../facts.ts';
import type { Screen } from '../screen.ts';
import {
  codeFor,
  contextFor,
  fieldOf,
  type House,
  messagesOf,
  password,
  seed,
  sender,
  type Visitor,
} from '../testing/harness.ts';
import {
  actions,
  beginAt,
  equipped,
  lastArrival,
  make,
  openPasskeyHouse,
  optionsOf,
  origin,
  passkeysOf,
  person,
  present,
  use,
} from '../testing/passkeys.ts';
import { passkeyOffer } from './passkey-offer.ts';

const refused = ['signuporsignin.passkey_refused'];

let house: House;

before(async () => {
  house = await openPasskeyHouse();
});
after(() => house.close());

const signIn = async (flow: string, email: string): Promise<Visitor> => {
  const visitor = await beginAt(house, flow);
  await visitor.press('next', { email, password });
  return visitor;
};

describe('the sign-in page', () => {
  test('offers a passkey where the flow says so, and names none', async () => {
    const { passkey } = (await beginAt(house, 'login')).screen;
    assert.deepEqual([passkey?.ceremony, passkey?.isConditional], ['get', true]);
    assert.deepEqual(passkey?.options['allowCredentials'], []);
    assert.equal(passkey?.options['rpId'], 'login.example');
    assert.equal((await beginAt(house, 'susi')).screen.passkey, undefined);
    const here = { sender: { ...sender, origin: 'https://127.0.0.1:8443' } };
    assert.equal((await beginAt(house, 'login', here)).screen.passkey, undefined);
  });

  test('signs in by a passkey, without a name', async () => {
    const { user, device } = await equipped(house);
    const visitor = await beginAt(house, 'login');
    await use(visitor, device);
    assert.deepEqual([visitor.move.kind, lastArrival(house).userId], ['go', user.id]);
    assert.deepEqual(lastArrival(house).amr, ['hwk', 'user']);
  });

  test('asks anew on every page, and keeps what was typed', async () => {
    const { device } = await equipped(house);
    const visitor = await beginAt(house, 'login');
    const first = optionsOf(visitor.screen);
    await visitor.press('next', { email: 'nobody@contoso.example', password: 'x' });
    assert.notEqual(optionsOf(visitor.screen)['challenge'], first['challenge']);
    await visitor.press('passkey', { passkey: device.get(first), email: 'typed@contoso.example' });
    assert.deepEqual(messagesOf(visitor.screen), refused);
    assert.equal(fieldOf(visitor.screen, 'email')?.value, 'typed@contoso.example');
  });

  test('gives one answer to whatever is not right, and logs it', async () => {
    const [{ user: closed, device: ofClosed }, { device }] = [await equipped(house), await equipped(house)];
    await house.directory.update(seed, { type: entities.user, id: closed.id }, { accountEnabled: false });
    const stranger = new SoftwareAuthenticator(origin);
    stranger.create({ user: { id: 'AAAA' }, rp: { id: 'login.example' }, challenge: 'AAAA' });
    const other = await beginAt(house, 'login');
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
      const visitor = await beginAt(house, 'login');
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
    const { device } = await equipped(house);
    const visitor = await beginAt(house, 'login');
    const { journeyId, browserSecret } = visitor;
    const input = { action: 'passkey', values: { passkey: device.get(optionsOf(visitor.screen)) } };
    const before = house.host.arrivals.length;
    const moves = await Promise.all(
      Array.from({ length: 8 }, () => house.flows.answer(journeyId, browserSecret, 1, input, sender)),
    );
    assert.equal(house.host.arrivals.length, before + 1);
    assert.ok(moves.every(({ kind }) => kind === 'go'));
    const another = await beginAt(house, 'login');
    await another.press('passkey', input.values);
    assert.deepEqual(messagesOf(another.screen), refused);
  });

  test('locks no account because of passkeys that are not right', async () => {
    const { user, device } = await equipped(house);
    const visitor = await beginAt(house, 'login');
    for (let count = 0; count < 12; count += 1) await use(visitor, device, { tampers: true });
    await visitor.press('next', { email: user.email, password });
    assert.equal(lastArrival(house).userId, user.id);
  });

  test('lets in only whom the device has recognised, where the flow requires it', async () => {
    const { device } = await equipped(house);
    const visitor = await beginAt(house, 'strict');
    assert.equal(optionsOf(visitor.screen)['userVerification'], 'required');
    await use(visitor, device, { isUserVerified: false });
    assert.deepEqual(messagesOf(visitor.screen), refused);
    await use(visitor, device);
    assert.equal(visitor.move.kind, 'go');
    const lax = await beginAt(house, 'login');
    await use(lax, device, { isUserVerified: false });
    assert.equal(lax.move.kind, 'go');
  });

  test('takes no answer larger than any form', async () => {
    const visitor = await beginAt(house, 'login');
    await assert.rejects(visitor.press('passkey', { passkey: ' '.repeat(5000) }), { code: 'flows.inputTooLarge' });
  });
});

describe('a passkey as second factor', () => {
  test('is proved by the sign-in itself where the device has recognised its owner', async () => {
    const { user, device } = await equipped(house);
    const visitor = await beginAt(house, 'mfa');
    await use(visitor, device);
    assert.equal(visitor.move.kind, 'go');
    assert.deepEqual([lastArrival(house).userId, lastArrival(house).amr], [user.id, ['hwk', 'user', 'mfa']]);
  });

  test('is asked for again, with a finger or PIN, where it was not', async () => {
    const { device } = await equipped(house);
    const visitor = await beginAt(house, 'mfa');
    await use(visitor, device, { isUserVerified: false });
    assert.equal(optionsOf(visitor.screen)['userVerification'], 'required');
    await use(visitor, device, { isUserVerified: false });
    assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.passkey_refused']);
    await use(visitor, device);
    assert.ok(visitor.move.kind === 'go' && lastArrival(house).amr.includes('mfa'));
  });

  test('does not count where the flow does not say so', async () => {
    const { user, device } = await equipped(house);
    const visitor = await beginAt(house, 'single');
    await use(visitor, device);
    assert.equal(visitor.screen.passkey, undefined);
    assert.equal(visitor.screen.verification?.state, 'initial');
    await visitor.press('emailVerificationControl_but_send_code');
    await visitor.press('emailVerificationControl_but_verify_code', {
      emailVerificationCode: codeFor(house, user.email),
    });
    if (visitor.move.kind === 'show') await visitor.press('continue');
    assert.deepEqual(lastArrival(house).amr, ['hwk', 'user', 'otp', 'mfa']);
  });

  test('follows the password of its owner; another’s is refused, and there are other ways', async () => {
    const [{ user, device }, other] = [await equipped(house), await equipped(house)];
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
    assert.deepEqual([lastArrival(house).userId, lastArrival(house).amr], [user.id, ['pwd', 'hwk', 'mfa']]);
  });

  test('is none that was made by a password alone, and a way to none', async () => {
    const [user, device] = [await person(house), new SoftwareAuthenticator(origin)];
    await make(await signIn('enrol', user.email), device);
    assert.equal((await passkeysOf(house, user.id)).length, 1);
    const stranger = await beginAt(house, 'mfa');
    await use(stranger, device);
    assert.equal(stranger.screen.verification?.state, 'initial', 'it counts once, as the password does');
    assert.deepEqual(actions(stranger.screen), ['cancel']);
    const byPassword = await signIn('mfa', user.email);
    assert.deepEqual([byPassword.screen.passkey, actions(byPassword.screen)], [undefined, ['cancel']]);

    const own = new SoftwareAuthenticator(origin);
    const owner = await signIn('mfa', user.email);
    await owner.press('emailVerificationControl_but_send_code');
    await owner.press('emailVerificationControl_but_verify_code', {
      emailVerificationCode: codeFor(house, user.email),
    });
    await make(owner, own);
    assert.equal((await passkeysOf(house, user.id)).length, 2);
    const again = await signIn('mfa', user.email);
    await use(again, device);
    assert.deepEqual(messagesOf(again.screen), ['selfasserted.passkey_refused'], 'also beside one that is');
    await use(again, own);
    assert.deepEqual(lastArrival(house).amr, ['pwd', 'hwk', 'mfa']);
  });

  test('can be left for another way by whoever has lost it', async () => {
    const { user } = await equipped(house);
    const visitor = await signIn('mfa', user.email);
    await visitor.press('way_email');
    const { verification } = visitor.screen;
    assert.equal(verification?.state, 'initial');
    assert.equal(visitor.screen.passkey, undefined);
  });
});

describe('the offer of a passkey', () => {
  test('comes after sign-in, makes one, and does not come again to whoever signs in by it', async () => {
    const user = await person(house);
    const device = new SoftwareAuthenticator(origin);
    const visitor = await signIn('enrol', user.email);
    assert.deepEqual(actions(visitor.screen), ['notNow']);
    assert.equal(visitor.screen.passkey?.ceremony, 'create');
    await make(visitor, device, { origin: 'https://evil.example' });
    assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.passkeyOffer_failed']);
    await make(visitor, device);
    assert.equal(visitor.move.kind, 'go');
    const [kept] = await passkeysOf(house, user.id);
    assert.equal(kept?.content.displayName, 'Firefox');
    const next = await beginAt(house, 'enrol');
    await use(next, device);
    assert.deepEqual([next.move.kind, lastArrival(house).userId], ['go', user.id]);
    assert.equal((await signIn('enrol', user.email)).move.kind, 'go', 'a password alone adds no second passkey');
  });

  const offered = async (facts: Facts, journey: Parameters<typeof contextFor>[2] = {}) =>
    (await passkeyOffer.enter(contextFor(house, facts, { sender, ...journey }), enrolment)).kind === 'show';
  const enrolment = { userVerification: 'preferred', countsAsSecondFactor: false } as const;

  test('put off, it stays away from this browser for ninety days', async () => {
    const { id: userId } = await person(house);
    const facts = { userId, amr: ['pwd'] };
    const at = (device: string | undefined) => ({ sender: { ...sender, device } });
    assert.equal(await offered(facts, at('here')), true);
    const context = contextFor(house, facts, at('here'));
    await passkeyOffer.submit(context, enrolment, { action: 'notNow', values: {} });
    assert.equal(await offered(facts, at('here')), false);
    assert.equal(await offered(facts, at('there')), true);
    assert.equal(await offered(facts, at(undefined)), true);
    assert.equal(await offered({ ...facts, userId: (await person(house)).id }, at('here')), true);
    house.clock.advance(90 * 86_400);
    assert.equal(await offered(facts, at('here')), true);
  });

  test('is made to nobody by less than what lets them in', async () => {
    const user = await person(house);
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
    const user = await person(house);
    const visitor = await signIn('enrol', user.email);
    const made = new SoftwareAuthenticator(origin).create(optionsOf(visitor.screen));
    for (let one = 0; one < 20; one += 1) {
      await house.identity.authenticators.add(seed, user.id, { kind: 'phone', content: `+4917012345${10 + one}` });
    }
    await visitor.press('passkey', { passkey: made });
    assert.equal(visitor.move.kind, 'go');
    assert.deepEqual(await passkeysOf(house, user.id), []);
  });
});
