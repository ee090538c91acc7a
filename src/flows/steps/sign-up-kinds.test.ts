import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { enterCode, offer, openHouseOfAll } from '../testing/accounts.ts';
import {
  assign,
  codeFor,
  errorsOf,
  fieldOf,
  type House,
  messagesOf,
  newPasswords,
  seed,
  type Visitor,
} from '../testing/harness.ts';

const issuer = 'contoso.onmicrosoft.com';
const number = '+4915123456789';

describe('sign-up by kind of account', () => {
  let house: House;
  const atSignUp = async (flow: string): Promise<Visitor> => {
    const visitor = await house.begin(`B2C_1_${flow}`);
    await visitor.press('createAccount');
    return visitor;
  };
  const proveMail = async (visitor: Visitor, email: string) => {
    await visitor.press('email_ver_but_send', { email });
    await visitor.press('email_ver_but_verify', { email, email_ver_input: codeFor(house, email) });
  };
  before(async () => {
    house = await openHouseOfAll();
    await offer(house, 'user', 'userName');
    await offer(house, 'lax', 'userName');
    await assign(house, 'email', { requiresVerification: false }, 'B2C_1_lax');
    await offer(house, 'phone', 'phoneWithOneTimePassword');
    await assign(house, 'displayName', { isOptional: false }, 'B2C_1_phone');
    await offer(house, 'code', 'emailCode');
    await assign(house, 'email', { requiresVerification: false }, 'B2C_1_code');
    await offer(house, 'every', 'emailWithPassword,userName,phoneWithOneTimePassword,emailCode');
    await offer(house, 'up', 'emailWithPassword', { userFlowType: 'signUp' });
    await offer(house, 'upany', 'userName,phoneWithOneTimePassword', { userFlowType: 'signUp' });
    const blocked = { settings: { isSignInBlocked: true } };
    await offer(house, 'blocked', 'emailWithPassword', blocked);
    await offer(house, 'blockedin', 'emailWithPassword', { userFlowType: 'signIn', ...blocked });
  });
  after(() => house.close());

  test('a user name comes with a proved address, which is kept for recovery and is no name', async () => {
    const visitor = await atSignUp('user');
    assert.deepEqual(
      visitor.screen.fields.map(({ name }) => name),
      ['UserId', 'email', 'newPassword', 'reenterPassword'],
    );
    await proveMail(visitor, 'ada@contoso.example');
    for (const UserId of ['', '_ada', 'ada lovelace', 'ada@contoso', 'ä', 'a'.repeat(65)]) {
      await visitor.press('continue', { UserId, ...newPasswords });
      const id = UserId === '' ? 'field.required' : 'field.notAUserName';
      assert.deepEqual(errorsOf(visitor.screen), { UserId: [id] }, UserId);
      assert.equal(fieldOf(visitor.screen, 'UserId')?.value ?? '', UserId, 'nothing is lost');
    }
    await visitor.press('continue', { UserId: ' Ada-1 ', ...newPasswords });
    const user = await house.identity.findBySignInName('ada-1');
    assert.deepEqual(user?.identities, [{ signInType: 'userName', issuer, issuerAssignedId: 'Ada-1' }]);
    assert.equal(user?.recoveryEmail, 'ada@contoso.example');
    assert.equal(house.host.arrivals.at(-1)?.userId, user?.id);
    assert.equal(await house.identity.findBySignInName('ada@contoso.example'), undefined);
    const back = await house.begin('B2C_1_user');
    await back.press('next', { UserId: 'ADA-1', password: newPasswords.newPassword });
    assert.equal(house.host.arrivals.at(-1)?.newUser, false);
  });

  test('a taken user name is told after the whole form, and another can be chosen', async () => {
    const passwordHash = await house.identity.hashPassword('x');
    await house.identity.register(seed, { userName: 'taken', passwordHash, attributes: {} });
    const visitor = await atSignUp('user');
    await visitor.press('continue', { UserId: 'TAKEN', email: 'eve@contoso.example', ...newPasswords });
    assert.deepEqual(messagesOf(visitor.screen), ['localaccountsignup.UserMessageIfClaimNotVerified']);
    await proveMail(visitor, 'eve@contoso.example');
    await visitor.press('continue', { UserId: 'TAKEN', ...newPasswords });
    assert.deepEqual(messagesOf(visitor.screen), ['localaccountsignup.UserMessageIfClaimsPrincipalAlreadyExists']);
    assert.equal(fieldOf(visitor.screen, 'UserId')?.value, 'TAKEN');
    await visitor.press('continue', { UserId: 'eve', ...newPasswords });
    assert.match(visitor.url, /arrived=/);
  });

  test('the address of a user name is not proved where its assignment says so', async () => {
    const visitor = await atSignUp('lax');
    assert.equal(visitor.screen.verification, undefined);
    await visitor.press('continue', { UserId: 'lax', email: 'lax@contoso.example', ...newPasswords });
    assert.equal((await house.identity.findBySignInName('lax'))?.recoveryEmail, 'lax@contoso.example');
  });

  test('a number is proved on the page, and the account has no password', async () => {
    const visitor = await atSignUp('phone');
    assert.equal(visitor.screen.id, 'phoneSignUp');
    assert.deepEqual(
      visitor.screen.fields.map(({ name, input }) => [name, input]),
      [
        ['nationalNumber', 'phone'],
        ['displayName', 'text'],
      ],
    );
    await visitor.press('phoneVerificationControl_but_send_code', { nationalNumber: '+1 900 555 0100' });
    assert.deepEqual(errorsOf(visitor.screen), { nationalNumber: ['field.notAPhoneNumber'] });
    await visitor.press('phoneVerificationControl_but_send_code', { nationalNumber: '+49 151 23456789' });
    await enterCode(house, visitor, number);
    assert.equal(visitor.screen.verification?.state, 'verified');
    await visitor.press('continue', { displayName: '' });
    assert.deepEqual(errorsOf(visitor.screen), { displayName: ['field.required'] });
    await visitor.press('continue', { displayName: 'Ada' });
    const user = await house.identity.findBySignInName(number);
    assert.deepEqual(user?.identities, [{ signInType: 'phoneNumber', issuer, issuerAssignedId: number }]);
    assert.equal(user?.displayName, 'Ada');
    assert.equal(user?.passwordHash, null);
    assert.deepEqual(house.host.arrivals.at(-1)?.amr, ['sms']);
  });

  test('an account without a password is never made without the proof, whatever the assignment says', async () => {
    const visitor = await atSignUp('code');
    assert.deepEqual(
      visitor.screen.fields.map(({ name }) => name),
      ['email'],
    );
    await visitor.press('continue', { email: 'code@contoso.example' });
    assert.deepEqual(messagesOf(visitor.screen), ['localaccountsignup.UserMessageIfClaimNotVerified']);
    await proveMail(visitor, 'code@contoso.example');
    await visitor.press('continue');
    const user = await house.identity.findBySignInName('code@contoso.example');
    assert.deepEqual(house.host.arrivals.at(-1), {
      userId: user?.id,
      newUser: true,
      amr: ['otp'],
      authTime: house.clock.now(),
      flowId: 'B2C_1_code',
      keepSignedIn: false,
    });
  });

  test('where several kinds are offered people choose, unless what they typed has told', async () => {
    const visitor = await atSignUp('every');
    assert.equal(visitor.screen.id, 'idpselections');
    assert.deepEqual(
      visitor.screen.actions.map(({ name }) => name),
      [
        'SignUpWithLogonEmailExchange',
        'SignUpWithLogonNameExchange',
        'SignUpWithPhoneExchange',
        'SignUpWithEmailCodeExchange',
        'cancel',
      ],
    );
    await visitor.press('SignUpWithPhoneExchange');
    assert.equal(visitor.screen.id, 'phoneSignUp');

    const typed = await house.begin('B2C_1_every');
    await typed.press('createAccount', { logonIdentifier: '+49 151 23456789' });
    assert.equal(typed.screen.id, 'phoneSignUp');
    assert.equal(fieldOf(typed.screen, 'nationalNumber')?.value, number);
    assert.equal(typed.screen.verification?.state, 'initial', 'typed is not proved');

    const ambiguous = await house.begin('B2C_1_every');
    await ambiguous.press('createAccount', { logonIdentifier: 'a@contoso.example' });
    assert.equal(ambiguous.screen.id, 'idpselections');
    await ambiguous.press('SignUpWithEmailCodeExchange');
    assert.deepEqual(
      ambiguous.screen.fields.map(({ name, value }) => [name, value]),
      [['email', 'a@contoso.example']],
    );
  });

  test('a flow that only signs up begins with the new account, and tells of one that exists', async () => {
    const visitor = await house.begin('B2C_1_up', { loginHint: 'adele@contoso.example' });
    assert.equal(visitor.screen.id, 'localaccountsignup');
    assert.equal(fieldOf(visitor.screen, 'email')?.value, 'adele@contoso.example');
    await proveMail(visitor, 'adele@contoso.example');
    await visitor.press('continue', { ...newPasswords });
    assert.deepEqual(messagesOf(visitor.screen), ['localaccountsignup.UserMessageIfClaimsPrincipalAlreadyExists']);
    await visitor.press('email_ver_but_edit');
    await proveMail(visitor, 'up@contoso.example');
    await visitor.press('continue', { ...newPasswords });
    assert.equal(house.host.arrivals.at(-1)?.newUser, true);

    const choosing = await house.begin('B2C_1_upany');
    await choosing.press('SignUpWithLogonNameExchange');
    assert.equal(choosing.screen.fields[0]?.name, 'UserId');
    const cancelled = await house.begin('B2C_1_upany');
    await cancelled.press('cancel');
    assert.equal(house.host.refusals.at(-1), 'cancelled');
  });

  test('where sign-in is blocked nobody comes in by an account that exists, but by a new one', async () => {
    const refused = await house.begin('B2C_1_blockedin');
    assert.match(refused.url, /refused=/);
    assert.equal(house.host.refusals.at(-1), 'blocked');
    const adele = await house.identity.findBySignInName('adele@contoso.example');
    const session = { userId: adele?.id ?? '', authTime: house.clock.now(), amr: ['pwd'], keepSignedIn: false };
    assert.match((await house.begin('B2C_1_blocked', { session })).url, /refused=/);
    const visitor = await house.begin('B2C_1_blocked');
    assert.equal(visitor.screen.id, 'localaccountsignup');
    await proveMail(visitor, 'fresh@contoso.example');
    await visitor.press('continue', { ...newPasswords });
    assert.equal(house.host.arrivals.at(-1)?.newUser, true);
  });

  test('of two journeys that choose one user name at the same moment one makes the account', async () => {
    const ready = async (email: string) => {
      const visitor = await atSignUp('user');
      await proveMail(visitor, email);
      return visitor;
    };
    const visitors = [await ready('r1@contoso.example'), await ready('r2@contoso.example')];
    const arrived = house.host.arrivals.length;
    await Promise.all(visitors.map((one) => one.press('continue', { UserId: 'racer', ...newPasswords })));
    assert.equal(house.host.arrivals.length, arrived + 1);
    const [loser] = visitors.filter(({ move }) => move.kind === 'show');
    assert.ok(loser);
    assert.deepEqual(messagesOf(loser.screen), ['localaccountsignup.UserMessageIfClaimsPrincipalAlreadyExists']);
  });

  test('a letter goes to the very address that is kept: look-alike letters are folded before', async () => {
    const visitor = await atSignUp('user');
    await visitor.press('email_ver_but_send', { email: '\u212Aate@contoso.example' });
    await visitor.press('email_ver_but_verify', { email_ver_input: codeFor(house, 'Kate@contoso.example') });
    await visitor.press('continue', { UserId: 'kate', ...newPasswords });
    assert.equal((await house.identity.findBySignInName('kate'))?.recoveryEmail, 'Kate@contoso.example');
  });
});
