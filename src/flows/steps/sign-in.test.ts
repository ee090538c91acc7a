import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entities } from '../../model/index.ts';
import {
  createFlow,
  errorsOf,
  fieldOf,
  type House,
  messagesOf,
  openHouse,
  password,
  seed,
} from '../testing/harness.ts';

describe('sign-in page', () => {
  let house: House;
  before(async () => {
    house = await openHouse();
    const passwordComplexityConfiguration = { isSelfServicePasswordResetAllowed: false };
    await createFlow(house, 'outside', { passwordComplexityConfiguration });
  });
  after(() => house.close());

  test('asks for address and password, and offers the ways out', async () => {
    const { screen } = await house.begin();
    assert.equal(screen.id, 'signuporsignin');
    assert.deepEqual(
      screen.fields.map(({ name, input, autocomplete, required }) => [name, input, autocomplete, required]),
      [
        ['email', 'email', 'username', true],
        ['password', 'password', 'current-password', true],
      ],
    );
    assert.deepEqual(
      screen.actions.map(({ name, style }) => [name, style]),
      [
        ['next', 'primary'],
        ['forgotPassword', 'link'],
        ['createAccount', 'link'],
      ],
    );
  });

  test('fills in the login hint', async () => {
    const { screen } = await house.begin('B2C_1_susi', { loginHint: 'adele@contoso.example' });
    assert.equal(fieldOf(screen, 'email')?.value, 'adele@contoso.example');
  });

  test('the right password ends the journey with the user', async () => {
    const visitor = await house.begin();
    await visitor.press('next', { email: ' Adele@Contoso.example ', password });
    const arrival = house.host.arrivals.at(-1);
    const user = await house.identity.findBySignInName('adele@contoso.example');
    assert.match(visitor.url, /^https:\/\/app\.example\/uid\?arrived=/);
    assert.deepEqual(arrival, {
      userId: user?.id,
      newUser: false,
      amr: ['pwd'],
      authTime: house.clock.now(),
      flowId: 'B2C_1_susi',
      keepSignedIn: false,
    });
  });

  test('a wrong password and an unknown account look the same, and the address stays', async () => {
    const screens = await Promise.all(
      ['adele@contoso.example', 'nobody@contoso.example'].map(async (email) => {
        const visitor = await house.begin();
        await visitor.press('next', { email, password: 'Wrong-password-1' });
        return JSON.stringify(visitor.screen).replaceAll(email, 'EMAIL');
      }),
    );
    assert.equal(screens[0], screens[1]);
    assert.match(screens[0] ?? '', /signuporsignin\.DefaultMessage/);
    assert.match(screens[0] ?? '', /"value":"EMAIL"/);
    assert.doesNotMatch(screens[0] ?? '', /Wrong-password-1/);
  });

  test('what is missing is said beside the field, and no password is looked at', async () => {
    const visitor = await house.begin();
    await visitor.press('next', { email: ' ' });
    assert.deepEqual(errorsOf(visitor.screen), {
      email: ['signuporsignin.requiredField_generic'],
      password: ['signuporsignin.requiredField_password'],
    });
    await visitor.press('next', { email: 'adele', password });
    assert.deepEqual(errorsOf(visitor.screen), { email: ['signuporsignin.invalid_generic'] });
  });

  test('a disabled account is told so, only after the right password', async () => {
    const email = 'off@contoso.example';
    const passwordHash = await house.identity.hashPassword(password);
    const { id } = await house.identity.register(seed, { email, passwordHash, attributes: {} });
    await house.directory.update(seed, { type: entities.user, id }, { accountEnabled: false });
    const visitor = await house.begin();
    await visitor.press('next', { email, password: 'Wrong-password-1' });
    assert.deepEqual(messagesOf(visitor.screen), ['signuporsignin.DefaultMessage']);
    await visitor.press('next', { email, password });
    assert.deepEqual(messagesOf(visitor.screen), ['signuporsignin.UserMessageIfUserAccountDisabled']);
  });

  test('an expired password is told as such, only after the right one, and signs nobody in', async () => {
    const email = 'expired@contoso.example';
    const passwordHash = await house.identity.hashPassword(password);
    const { id } = await house.identity.register(seed, { email, passwordHash, attributes: {} });
    const passwordProfile = { forceChangePasswordNextSignIn: true };
    await house.directory.update(seed, { type: entities.user, id }, { passwordProfile });
    const arrived = house.host.arrivals.length;
    const visitor = await house.begin();
    await visitor.press('next', { email, password: 'Wrong-password-1' });
    assert.deepEqual(messagesOf(visitor.screen), ['signuporsignin.DefaultMessage']);
    await visitor.press('next', { email, password });
    assert.deepEqual(messagesOf(visitor.screen), ['signuporsignin.UserMessageIfPasswordExpired']);
    assert.equal(house.host.arrivals.length, arrived);
  });

  test('after too many wrong passwords even the right one waits', async () => {
    const email = 'locked@contoso.example';
    const passwordHash = await house.identity.hashPassword(password);
    await house.identity.register(seed, { email, passwordHash, attributes: {} });
    const visitor = await house.begin();
    for (let wrong = 0; wrong < 10; wrong += 1)
      await visitor.press('next', { email, password: `Wrong-password-${wrong}` });
    const arrived = house.host.arrivals.length;
    await visitor.press('next', { email, password });
    assert.deepEqual(messagesOf(visitor.screen), ['signuporsignin.UserMessageIfUserAccountLocked']);
    assert.equal(house.host.arrivals.length, arrived);
  });

  test('"forgot password" ends the journey for the application to start a reset', async () => {
    const visitor = await house.begin('B2C_1_outside');
    await visitor.press('forgotPassword');
    assert.equal(house.host.refusals.at(-1), 'forgotPassword');
    assert.match(visitor.url, /refused=/);
  });

  test('"create account" takes the typed address along, and decides nothing by it', async () => {
    const visitor = await house.begin();
    await visitor.press('createAccount', { email: 'adele@contoso.example', password });
    assert.equal(visitor.screen.id, 'localaccountsignup');
    assert.equal(fieldOf(visitor.screen, 'email')?.value, 'adele@contoso.example');
    assert.equal(visitor.screen.verification?.state, 'initial');
  });
});
