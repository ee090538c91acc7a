import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { passwordMark } from '../../identity/index.ts';
import { isoDateTime } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import type { Facts } from '../facts.ts';
import {
  codeFor,
  contextFor,
  createFlow,
  errorsOf,
  fieldOf,
  type House,
  messagesOf,
  newPasswords,
  openHouse,
  password,
  seed,
  type Visitor,
} from '../testing/harness.ts';
import { changeUser, newUser, resetNames, userNamed } from '../testing/people.ts';
import { newPassword } from './new-password.ts';

const page = 'localaccountpasswordreset';
const names = resetNames;
const twice = (text: string) => ({ newPassword: text, reenterPassword: text });

describe('new password', () => {
  let house: House;

  const force = (name: string) => changeUser(house, name, { passwordProfile: { forceChangePasswordNextSignIn: true } });
  const proofOf = async (name: string, text: string) => (await house.identity.provePassword(name, text)).kind;

  /** At the page for a new password, by the code that was mailed. */
  const reset = async (email: string, start = {}): Promise<Visitor> => {
    const visitor = await house.begin('B2C_1_reset', start);
    await visitor.press(names.send, { email });
    await visitor.press(names.verify, { email, emailVerificationCode: codeFor(house, email) });
    await visitor.press('continue', { email });
    assert.ok(fieldOf(visitor.screen, 'newPassword'));
    return visitor;
  };
  const signIn = async (email: string, flow = 'B2C_1_renew', text = password): Promise<Visitor> => {
    const visitor = await house.begin(flow);
    await visitor.press('next', { email, password: text });
    return visitor;
  };

  before(async () => {
    house = await openHouse();
    await createFlow(house, 'reset', { userFlowType: 'passwordReset' });
    await createFlow(house, 'renew', {
      settings: { passwordReset: { isForcedResetEnabled: true } },
      passwordComplexityConfiguration: { allowExpiredPasswordReset: true },
    });
  });
  after(() => house.close());

  test('replaces the old one, signs the person in, and ends every session before', async () => {
    const email = await newUser(house);
    house.clock.advance(100);
    const visitor = await reset(email);
    await visitor.press('continue', newPasswords);
    assert.match(visitor.url, /arrived/);
    const { id, signInSessionsValidFromDateTime, lastPasswordChangeDateTime } = await userNamed(house, email);
    const arrival = house.host.arrivals.at(-1);
    assert.deepEqual(
      [arrival?.userId, arrival?.amr, arrival?.authTime, arrival?.newUser],
      [id, ['otp', 'pwd'], house.clock.now(), false],
    );
    assert.equal(signInSessionsValidFromDateTime, isoDateTime(house.clock.now()));
    assert.equal(lastPasswordChangeDateTime, isoDateTime(house.clock.now()));
    assert.equal(await proofOf(email, newPasswords.newPassword), 'proved');
    assert.equal(await proofOf(email, password), 'wrong');
  });

  test('opens an account that was locked, and takes away the order to change the password', async () => {
    const email = await newUser(house);
    await force(email);
    for (let count = 0; count < 12; count += 1) await proofOf(email, `Wrong-password-${count}`);
    assert.equal(await proofOf(email, password), 'locked');
    const visitor = await reset(email);
    await visitor.press('continue', newPasswords);
    assert.match(visitor.url, /arrived/);
    assert.equal(await proofOf(email, newPasswords.newPassword), 'proved');
  });

  test('has to be typed twice the same and to follow the rules, which the page says beforehand', async () => {
    const visitor = await reset(await newUser(house));
    assert.deepEqual(
      fieldOf(visitor.screen, 'newPassword')?.help?.map((text) => ('id' in text ? text.id : '')),
      ['password.length', 'password.tooFewClasses'],
    );
    await visitor.press('continue', {});
    assert.deepEqual(messagesOf(visitor.screen), [`${page}.error_requiredFieldMissing`]);
    await visitor.press('continue', { newPassword: 'short', reenterPassword: 'other' });
    assert.deepEqual(errorsOf(visitor.screen), {
      newPassword: ['password.tooShort', 'password.tooFewClasses'],
      reenterPassword: ['field.passwordsDiffer'],
    });
    assert.equal(fieldOf(visitor.screen, 'newPassword')?.value, undefined, 'a password never comes back');
    await visitor.press('continue', newPasswords);
    assert.match(visitor.url, /arrived/);
  });

  test('follows the rules of the flow where it has some', async () => {
    const customConfiguration = { minimumLength: 4, maximumLength: 6, restrictToNumbersOnly: true };
    const levels: readonly (readonly [string, object, string, string, readonly string[]])[] = [
      ['simple', { complexityLevel: 'simple' }, 'olive-dru', 'olived', ['password.tooShort']],
      ['strong', { complexityLevel: 'strong' }, 'Olive-drum-1', 'olivedrum', ['password.tooFewClasses']],
      ['pin', { complexityLevel: 'custom', customConfiguration }, '4829', '48a9', ['password.notOnlyDigits']],
    ];
    for (const [name, passwordComplexityConfiguration, good, bad, errors] of levels) {
      await createFlow(house, `r${name}`, { userFlowType: 'passwordReset', passwordComplexityConfiguration });
      const email = await newUser(house);
      const visitor = await house.begin(`B2C_1_r${name}`);
      await visitor.press(names.send, { email });
      await visitor.press('continue', { email, emailVerificationCode: codeFor(house, email) });
      await visitor.press('continue', twice(bad));
      assert.deepEqual(errorsOf(visitor.screen), { newPassword: errors }, name);
      await visitor.press('continue', twice(good));
      assert.match(visitor.url, /arrived/, name);
      const signedIn = await signIn(email, 'B2C_1_susi', good);
      assert.match(signedIn.url, /arrived/, 'the rules are never asked at sign-in');
    }
  });

  test('may be weak for an account whose policy says so, where the flow has no rules of its own', async () => {
    const email = await newUser(house);
    await changeUser(house, email, { passwordPolicies: 'DisablePasswordExpiration, DisableStrongPassword' });
    const visitor = await reset(email);
    assert.deepEqual(fieldOf(visitor.screen, 'newPassword')?.help?.length, 1);
    await visitor.press('continue', twice('olive'));
    assert.match(visitor.url, /arrived/);
  });

  test('of two journeys that proved the same account one sets it, the other is told', async () => {
    const email = await newUser(house);
    const [first, second] = [await reset(email), await reset(email)];
    const texts = ['Olive-drum-1', 'Olive-drum-2'];
    await Promise.all([first, second].map((visitor, index) => visitor.press('continue', twice(texts[index] ?? ''))));
    const arrived = [first, second].filter(({ move }) => move.kind === 'go');
    const told = [first, second].filter(({ move }) => move.kind === 'show');
    assert.equal(arrived.length, 1);
    assert.deepEqual(
      told.map(({ screen }) => messagesOf(screen)),
      [[`${page}.password_changed_meanwhile`]],
    );
    const winner = arrived[0] === first ? 0 : 1;
    assert.equal(await proofOf(email, texts[winner] ?? ''), 'proved');
    await told[0]?.press('cancel');
    assert.equal(house.host.refusals.at(-1), 'cancelled');
  });

  test('is not set when the address, the account or its right to sign in was taken away meanwhile', async () => {
    const moved = await newUser(house);
    const identities = [
      { signInType: 'emailAddress', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: 'elsewhere@contoso.example' },
    ];
    const afterMove = await reset(moved);
    await changeUser(house, moved, { identities });
    await afterMove.press('continue', newPasswords);
    assert.deepEqual(messagesOf(afterMove.screen), [`${page}.UserMessageIfClaimsPrincipalDoesNotExist`]);
    assert.equal(await proofOf('elsewhere@contoso.example', password), 'proved');

    const disabled = await newUser(house);
    const afterDisabling = await reset(disabled);
    await changeUser(house, disabled, { accountEnabled: false });
    await afterDisabling.press('continue', newPasswords);
    const word = `${page}.UserMessageIfClaimsTransformationBooleanValueIsNotEqual`;
    assert.deepEqual(messagesOf(afterDisabling.screen), [word]);

    const removed = await newUser(house);
    const afterRemoval = await reset(removed);
    await house.directory.remove(seed, { type: entities.user, id: (await userNamed(house, removed)).id });
    await afterRemoval.press('continue', newPasswords);
    assert.deepEqual(messagesOf(afterRemoval.screen), [`${page}.UserMessageIfClaimsPrincipalDoesNotExist`]);
  });

  test('a session neither stands in for the proof nor lends its time or its wishes', async () => {
    const email = await newUser(house);
    const { id } = await userNamed(house, email);
    const authTime = house.clock.now();
    house.clock.advance(600);
    const session = { userId: id, authTime, amr: ['pwd', 'otp'], keepSignedIn: true };
    const visitor = await reset(email, { session });
    await visitor.press('continue', newPasswords);
    const arrival = house.host.arrivals.at(-1);
    assert.deepEqual([arrival?.authTime, arrival?.keepSignedIn], [house.clock.now(), false]);
  });

  test('is asked of somebody whose password an administrator has set, where the flow says so', async () => {
    const email = await newUser(house);
    await force(email);
    const refused = await signIn(email, 'B2C_1_susi');
    assert.deepEqual(messagesOf(refused.screen), ['signuporsignin.UserMessageIfPasswordExpired']);
    const visitor = await signIn(email);
    assert.equal(visitor.screen.id, page);
    assert.deepEqual(visitor.screen.intro, { id: `${page}.newPassword_intro_forced` });
    await visitor.press('continue', twice(password));
    assert.deepEqual(errorsOf(visitor.screen), { newPassword: ['field.passwordUnchanged'] });
    await visitor.press('continue', newPasswords);
    assert.deepEqual(house.host.arrivals.at(-1)?.amr, ['pwd']);
    const again = await signIn(email, 'B2C_1_susi', newPasswords.newPassword);
    assert.match(again.url, /arrived/);
  });

  test('is asked of somebody whose password has become too old, which most never do', async () => {
    const [aging, lasting] = [await newUser(house), await newUser(house)];
    await changeUser(house, aging, { passwordPolicies: 'None' });
    house.clock.advance(90 * 24 * 3600 - 1);
    assert.match((await signIn(aging)).url, /arrived/);
    house.clock.advance(1);
    assert.deepEqual(messagesOf((await signIn(aging, 'B2C_1_susi')).screen), [
      'signuporsignin.UserMessageIfPasswordExpired',
    ]);
    const visitor = await signIn(aging);
    assert.deepEqual(visitor.screen.intro, { id: `${page}.newPassword_intro_expired` });
    await visitor.press('continue', newPasswords);
    assert.match(visitor.url, /arrived/);
    assert.match((await signIn(lasting)).url, /arrived/);
  });

  test('Cancel keeps the old password and its order, and lets nobody in', async () => {
    const email = await newUser(house);
    await force(email);
    const visitor = await signIn(email);
    await visitor.press('cancel');
    assert.equal(house.host.refusals.at(-1), 'cancelled');
    assert.equal(await proofOf(email, password), 'expired');
  });

  test('who proved an old password cannot replace one that was set meanwhile', async () => {
    const email = await newUser(house);
    await force(email);
    const thief = await signIn(email);
    const owner = await signIn(email);
    await owner.press('continue', newPasswords);
    assert.match(owner.url, /arrived/);
    await force(email);
    await thief.press('continue', twice('Thief-chosen-1'));
    assert.deepEqual(messagesOf(thief.screen), [`${page}.password_changed_meanwhile`]);
    assert.equal(await proofOf(email, newPasswords.newPassword), 'expired');
  });

  test('comes after the second factor, whether it was forgotten or has to be replaced', async () => {
    const multifactorAuthenticationConfiguration = {
      multifactorAuthenticationState: 'on',
      multifactorAuthenticationMethod: 'authenticator',
    };
    await createFlow(house, 'rguard', { userFlowType: 'passwordReset', multifactorAuthenticationConfiguration });
    const settings = { passwordReset: { isForcedResetEnabled: true } };
    await createFlow(house, 'sguard', { settings, multifactorAuthenticationConfiguration });
    const email = await newUser(house);
    await force(email);
    const forgot = await house.begin('B2C_1_rguard');
    await forgot.press(names.send, { email });
    await forgot.press('continue', { email, emailVerificationCode: codeFor(house, email) });
    const forced = await signIn(email, 'B2C_1_sguard');
    for (const visitor of [forgot, forced]) {
      assert.equal(fieldOf(visitor.screen, 'newPassword'), undefined);
      await visitor.press('continue', newPasswords);
      assert.equal(fieldOf(visitor.screen, 'newPassword'), undefined);
    }
    assert.equal(await proofOf(email, password), 'expired');
  });

  test('is never asked for or set without the facts it rests on', async () => {
    const email = await newUser(house);
    const user = await userNamed(house, email);
    const forgotten: Facts = {
      intent: 'resetPassword',
      userId: user.id,
      provedEmails: [email],
      amr: ['otp'],
      mustChangePassword: 'forgotten',
      passwordMark: passwordMark(user),
    };
    const { intent: _i, ...noIntent } = forgotten;
    const { userId: _u, ...noUser } = forgotten;
    const { provedEmails: _p, ...noProof } = forgotten;
    const { passwordMark: _m, ...noMark } = forgotten;
    const { mustChangePassword: _c, ...noReason } = forgotten;
    const wrong: readonly Facts[] = [
      {},
      noIntent,
      noUser,
      noProof,
      { ...forgotten, provedEmails: [] },
      noMark,
      noReason,
      { ...forgotten, mustChangePassword: null },
      { ...forgotten, secondFactor: 'required' },
      { ...forgotten, mustChangePassword: 'forced' },
      { ...forgotten, mustChangePassword: 'expired', amr: ['otp', 'sms'] },
    ];
    const input = { action: 'continue', values: newPasswords };
    for (const facts of wrong) {
      const context = contextFor(house, facts);
      await assert.rejects(newPassword.enter(context, {}), { code: 'flows.unproved' }, JSON.stringify(facts));
      await assert.rejects(newPassword.submit(context, {}, input), { code: 'flows.unproved' }, JSON.stringify(facts));
    }
    const foreign = contextFor(house, { ...forgotten, provedEmails: ['adele@contoso.example'] });
    const outcome = await newPassword.submit(foreign, {}, input);
    assert.equal(outcome.kind, 'show', 'the address that was proved is not one of this account');
    assert.equal(await proofOf(email, password), 'proved');
    const right = await newPassword.submit(contextFor(house, forgotten), {}, input);
    assert.equal(right.kind, 'next');
  });
});
