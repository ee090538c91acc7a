import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { entities } from '../../model/index.ts';
import { tenantSignIn } from '../events/contender.ts';
import type { Screen } from '../screen.ts';
import {
  assignToGuests,
  codeNames,
  createGuestFlow,
  guestOf,
  partner,
  proveNewcomer,
  signInByMail,
} from '../testing/guests.ts';
import {
  codeFor,
  errorsOf,
  fieldOf,
  type House,
  messagesOf,
  openHouse,
  password,
  seed,
  type Visitor,
} from '../testing/harness.ts';

const houses: House[] = [];
after(() => Promise.all(houses.map((house) => house.close())));

let house: House;
beforeEach(async () => {
  house = await openHouse();
  houses.push(house);
});

const actionsOf = ({ actions }: Screen): readonly string[] => actions.map(({ name }) => name);
const { user, invitation } = entities;

const guest = (email: string) => ({
  userType: 'Guest',
  mail: email,
  displayName: 'Approved',
  identities: [{ signInType: 'federated', issuer: 'mail', issuerAssignedId: email }],
});

test('a newcomer proves an address, fills in what the flow asks for, and is a guest', async () => {
  await createGuestFlow(house);
  await assignToGuests(house, 'displayName');
  const visitor = await house.begin(partner);
  assert.equal(visitor.screen.id, 'signuporsignin');
  await proveNewcomer(house, visitor, 'Eve@fabrikam.example');
  assert.equal(visitor.screen.id, 'socialccountsignup');
  await visitor.press('continue', { displayName: 'Eve Example' });
  assert.match(visitor.url, /arrived/);
  const [arrival] = house.host.arrivals;
  assert.equal(arrival?.newUser, true);
  assert.deepEqual(arrival?.amr, ['otp']);
  assert.equal(arrival?.foreign?.issuer, 'mail');
  const made = await guestOf(house);
  assert.equal(made.userType, 'Guest');
  assert.equal(made.userPrincipalName, 'eve_fabrikam.example#EXT#@contoso.onmicrosoft.com');
  assert.equal(made.mail, 'Eve@fabrikam.example');
  assert.equal(made.creationType, 'SelfServiceSignUp');
  assert.equal(made.externalUserState, null);
  assert.equal(made.displayName, 'Eve Example');
  assert.deepEqual(made.identities, [
    { signInType: 'federated', issuer: 'mail', issuerAssignedId: 'Eve@fabrikam.example' },
  ]);
});

test('the code has eight digits and is good for half an hour', async () => {
  await createGuestFlow(house);
  for (const [wait, shown] of [
    [1799, false],
    [1800, true],
  ] as const) {
    const email = `late${wait}@fabrikam.example`;
    const visitor = await house.begin(partner);
    await visitor.press('createAccount');
    await visitor.press('continue', { email });
    const code = codeFor(house, email);
    assert.match(code, /^\d{8}$/);
    house.clock.advance(wait);
    await visitor.press(codeNames.verify, { [codeNames.code]: code });
    assert.equal(visitor.move.kind === 'show', shown, `after ${wait} s`);
  }
});

test('whoever has an account sees nothing of the flow, whichever way they came', async () => {
  await createGuestFlow(house);
  await assignToGuests(house, 'city');
  await house.directory.create(seed, user, guest('known@fabrikam.example'));
  for (const come of [signInByMail, proveNewcomer]) {
    const visitor = await house.begin(partner);
    await come(house, visitor, 'KNOWN@fabrikam.example');
    assert.match(visitor.url, /arrived/);
    const arrival = house.host.arrivals.at(-1);
    assert.deepEqual([arrival?.newUser, arrival?.foreign?.issuer], [false, 'mail']);
    house.clock.advance(60);
  }
});

