import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Identity } from '../../identity/index.ts';
import { entities } from '../../model/index.ts';
import {
  codeFor,
  createFlow,
  errorsOf,
  fieldOf,
  type House,
  messagesOf,
  newPasswords,
  openHouse,
  otherThan,
  password,
  proofMessagesOf,
  seed,
  type Visitor,
} from '../testing/harness.ts';
import { changeUser, freshAddress, newUser, resetNames } from '../testing/people.ts';

const page = 'localaccountpasswordreset';
const names = resetNames;

describe('proof of the account whose password was forgotten', () => {
  let house: House;
  let hashes = 0;

  const withUserName = async (recoveryEmail: string): Promise<string> => {
    const userName = freshAddress().split('@', 1)[0] ?? '';
    const passwordHash = await house.identity.hashPassword(password);
    await house.identity.register(seed, { userName, recoveryEmail, passwordHash, attributes: {} });
    return userName;
  };
  const prove = async (visitor: Visitor, email: string): Promise<void> => {
    await visitor.press(names.send, { email });
    await visitor.press(names.verify, { email, emailVerificationCode: codeFor(house, email) });
  };
  const begin = () => house.begin('B2C_1_reset');
  const byName = () => house.begin('B2C_1_byname');

  const counted = (identity: Identity): Identity => ({
    ...identity,
    hashPassword(text) {
      hashes += 1;
      return identity.hashPassword(text);
    },
    hasPassword(user, text) {
      hashes += 1;
      return identity.hasPassword(user, text);
    },
    provePassword(name, text, how) {
      hashes += 1;
      return identity.provePassword(name, text, how);
    },
  });

  before(async () => {
    house = await openHouse({ identity: counted });
    await createFlow(house, 'reset', { userFlowType: 'passwordReset' });
    await createFlow(house, 'byname', {
      userFlowType: 'passwordReset',
      settings: { passwordReset: { identifier: 'userName' } },
    });
  });
  after(() => house.close());

  test('asks for the address, proves it with a code for this purpose, and goes on to the new password', async () => {
    const email = await newUser(house);
    const visitor = await begin();
    assert.equal(visitor.screen.id, page);
    assert.deepEqual(
      visitor.screen.fields.map(({ name, input }) => [name, input]),
      [['email', 'email']],
    );
    assert.equal(visitor.screen.verification?.control, 'emailVerificationControl');
    await visitor.press(names.send, { email });
    assert.match(house.outbox.messages(email)[0]?.subject ?? '', /new password/);
    assert.equal(visitor.screen.verification?.state, 'sent');
    await visitor.press(names.verify, { email, emailVerificationCode: codeFor(house, email) });
    assert.equal(visitor.screen.verification?.state, 'verified');
    await visitor.press('continue', { email });
    assert.deepEqual(
      visitor.screen.fields.map(({ name }) => name),
      ['newPassword', 'reenterPassword'],
    );
  });

  test('"continue" with the code in its field proves it as well', async () => {
    const email = await newUser(house);
    const visitor = await begin();
    await visitor.press(names.send, { email });
    await visitor.press('continue', { email, emailVerificationCode: codeFor(house, email) });
    assert.ok(fieldOf(visitor.screen, 'newPassword'));
  });

  test('says the same, mails the same and hashes nothing for an address that nobody has, until it is proved', async () => {
    const walk = async (email: string) => {
      const visitor = await begin();
      const screens = [];
      hashes = 0;
      for (const press of [
        () => visitor.press('continue', { email }),
        () => visitor.press(names.send, { email }),
        () => visitor.press('continue', { email }),
        () => visitor.press(names.verify, { email, emailVerificationCode: otherThan(codeFor(house, email)) }),
        () => visitor.press(names.verify, { email, emailVerificationCode: codeFor(house, email) }),
      ]) {
        await press();
        screens.push(JSON.stringify(visitor.screen).replaceAll(email, 'EMAIL'));
      }
      const letters = house.outbox
        .messages(email)
        .map(({ subject, text, code }) =>
          `${subject} ${text}`.replaceAll(email, 'EMAIL').replaceAll(code ?? '', 'CODE'),
        );
      return { visitor, told: { screens, letters, hashes } };
    };
    const [known, unknown] = [await newUser(house), freshAddress()];
    const ofKnown = await walk(known);
    const ofUnknown = await walk(unknown);
    assert.deepEqual(ofUnknown.told, ofKnown.told);
    assert.equal(ofKnown.told.letters.length, 1);
    assert.equal(ofKnown.told.hashes, 0);
    await ofUnknown.visitor.press('continue', { email: unknown });
    assert.deepEqual(messagesOf(ofUnknown.visitor.screen), [`${page}.UserMessageIfClaimsPrincipalDoesNotExist`]);
    await ofKnown.visitor.press('continue', { email: known });
    assert.ok(fieldOf(ofKnown.visitor.screen, 'newPassword'));
  });

  test('who has no account can still change the address, and is refused nothing that was typed', async () => {
    const [nobody, email] = [freshAddress(), await newUser(house)];
    const visitor = await begin();
    await prove(visitor, nobody);
    await visitor.press('continue', { email: nobody });
    assert.equal(fieldOf(visitor.screen, 'email')?.value, nobody);
    await visitor.press(names.edit, { email: nobody });
    await prove(visitor, email);
    await visitor.press('continue', { email });
    assert.ok(fieldOf(visitor.screen, 'newPassword'));
  });

  test('a disabled account is told of only after the proof', async () => {
    const email = await newUser(house);
    await changeUser(house, email, { accountEnabled: false });
    const visitor = await begin();
    await prove(visitor, email);
    assert.deepEqual(messagesOf(visitor.screen), []);
    await visitor.press('continue', { email });
    const word = `${page}.UserMessageIfClaimsTransformationBooleanValueIsNotEqual`;
    assert.deepEqual(messagesOf(visitor.screen), [word]);
  });

  test('the proof is of one address: another one in the field loses it, whatever the page allowed', async () => {
    const [own, victim] = [await newUser(house), await newUser(house)];
    const visitor = await begin();
    await prove(visitor, own);
    await visitor.press('continue', { email: victim });
    assert.deepEqual(messagesOf(visitor.screen), [`${page}.UserMessageIfClaimNotVerified`]);
    assert.equal(visitor.screen.verification?.state, 'initial');
    await visitor.press(names.send, { email: victim });
    await visitor.press(names.verify, { email: victim, emailVerificationCode: codeFor(house, own) });
    assert.deepEqual(proofMessagesOf(visitor.screen), [`${page}.ver_fail_retry`]);
  });

  test('a code of another journey or for another purpose proves nothing', async () => {
    const email = await newUser(house);
    const other = await begin();
    await other.press(names.send, { email });
    const ofOther = codeFor(house, email);
    const signUp = await house.begin();
    await signUp.press('createAccount');
    await signUp.press('email_ver_but_send', { email });
    const ofSignUp = codeFor(house, email);
    const visitor = await begin();
    await visitor.press(names.send, { email });
    const own = codeFor(house, email);
    for (const code of [ofOther, ofSignUp].filter((one) => one !== own)) {
      await visitor.press(names.verify, { email, emailVerificationCode: code });
      assert.deepEqual(proofMessagesOf(visitor.screen), [`${page}.ver_fail_retry`]);
    }
  });

  test('an address that can be none is not mailed to', async () => {
    const visitor = await begin();
    await visitor.press(names.send, { email: '' });
    assert.deepEqual(errorsOf(visitor.screen), { email: ['field.required'] });
    await visitor.press(names.send, { email: 'somebody' });
    assert.deepEqual(errorsOf(visitor.screen), { email: ['field.notAnEmail'] });
    assert.equal(fieldOf(visitor.screen, 'email')?.value, 'somebody');
    assert.equal(house.outbox.messages('somebody').length, 0);
  });

  test('the address from the application or from the page before is filled in', async () => {
    const visitor = await house.begin('B2C_1_reset', { loginHint: 'ada@contoso.example' });
    assert.equal(fieldOf(visitor.screen, 'email')?.value, 'ada@contoso.example');
  });

  test('Cancel ends the journey', async () => {
    const visitor = await begin();
    await visitor.press('cancel');
    assert.deepEqual(house.host.refusals.at(-1), 'cancelled');
  });

  test('a user name is asked for first, then the address that belongs to it', async () => {
    const email = freshAddress();
    const userName = await withUserName(email);
    const visitor = await byName();
    assert.deepEqual(
      visitor.screen.fields.map(({ name }) => name),
      ['UserId'],
    );
    await visitor.press('continue', { UserId: '' });
    assert.deepEqual(errorsOf(visitor.screen), { UserId: ['field.required'] });
    await visitor.press('continue', { UserId: ` ${userName.toUpperCase()} ` });
    assert.deepEqual(
      visitor.screen.fields.map(({ name, readOnly = false }) => [name, readOnly]),
      [
        ['UserId', true],
        ['email', false],
      ],
    );
    await prove(visitor, email);
    await visitor.press('continue', { email, UserId: 'somebody-else' });
    assert.ok(fieldOf(visitor.screen, 'newPassword'), 'what the page sent for a name that was fixed does not count');
  });

  test('a wrong pair of user name and address looks like a right one until the proof, and then like a name nobody has', async () => {
    const [own, foreign] = [freshAddress(), freshAddress()];
    const [mine, theirs] = [await withUserName(own), await withUserName(foreign)];
    const walk = async (UserId: string) => {
      const visitor = await byName();
      const screens: string[] = [];
      const press = async (action: string, values: Readonly<Record<string, string>>) => {
        await visitor.press(action, values);
        screens.push(JSON.stringify(visitor.screen).replaceAll(UserId, 'NAME'));
      };
      await press('continue', { UserId });
      await press(names.send, { email: own });
      await press(names.verify, { email: own, emailVerificationCode: codeFor(house, own) });
      return { visitor, screens };
    };
    const right = await walk(mine);
    const wrong = await walk(theirs);
    const nobody = await walk('nobody-at-all');
    assert.deepEqual(wrong.screens, right.screens);
    assert.deepEqual(nobody.screens, right.screens);
    for (const { visitor } of [wrong, nobody]) {
      await visitor.press('continue', { email: own });
      assert.deepEqual(messagesOf(visitor.screen), [`${page}.UserMessageIfClaimsPrincipalDoesNotExist`]);
      assert.equal(fieldOf(visitor.screen, 'UserId')?.readOnly, undefined, 'another name can be tried');
    }
    await nobody.visitor.press('continue', { UserId: mine });
    await nobody.visitor.press('continue', { email: own });
    assert.ok(fieldOf(nobody.visitor.screen, 'newPassword'));
  });

  test('neither an address as user name nor a user name as address finds the other kind of account', async () => {
    const email = await newUser(house);
    const visitor = await byName();
    await visitor.press('continue', { UserId: email });
    await prove(visitor, email);
    await visitor.press('continue', { email });
    assert.deepEqual(messagesOf(visitor.screen), [`${page}.UserMessageIfClaimsPrincipalDoesNotExist`]);

    const recovery = freshAddress();
    await withUserName(recovery);
    const byAddress = await begin();
    await prove(byAddress, recovery);
    await byAddress.press('continue', { email: recovery });
    assert.deepEqual(messagesOf(byAddress.screen), [`${page}.UserMessageIfClaimsPrincipalDoesNotExist`]);
  });

  test('where people sign in with one or the other, either is asked for, and an address says all', async () => {
    await house.directory.update(
      seed,
      { type: entities.b2cAuthenticationMethodsPolicy, id: 'b2CAuthenticationMethodsPolicy' },
      { isUserNameAuthenticationEnabled: true },
    );
    const methods = (authenticationMethods: string) => ({ userFlowType: 'passwordReset', authenticationMethods });
    await createFlow(house, 'either', methods('emailWithPassword,userName'));
    await createFlow(house, 'named', methods('userName'));
    const [email, recovery] = [await newUser(house), freshAddress()];
    const userName = await withUserName(recovery);

    const byAddress = await house.begin('B2C_1_either');
    await byAddress.press('continue', { UserId: email });
    assert.deepEqual(
      byAddress.screen.fields.map(({ name, value }) => [name, value]),
      [['email', email]],
    );
    await prove(byAddress, email);
    await byAddress.press('continue', { email });
    assert.ok(fieldOf(byAddress.screen, 'newPassword'));

    for (const flow of ['B2C_1_either', 'B2C_1_named']) {
      const visitor = await house.begin(flow);
      await visitor.press('continue', { UserId: userName });
      await prove(visitor, recovery);
      await visitor.press('continue', { email: recovery });
      assert.ok(fieldOf(visitor.screen, 'newPassword'), flow);
    }
    const nobody = await house.begin('B2C_1_either');
    await nobody.press('continue', { UserId: recovery });
    await prove(nobody, recovery);
    await nobody.press('continue', { email: recovery });
    assert.deepEqual(messagesOf(nobody.screen), [`${page}.UserMessageIfClaimsPrincipalDoesNotExist`]);
    assert.equal(fieldOf(nobody.screen, 'UserId')?.value, recovery);
  });

  test('is offered in the flow itself where the flow says so, and knows what was typed', async () => {
    await createFlow(house, 'inflow', { passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: true } });
    await createFlow(house, 'legacy', {
      passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: false },
    });
    const email = await newUser(house);
    const visitor = await house.begin('B2C_1_inflow');
    await visitor.press('forgotPassword', { email });
    assert.equal(visitor.screen.id, page);
    assert.equal(fieldOf(visitor.screen, 'email')?.value, email);
    await prove(visitor, email);
    await visitor.press('continue', { email });
    await visitor.press('continue', newPasswords);
    assert.match(visitor.url, /arrived/);
    assert.deepEqual(house.host.arrivals.at(-1)?.amr, ['otp', 'pwd']);

    const legacy = await house.begin('B2C_1_legacy');
    await legacy.press('forgotPassword', { email });
    assert.equal(house.host.refusals.at(-1), 'forgotPassword');
  });
});
