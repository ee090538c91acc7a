import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entities } from '../../model/index.ts';
import { namesOf } from '../local-accounts.ts';
import { allowAccounts, offer, openHouseOfAll } from '../testing/accounts.ts';
import { errorsOf, fieldOf, type House, messagesOf, password, seed } from '../testing/harness.ts';
import { readName } from './sign-in-name.ts';

const issuer = 'contoso.onmicrosoft.com';
const number = '+4915123456789';

describe('names at sign-in', () => {
  let house: House;
  let userId = '';
  before(async () => {
    house = await openHouseOfAll();
    const { entity } = await house.directory.create(seed, entities.user, {
      displayName: 'Many names',
      passwordProfile: { password },
      identities: [
        { signInType: 'emailAddress', issuer, issuerAssignedId: 'one@contoso.example' },
        { signInType: 'emailAddress1', issuer, issuerAssignedId: 'two@contoso.example' },
        { signInType: 'userName', issuer, issuerAssignedId: 'Many_Names' },
        { signInType: 'phoneNumber', issuer, issuerAssignedId: number },
      ],
    });
    userId = entity.id;
    await offer(house, 'user', 'userName');
    await offer(house, 'both', 'emailWithPassword,userName');
    await offer(house, 'any', 'emailWithPassword,userName,phoneWithOneTimePassword');
    await offer(house, 'routed', 'emailWithPassword,phoneWithOneTimePassword');
    await offer(house, 'either', 'emailWithPassword,emailCode');
    const keep = { singleSignOnSessionConfiguration: { isKeepMeSignedInEnabled: true } };
    await offer(house, 'keep', 'emailWithPassword', keep);
    await offer(house, 'keepold', 'emailWithPassword', { ...keep, userFlowTypeVersion: 1 });
    await offer(house, 'in', 'emailWithPassword', { userFlowType: 'signIn' });
    await offer(house, 'up', 'emailWithPassword', { userFlowType: 'signUp' });
  });
  after(() => house.close());

  test('the field has the element id and the label of what can be typed', async () => {
    const shown = await Promise.all(
      ['susi', 'user', 'both', 'any', 'routed', 'in'].map(async (id) => {
        const [first] = (await house.begin(`B2C_1_${id}`)).screen.fields;
        return [id, first?.name, first?.input, first && 'id' in first.label && first.label.id];
      }),
    );
    assert.deepEqual(shown, [
      ['susi', 'email', 'email', 'attribute.email'],
      ['user', 'UserId', 'text', 'signuporsignin.logonIdentifier_username'],
      ['both', 'logonIdentifier', 'text', 'signuporsignin.logonIdentifier_email_username'],
      ['any', 'logonIdentifier', 'text', 'signuporsignin.logonIdentifier_email_username_phone'],
      ['routed', 'logonIdentifier', 'text', 'signuporsignin.logonIdentifier_email_phone'],
      ['in', 'email', 'email', 'attribute.email'],
    ]);
  });

  test('a person signs in by any name of the kinds that the flow offers, and by no other', async () => {
    const signIn = async (flow: string, field: string, name: string) => {
      const visitor = await house.begin(`B2C_1_${flow}`);
      await visitor.press('next', { [field]: name, password });
      return visitor.move.kind === 'go' ? house.host.arrivals.at(-1)?.userId : messagesOf(visitor.screen)[0];
    };
    const unknown = 'signuporsignin.DefaultMessage';
    assert.equal(await signIn('susi', 'email', 'TWO@contoso.example'), userId);
    assert.equal(await signIn('user', 'UserId', 'many_names'), userId);
    assert.equal(await signIn('both', 'logonIdentifier', 'MANY_NAMES'), userId);
    assert.equal(await signIn('both', 'logonIdentifier', 'one@contoso.example'), userId);
    assert.equal(await signIn('user', 'UserId', 'one@contoso.example'), unknown);
    assert.equal(await signIn('user', 'UserId', number), unknown);
    assert.equal(await signIn('both', 'logonIdentifier', number), unknown);
  });

  test('where a password is not always asked for, the name comes first and decides by its looks', async () => {
    const visitor = await house.begin('B2C_1_routed', { loginHint: 'one@contoso.example' });
    assert.deepEqual(
      visitor.screen.fields.map(({ name, value }) => [name, value]),
      [['logonIdentifier', 'one@contoso.example']],
    );
    const shows = async (name: string) => {
      await visitor.press('next', { logonIdentifier: name });
      return visitor.screen.fields.map((field) => field.name);
    };
    assert.deepEqual(await shows('adele'), ['logonIdentifier']);
    assert.deepEqual(errorsOf(visitor.screen), { logonIdentifier: ['signuporsignin.invalid_email_phone'] });
    assert.deepEqual(await shows('nobody@contoso.example'), ['logonIdentifier', 'password']);
    assert.deepEqual(await shows('one@contoso.example'), ['logonIdentifier', 'password'], 'known or not');
    assert.deepEqual(errorsOf(visitor.screen), { password: ['signuporsignin.requiredField_password'] });
    assert.deepEqual(await shows('0151 234567'), ['nationalNumber'], 'a number without a country asks for it');
    assert.deepEqual(errorsOf(visitor.screen), { nationalNumber: ['phoneSignIn.invalid_number'] });
    assert.equal(fieldOf(visitor.screen, 'nationalNumber')?.value, '0151 234567');
    await visitor.press('continue', { nationalNumber: number });
    assert.equal(visitor.screen.verification?.state, 'sent');
  });

  test('who has a password may have a code mailed instead', async () => {
    const visitor = await house.begin('B2C_1_either');
    assert.deepEqual(
      visitor.screen.actions.map(({ name }) => name),
      ['next', 'emailCode', 'forgotPassword', 'createAccount'],
    );
    await visitor.press('emailCode', { email: 'one' });
    assert.deepEqual(errorsOf(visitor.screen), { email: ['signuporsignin.invalid_generic'] });
    await visitor.press('emailCode', { email: 'one@contoso.example' });
    assert.equal(visitor.screen.verification?.state, 'sent');
    const code = house.outbox.messages('one@contoso.example')[0]?.code ?? '';
    await visitor.press('continue', { emailVerificationCode: code });
    assert.equal(house.host.arrivals.at(-1)?.userId, userId);
  });

  test('whoever wants to stay signed in says so, in recommended flows that offer it', async () => {
    const rememberIn = async (flow: string, values: Readonly<Record<string, string>>) => {
      const visitor = await house.begin(`B2C_1_${flow}`);
      const offered = fieldOf(visitor.screen, 'rememberMe')?.input;
      await visitor.press('next', { email: 'one@contoso.example', password: 'Wrong-1', ...values });
      const kept = fieldOf(visitor.screen, 'rememberMe')?.value;
      await visitor.press('next', { email: 'one@contoso.example', password, ...values });
      return [offered, kept, house.host.arrivals.at(-1)?.keepSignedIn];
    };
    assert.deepEqual(await rememberIn('keep', { rememberMe: 'true' }), ['checkbox', 'true', true]);
    assert.deepEqual(await rememberIn('keep', {}), ['checkbox', undefined, false]);
    assert.deepEqual(await rememberIn('susi', { rememberMe: 'true' }), [undefined, undefined, false]);
    assert.deepEqual(await rememberIn('keepold', { rememberMe: 'true' }), [undefined, undefined, false]);
  });

  test('a flow that only signs in has a page of its own and no way to an account', async () => {
    const { screen } = await house.begin('B2C_1_in');
    assert.equal(screen.id, 'localaccountsignin');
    assert.deepEqual(
      screen.actions.map(({ name }) => name),
      ['next', 'forgotPassword'],
    );
  });

  test('wrong passwords count for the account, by whichever name, and lock it for all of them', async () => {
    const passwordHash = await house.identity.hashPassword(password);
    const names = { email: 'lock@contoso.example', userName: 'lock' };
    await house.identity.register(seed, { ...names, passwordHash, attributes: {} });
    const visitor = await house.begin('B2C_1_both');
    for (let wrong = 0; wrong < 10; wrong += 1) {
      const logonIdentifier = wrong % 2 ? 'lock' : 'lock@contoso.example';
      await visitor.press('next', { logonIdentifier, password: `Wrong-${wrong}` });
    }
    for (const logonIdentifier of ['LOCK', 'lock@contoso.example']) {
      await visitor.press('next', { logonIdentifier, password });
      assert.deepEqual(messagesOf(visitor.screen), ['signuporsignin.UserMessageIfUserAccountLocked']);
    }
  });

  test('the switch of the tenant counts from the next journey on', async () => {
    await allowAccounts(house, { isUserNameAuthenticationEnabled: false });
    await assert.rejects(house.begin('B2C_1_user'), { code: 'flows.noProvider' });
    assert.equal((await house.begin('B2C_1_both')).screen.fields[0]?.name, 'email');
    await allowAccounts(house, { isUserNameAuthenticationEnabled: true });
    assert.equal((await house.begin('B2C_1_user')).screen.fields[0]?.name, 'UserId');
  });
});

test('a name is read by its looks, among the names that are in use', () => {
  const every = namesOf(['emailWithPassword', 'userName', 'phone', 'emailCode']);
  assert.deepEqual(every, ['email', 'userName', 'phone']);
  const read = (typed: string) => readName(typed, every);
  assert.equal(read('a@b.example'), 'email');
  assert.equal(read('adele_v'), 'userName');
  assert.equal(read('4915123456789'), 'userName', 'digits alone are a user name where there are user names');
  assert.equal(read('+49 151 23456789'), 'phone');
  assert.equal(read('(0151) 234-56789'), 'phone');
  assert.equal(read('no such: name'), 'userName');
  assert.equal(readName('4915123456789', ['email', 'phone']), 'phone');
  assert.equal(readName('12345', ['email', 'phone']), undefined);
  assert.equal(readName('a@b.example', ['userName', 'phone']), 'userName');
  assert.equal(readName('a@b.example', ['phone']), undefined);
  assert.equal(readName('adele', ['email']), undefined);
});