test('a local account signs in with its password, and a work account with its principal name', async () => {
  await house.directory.create(seed, user, {
    displayName: 'Worker',
    mailNickname: 'worker',
    userPrincipalName: 'worker@contoso.onmicrosoft.com',
    passwordProfile: { password },
  });
  for (const name of ['adele@contoso.example', 'worker@contoso.onmicrosoft.com']) {
    const visitor = await house.begin(tenantSignIn);
    const before = house.work.hashes;
    const [field] = visitor.screen.fields;
    await visitor.press('next', { [field?.name ?? '']: name, password: 'wrong' });
    const [message] = messagesOf(visitor.screen);
    assert.equal(message, 'signuporsignin.DefaultMessage');
    await visitor.press('next', { [field?.name ?? '']: name, password });
    assert.match(visitor.url, /arrived/, name);
    assert.equal(house.work.hashes - before, 2);
  }
});

test('a principal name opens nothing in a user flow', async () => {
  await house.directory.create(seed, user, {
    displayName: 'Worker',
    mailNickname: 'worker',
    userPrincipalName: 'worker@contoso.onmicrosoft.com',
    passwordProfile: { password },
  });
  const visitor = await house.begin();
  await visitor.press('next', { email: 'worker@contoso.onmicrosoft.com', password });
  assert.deepEqual(messagesOf(visitor.screen), ['signuporsignin.DefaultMessage']);
});

test('without a flow nobody can create an account', async () => {
  const visitor = await house.begin(tenantSignIn);
  assert.ok(!actionsOf(visitor.screen).includes('createAccount'));
  await signInByMail(house, visitor, 'stranger@fabrikam.example');
  assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.UserMessageIfClaimsPrincipalDoesNotExist']);
  assert.deepEqual(actionsOf(visitor.screen), ['cancel']);
});

test('a code does not stand in for a password that its owner has chosen', async () => {
  await createGuestFlow(house);
  const visitor = await house.begin(partner);
  await signInByMail(house, visitor, 'adele@contoso.example');
  assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.UserMessageIfPasswordIsAsked']);
  const other = await house.begin(partner);
  house.clock.advance(60);
  await proveNewcomer(house, other, 'adele@contoso.example');
  assert.deepEqual(messagesOf(other.screen), ['selfasserted.UserMessageIfPasswordIsAsked']);
  assert.deepEqual(house.host.arrivals, []);
});

test('nobody learns whether an address has an account before it is proved', async () => {
  await createGuestFlow(house);
  await house.directory.create(seed, user, guest('known@fabrikam.example'));
  const told = async (email: string) => {
    const visitor = await house.begin(partner);
    await visitor.press('createAccount');
    await visitor.press('continue', { email });
    const [letter] = house.outbox.messages(email);
    const { text = '', subject } = letter ?? {};
    return JSON.stringify([visitor.screen, subject, text.replace(/\d{8}/, 'CODE')]).replaceAll(email, 'ADDRESS');
  };
  assert.equal(await told('known@fabrikam.example'), await told('nobody@fabrikam.example'));
  assert.equal(await told('adele@contoso.example'), await told('nobody2@fabrikam.example'));
});

test('an account that was switched off stays out', async () => {
  await createGuestFlow(house);
  await house.directory.create(seed, user, { ...guest('off@fabrikam.example'), accountEnabled: false });
  const visitor = await house.begin(partner);
  await signInByMail(house, visitor, 'off@fabrikam.example');
  assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.UserMessageIfUserAccountDisabled']);
});

test('two journeys of one newcomer make one guest, and both arrive', async () => {
  await createGuestFlow(house);
  await assignToGuests(house, 'city');
  const visitors = [await house.begin(partner), await house.begin(partner)];
  for (const visitor of visitors) {
    await proveNewcomer(house, visitor, 'both@fabrikam.example');
    house.clock.advance(60);
  }
  await Promise.all(visitors.map((visitor) => visitor.press('continue', { city: 'Turin' })));
  const [first, second] = house.host.arrivals;
  assert.equal(first?.userId, second?.userId);
  assert.deepEqual([first?.newUser, second?.newUser].toSorted(), [false, true]);
});

