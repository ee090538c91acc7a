import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entities } from '../../model/index.ts';
import type { Facts } from '../facts.ts';
import { enterCode, offer, openHouseOfAll } from '../testing/accounts.ts';
import {
  codeFor,
  contextFor,
  errorsOf,
  fieldOf,
  type House,
  messagesOf,
  otherThan,
  proofMessagesOf,
  seed,
} from '../testing/harness.ts';
import { codeSignIn } from './code-sign-in.ts';

const known = '+4915123456789';
const stranger = '+4915198765432';
const off = '+4915111111111';
const verify = 'phoneVerificationControl_but_verify_code';

describe('sign-in by code', () => {
  let house: House;
  let userId = '';
  before(async () => {
    house = await openHouseOfAll();
    await offer(house, 'phone', 'phoneWithOneTimePassword');
    await offer(house, 'phonein', 'phoneWithOneTimePassword', { userFlowType: 'signIn' });
    await offer(house, 'code', 'emailCode');
    const account = (phoneNumber: string) => house.identity.register(seed, { phoneNumber, attributes: {} });
    userId = (await account(known)).id;
    const disabled = await account(off);
    await house.directory.update(seed, { type: entities.user, id: disabled.id }, { accountEnabled: false });
  });
  after(() => house.close());

  test('a number and the code sent to it sign in; no password is asked', async () => {
    const visitor = await house.begin('B2C_1_phone', { loginHint: known });
    assert.deepEqual(
      visitor.screen.fields.map(({ name, input, value }) => [name, input, value]),
      [['signInName', 'phone', known]],
    );
    assert.deepEqual(
      visitor.screen.actions.map(({ name }) => name),
      ['next', 'createAccount'],
    );
    const consent = [{ id: 'signuporsignin.disclaimer_msg_intro' }];
    assert.deepEqual(fieldOf(visitor.screen, 'signInName')?.help, consent, 'before a message is sent');
    await visitor.press('next', { signInName: '+49 151 2345 6789' });
    assert.equal(visitor.screen.id, 'phoneSignIn');
    assert.equal(visitor.screen.verification?.state, 'sent');
    assert.equal(visitor.screen.verification?.control, 'phoneVerificationControl');
    assert.equal(fieldOf(visitor.screen, 'nationalNumber')?.value, known);
    assert.equal(fieldOf(visitor.screen, 'nationalNumber')?.help, undefined);
    assert.match(codeFor(house, known), /^\d{6}$/);
    await enterCode(house, visitor, known);
    assert.deepEqual(house.host.arrivals.at(-1), {
      userId,
      newUser: false,
      amr: ['sms'],
      authTime: house.clock.now(),
      flowId: 'B2C_1_phone',
      keepSignedIn: false,
    });
  });

  test('a number with an account and one without get the same messages and the same pages', async () => {
    const seen = await Promise.all(
      ['+4915123456780', '+4915123456781'].map(async (number, index) => {
        if (index === 0) await house.identity.register(seed, { phoneNumber: number, attributes: {} });
        const visitor = await house.begin('B2C_1_phone');
        const screens: unknown[] = [];
        const note = () => screens.push(JSON.stringify(visitor.screen).replaceAll(number, 'NUMBER'));
        await visitor.press('next', { signInName: number });
        note();
        await visitor.press(verify, { phoneVerificationCode: otherThan(codeFor(house, number)) });
        note();
        const texts = house.outbox.messages(number).map(({ text, code }) => text.replace(code ?? '', 'CODE'));
        return [screens, texts, house.signIns.length];
      }),
    );
    assert.deepEqual(seen[0], seen[1]);
  });

  test('only who has proved the number learns that it has no account, and goes on to one with it', async () => {
    const visitor = await house.begin('B2C_1_phone');
    await visitor.press('next', { signInName: stranger });
    await enterCode(house, visitor, stranger);
    assert.deepEqual(messagesOf(visitor.screen), ['phoneSignIn.UserMessageIfClaimsPrincipalDoesNotExist']);
    assert.equal(house.signIns.at(-1)?.failure?.code, 'AADB2C90053');
    await visitor.press('createAccount');
    assert.equal(visitor.screen.id, 'phoneSignUp');
    assert.equal(visitor.screen.verification?.state, 'verified');
    assert.equal(visitor.screen.verification?.isFixed, true);
    assert.equal(house.outbox.messages(stranger).length, 1, 'what is proved is not proved again');
    await visitor.press('continue', { nationalNumber: stranger });
    const user = await house.identity.findBySignInName(stranger, ['phone']);
    assert.ok(user);
    assert.deepEqual(house.host.arrivals.at(-1)?.userId, user.id);
    assert.equal(house.host.arrivals.at(-1)?.newUser, true);
  });

  test('a number that was proved makes no account of another', async () => {
    const [own, foreign] = ['+4915133333333', '+4915144444444'];
    const visitor = await house.begin('B2C_1_phone');
    await visitor.press('next', { signInName: own });
    await enterCode(house, visitor, own);
    await visitor.press('createAccount');
    await visitor.press('continue', { nationalNumber: foreign });
    assert.equal(visitor.screen.verification?.state, 'initial');
    assert.deepEqual(messagesOf(visitor.screen), ['phoneSignUp.UserMessageIfClaimNotVerified']);
    assert.equal(await house.identity.findBySignInName(foreign), undefined);
  });

  test('where nobody can sign up, the way ends there', async () => {
    const visitor = await house.begin('B2C_1_phonein');
    assert.equal(visitor.screen.id, 'localaccountsignin');
    await visitor.press('next', { signInName: '+4915155555555' });
    await enterCode(house, visitor, '+4915155555555');
    assert.deepEqual(
      visitor.screen.actions.map(({ name }) => name),
      ['cancel'],
    );
    await visitor.press('cancel');
    assert.equal(house.host.refusals.at(-1), 'cancelled');
  });

  test('a disabled account is told so, only to who has the code', async () => {
    const visitor = await house.begin('B2C_1_phone');
    await visitor.press('next', { signInName: off });
    await visitor.press(verify, { phoneVerificationCode: otherThan(codeFor(house, off)) });
    assert.deepEqual(proofMessagesOf(visitor.screen), ['phoneSignIn.ver_fail_retry']);
    await enterCode(house, visitor, off);
    assert.deepEqual(messagesOf(visitor.screen), ['phoneSignIn.UserMessageIfUserAccountDisabled']);
    assert.equal(house.signIns.at(-1)?.failure?.code, 'AADB2C90111');
    assert.deepEqual(
      visitor.screen.actions.map(({ name }) => name),
      ['cancel'],
    );
  });

  test('numbers at which each message earns somebody money, and what is none, get no message', async () => {
    for (const number of ['+1 900 555 0100', '+44 909 8790879', '+49 110', '+49 1', 'adele', '+44 800 123 4567']) {
      const visitor = await house.begin('B2C_1_phone');
      await visitor.press('next', { signInName: number });
      assert.deepEqual(errorsOf(visitor.screen), { signInName: ['signuporsignin.invalid_number'] }, number);
      assert.equal(fieldOf(visitor.screen, 'signInName')?.value, number, 'nothing is lost');
      assert.deepEqual(house.outbox.messages(number), []);
    }
  });

  test('another number can be tried on the page with the code; the code before is of no use for it', async () => {
    const [own, other] = ['+4915166666666', known];
    const visitor = await house.begin('B2C_1_phone');
    await visitor.press('next', { signInName: own });
    const code = codeFor(house, own);
    await visitor.press('phoneVerificationControl_but_change_claims', { nationalNumber: own });
    assert.equal(visitor.screen.verification?.state, 'initial');
    assert.deepEqual(fieldOf(visitor.screen, 'nationalNumber')?.help, [{ id: 'phoneSignIn.disclaimer_msg_intro' }]);
    await visitor.press('continue', { nationalNumber: '+49 30' });
    assert.deepEqual(errorsOf(visitor.screen), { nationalNumber: ['phoneSignIn.invalid_number'] });
    await visitor.press('continue', { nationalNumber: other });
    assert.equal(visitor.screen.verification?.state, 'sent');
    const wrong = code === codeFor(house, other) ? otherThan(code) : code;
    await visitor.press(verify, { nationalNumber: other, phoneVerificationCode: wrong });
    assert.deepEqual(proofMessagesOf(visitor.screen), ['phoneSignIn.ver_fail_retry']);
    await visitor.press(verify, { nationalNumber: own, phoneVerificationCode: codeFor(house, other) });
    assert.equal(visitor.screen.verification?.state, 'initial', 'a number sent along begins anew');
  });

  test('an address and the code mailed to it sign in, whatever the case', async () => {
    const email = 'Code@contoso.example';
    const { id } = await house.identity.register(seed, { email, attributes: {} });
    const visitor = await house.begin('B2C_1_code');
    await visitor.press('next', { email: 'code' });
    assert.deepEqual(errorsOf(visitor.screen), { email: ['signuporsignin.invalid_generic'] });
    await visitor.press('next', { email: 'code@contoso.example' });
    assert.equal(visitor.screen.id, 'selfasserted');
    assert.equal(visitor.screen.verification?.control, 'emailVerificationControl');
    await enterCode(house, visitor, 'code@contoso.example');
    assert.equal(house.host.arrivals.at(-1)?.userId, id);
    assert.deepEqual(house.host.arrivals.at(-1)?.amr, ['otp']);
  });

  test('who signs in by code can stay signed in too', async () => {
    const keep = { singleSignOnSessionConfiguration: { isKeepMeSignedInEnabled: true } };
    await offer(house, 'keep', 'phoneWithOneTimePassword', keep);
    for (const [values, kept] of [
      [{ rememberMe: 'true' }, true],
      [{}, false],
    ] as const) {
      const visitor = await house.begin('B2C_1_keep');
      await visitor.press('next', { signInName: known, ...values });
      await enterCode(house, visitor, known);
      assert.equal(house.host.arrivals.at(-1)?.keepSignedIn, kept);
    }
  });

  test('a message that cannot be sent is said, and can be tried again at once', async () => {
    const failing = await openHouseOfAll({
      mailer: {
        async send() {
          throw new Error('no mail server');
        },
      },
    });
    await offer(failing, 'code', 'emailCode');
    const visitor = await failing.begin('B2C_1_code');
    await visitor.press('next', { email: 'a@contoso.example' });
    assert.equal(visitor.screen.verification?.state, 'initial');
    assert.deepEqual(proofMessagesOf(visitor.screen), ['selfasserted.ver_fail_server']);
    assert.equal(fieldOf(visitor.screen, 'email')?.value, 'a@contoso.example');
    await failing.close();
  });

  test('the step trusts no plan: without a name, or with one of another kind, it does nothing', async () => {
    const settings = { accounts: ['emailCode'], email: { label: { id: 'attribute.email' } }, signUp: true } as const;
    const enter = (facts: Facts) => codeSignIn.enter(contextFor(house, facts), settings);
    await assert.rejects(enter({}), { code: 'flows.unproved' });
    await assert.rejects(enter({ signInName: '+4915123456789' }), { code: 'flows.unproved' });
    const memo = {
      channel: 'email',
      address: 'a@contoso.example',
      proof: { state: 'sent', address: 'a@contoso.example' },
    };
    const submit = codeSignIn.submit(contextFor(house, {}, { memo }), settings, {
      action: 'createAccount',
      values: {},
    });
    await assert.rejects(submit, { code: 'flows.unproved' });
  });
});