test('what was typed is kept, and a page that asks for nothing wrong is shown once', async () => {
  await createGuestFlow(house);
  const visitor = await house.begin(partner);
  await visitor.press('createAccount');
  await visitor.press('continue', { email: 'no address' });
  assert.deepEqual(errorsOf(visitor.screen), { email: ['field.notAnEmail'] });
  assert.equal(fieldOf(visitor.screen, 'email')?.value, 'no address');
  await visitor.press('continue', { email: '' });
  assert.deepEqual(errorsOf(visitor.screen), { email: ['field.required'] });
  await visitor.press('cancel');
  assert.deepEqual(house.host.refusals, ['cancelled']);
});

test('a session that a code began counts for a day', async () => {
  const made = await house.directory.create(seed, user, guest('day@fabrikam.example'));
  const glide = (age: number) =>
    house.flows.glide({
      flowId: tenantSignIn,
      client: { appId: '11111111-1111-4111-8111-111111111111', displayName: 'Tasks' },
      uiLocales: [],
      acceptLanguages: [],
      sender: { address: '203.0.113.7', userAgent: undefined, device: undefined, origin: undefined },
      correlationId: 'c',
      session: {
        userId: made.entity.id,
        authTime: house.clock.now() - age,
        amr: ['otp'],
        keepSignedIn: false,
        foreign: { provider: 'EmailOtpSignup-OAUTH', issuer: 'mail' },
      },
    });
  assert.equal((await glide(86_399)).kind, 'arrive');
  assert.equal((await glide(86_400)).kind, 'page');
});

test('who was invited and comes of their own accord has accepted by proving the address', async () => {
  const address = 'invited@fabrikam.example';
  await house.directory.create(seed, invitation, {
    invitedUserEmailAddress: address,
    inviteRedirectUrl: 'https://app.example/',
  });
  const visitor = await house.begin(tenantSignIn);
  await signInByMail(house, visitor, address);
  assert.match(visitor.url, /arrived/);
  const accepted = await guestOf(house);
  assert.deepEqual([accepted.externalUserState, accepted.creationType], ['Accepted', 'Invitation']);
  assert.deepEqual(accepted.identities, [{ signInType: 'federated', issuer: 'mail', issuerAssignedId: address }]);
});

test('a flow whose providers have no credentials cannot be begun, and says so', async () => {
  await createGuestFlow(house, ['AADSignup-OAUTH', 'MSASignup-OAUTH']);
  await assert.rejects(house.begin(partner), { code: 'flows.noProvider' });
  await createGuestFlow(house, [], {}, 'Empty');
  await assert.rejects(house.begin('B2X_1_Empty'), { code: 'flows.noProvider' });
  await assert.rejects(house.begin('B2X_1_Nothing'), { code: 'flows.unknownFlow' });
});

const wordsIn = ({ move }: Visitor) => Object.entries(move.kind === 'show' ? (move.words ?? {}) : {});

test('the page with the attributes says what the flow wants it to say', async () => {
  await createGuestFlow(house);
  await assignToGuests(house, 'city');
  const flow = { type: entities.b2xIdentityUserFlow, id: partner };
  const language = {
    type: entities.userFlowLanguageConfiguration,
    id: 'en',
    within: { parent: flow, navigation: 'languages' },
  };
  const page = { type: entities.userFlowLanguagePage, id: 'selfasserted1_1' };
  const own = {
    ElementType: 'UxElement',
    ElementId: null,
    StringId: 'button_continue',
    Override: true,
    Value: 'Go on',
  };
  const label = { ElementType: 'ClaimType', ElementId: 'city', StringId: 'DisplayName', Override: true, Value: 'Town' };
  await house.directory.update(
    seed,
    { ...page, within: { parent: language, navigation: 'overridesPages' } },
    { content: JSON.stringify({ LocalizedStrings: [own, label] }) },
  );
  const visitor = await house.begin(partner, { uiLocales: ['en'] });
  await visitor.press('createAccount');
  assert.deepEqual(wordsIn(visitor), [], 'other pages are none of its');
  const newcomer = await house.begin(partner, { uiLocales: ['en'] });
  await proveNewcomer(house, newcomer, 'worded@fabrikam.example');
  assert.deepEqual(fieldOf(newcomer.screen, 'city')?.label, { literal: 'Town' });
  assert.deepEqual(wordsIn(newcomer), [['socialccountsignup.button_continue', 'Go on']]);
});
