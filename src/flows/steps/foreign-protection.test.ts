import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addForeign, type Foreign, offerForeign } from '../testing/foreign.ts';
import {
  assign,
  codeFor,
  contextFor,
  fieldOf,
  type House,
  openHouse,
  sender,
  type Visitor,
} from '../testing/harness.ts';
import { createUser } from './create-user.ts';
import { socialSignUp } from './social-sign-up.ts';

const factor = (multifactorAuthenticationMethod: string) => ({
  multifactorAuthenticationConfiguration: { multifactorAuthenticationState: 'on', multifactorAuthenticationMethod },
});

/** What protects a flow protects it from people whom others have proved, too. */
describe('people of a foreign provider and what protects a flow', () => {
  let house: House;
  let one: Foreign;
  let hinted: Foreign;
  let people = 0;
  before(async () => {
    house = await openHouse();
    one = await addForeign(house);
    hinted = await addForeign(house, { domainHint: 'hinted.example' });
    await offerForeign(house, 'plain', {}, one);
    await offerForeign(house, 'phone', factor('phoneSms'), one);
    await offerForeign(house, 'email', factor('email'), one);
    await offerForeign(house, 'totp', factor('authenticator'), one);
    await offerForeign(
      house,
      'early',
      { ...factor('phoneSms'), settings: { isUserCreatedBeforeMultifactor: true } },
      one,
    );
    await offerForeign(house, 'adults', { settings: { ageGating: { isEnabled: true, rule: 'blockAllMinors' } } }, one);
    const rules = [
      {
        displayName: 'Nobody',
        control: 'block',
        includeApplications: [],
        includeNetworks: [],
        excludeNetworks: [],
        isNewDeviceOnly: false,
      },
    ];
    await offerForeign(
      house,
      'blocked',
      { isConditionalAccessEnforced: true, settings: { conditionalAccess: { rules } } },
      one,
    );
    const passkeys = { isSignInAllowed: true, isEnrolmentOffered: true, isPasswordOptional: true };
    await offerForeign(house, 'passkeys', { settings: { passkeys } }, one);
    await offerForeign(
      house,
      'forced',
      {
        settings: { passwordReset: { isForcedResetEnabled: true } },
        passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: true, allowExpiredPasswordReset: true },
      },
      one,
    );
  });
  after(async () => {
    await one.server.close();
    await hinted.server.close();
    await house.close();
  });

  const newPerson = (claims: Readonly<Record<string, unknown>> = {}): string => {
    people += 1;
    one.server.person = { sub: `person-${people}`, name: `Person ${people}`, ...claims };
    return `person-${people}`;
  };
  const userOf = (sub: string) => house.identity.findByForeignIdentity(one.server.issuer, sub);
  const go = async (flow: string): Promise<Visitor> => {
    house.clock.advance(60);
    const visitor = await house.begin(`B2C_1_${flow}`);
    await one.signIn(visitor);
    return visitor;
  };
  const arrival = () => house.host.arrivals.at(-1);
  const kinds = async (id = '') => (await house.identity.authenticators.of(id)).map(({ kind }) => kind);

  test('a second factor is set up before there is an account, and asked for ever after', async () => {
    const sub = newPerson();
    const number = '+4915112345678';
    const visitor = await go('phone');
    assert.equal(visitor.screen.id, 'phonefactor');
    assert.equal(await userOf(sub), undefined);
    await visitor.press('sendCode', { localNumber: number });
    await visitor.press('verifyCode', { verificationCode: codeFor(house, number) });
    const user = await userOf(sub);
    assert.deepEqual([arrival()?.userId, arrival()?.newUser, arrival()?.amr], [user?.id, true, ['fed', 'sms', 'mfa']]);
    assert.deepEqual(await kinds(user?.id), ['phone']);
    const again = await go('phone');
    assert.equal(again.screen.id, 'phonefactor');
    assert.equal(fieldOf(again.screen, 'localNumber'), undefined, 'the number is on record');
  });

  test('a factor that is given up leaves no account, and leaves one in the order of B2C', async () => {
    const first = newPerson();
    await (await go('phone')).press('cancel');
    assert.equal(await userOf(first), undefined);
    const second = newPerson();
    await (await go('early')).press('cancel');
    assert.deepEqual(await kinds((await userOf(second))?.id), []);
  });

  test('a code by e-mail goes where the person proves to read, not where the provider says', async () => {
    const sub = newPerson({ email: 'claimed@elsewhere.example', email_verified: true });
    const visitor = await go('email');
    const mine = 'mine@contoso.example';
    await visitor.press('emailVerificationControl_but_send_code', { email: mine });
    assert.equal(house.outbox.messages('claimed@elsewhere.example').length, 0);
    await visitor.press('emailVerificationControl_but_verify_code', {
      email: mine,
      emailVerificationCode: codeFor(house, mine),
    });
    assert.deepEqual(await kinds((await userOf(sub))?.id), ['email']);
    const again = await go('email');
    assert.equal(again.screen.verification?.isFixed, true);
    await again.press('emailVerificationControl_but_send_code', {});
    assert.equal(house.outbox.messages('claimed@elsewhere.example').length, 0);
  });

  test('an authenticator application shows by what the person is known there', async () => {
    newPerson({ email: 'robin@elsewhere.example' });
    const picture = (await go('totp')).screen.exhibits?.find(({ kind }) => kind === 'qrCode');
    assert.ok(picture?.kind === 'qrCode');
    assert.match(decodeURIComponent(picture.content), /:robin@elsewhere\.example\?/);
  });

  test('an account of this journey takes no factor of another one that was set up meanwhile', async () => {
    const sub = newPerson();
    const thief = await go('phone');
    const owner = await go('phone');
    await owner.press('sendCode', { localNumber: '+4915112345601' });
    await owner.press('verifyCode', { verificationCode: codeFor(house, '+4915112345601') });
    house.clock.advance(60);
    await thief.press('sendCode', { localNumber: '+4915112345602' });
    await thief.press('verifyCode', { verificationCode: codeFor(house, '+4915112345602') });
    assert.equal(thief.screen.id, 'socialccountsignup');
    const user = await userOf(sub);
    const kept = await house.identity.authenticators.of(user?.id ?? '');
    assert.deepEqual(
      kept.map((each) => each.kind === 'phone' && each.content),
      ['+4915112345601'],
    );
  });

  test('who is too young gets no account', async () => {
    const sub = newPerson();
    const visitor = await go('adults');
    const year = 1970 + Math.floor(house.clock.now() / 31_556_952) - 12;
    await visitor.press('continue', { dateOfBirth: `${year}-01-01`, country: 'DE' });
    assert.equal(await userOf(sub), undefined);
    const grown = newPerson();
    await (await go('adults')).press('continue', { dateOfBirth: '1980-01-01', country: 'DE' });
    assert.equal((await userOf(grown))?.ageGroup, 'adult');
  });

  test('rules of access hold, and whom they keep out gets no account', async () => {
    const sub = newPerson();
    await go('blocked');
    assert.equal(house.host.refusals.at(-1), 'blocked');
    assert.equal(await userOf(sub), undefined);
  });

  test('a passkey is offered to them, and makes no page of its own on the way to the account', async () => {
    const sub = newPerson();
    const visitor = await go('passkeys');
    assert.ok(await userOf(sub));
    assert.ok(visitor.screen.passkey);
    await visitor.press('skip');
  });

  test('nobody of them is asked for a password, whatever the flow does about passwords', async () => {
    newPerson();
    await go('forced');
    assert.equal(arrival()?.newUser, true);
    await go('forced');
    assert.equal(arrival()?.newUser, false);
  });

  test('a session of a provider counts where the flow offers it, and nowhere else', async () => {
    const sub = newPerson();
    await go('plain');
    const user = await userOf(sub);
    const foreign = { provider: one.id, issuer: one.server.issuer };
    const session = { userId: user?.id ?? '', authTime: house.clock.now(), amr: ['fed'], keepSignedIn: false, foreign };
    const resting = await house.begin('B2C_1_plain', { session });
    assert.match(resting.url, /arrived/);
    assert.deepEqual(arrival()?.foreign, foreign);
    const elsewhere = await house.begin('B2C_1_susi', { session });
    assert.equal(elsewhere.screen.id, 'signuporsignin');
  });

  test('a walk that shows nothing keeps nothing, also where it would send the person away', async (t) => {
    const kept = (['put', 'together'] as const).map((name) => t.mock.method(house.ephemeral, name));
    const foreign = { provider: 'Gone-OIDC', issuer: 'https://gone.example' };
    const session = { userId: 'somebody', authTime: house.clock.now(), amr: ['fed'], keepSignedIn: false, foreign };
    const client = { appId: 'a', displayName: 'A' };
    const about = { client, uiLocales: [], acceptLanguages: [], sender, correlationId: 'c' };
    await offerForeign(house, 'hinted', {}, hinted);
    const glided = await house.flows.glide({ flowId: 'B2C_1_hinted', domainHint: 'hinted.example', session, ...about });
    assert.deepEqual(glided, { kind: 'page' });
    assert.ok(hinted.server.asked.length > 0, 'it was about to leave');
    assert.deepEqual(
      kept.map(({ mock }) => mock.callCount()),
      [0, 0],
    );
  });

  test('no step takes anybody for proved by a provider who was not, whatever plan it stands in', async () => {
    const issued = { issuer: one.server.issuer, issuerAssignedId: 'forged', isEmailVerified: true };
    const foreign = { provider: one.id, ...issued };
    const settings = { accounts: [], providers: [one.id], email: { label: { literal: 'E-mail' }, proof: true } };
    const unproved = { code: 'flows.unproved' };
    const enter = (facts: object) => createUser.enter(contextFor(house, { intent: 'signUp', ...facts }), settings);
    await assert.rejects(enter({}), unproved);
    await assert.rejects(enter({ foreign }), unproved);
    await assert.rejects(enter({ foreign, amr: ['pwd'] }), unproved);
    await assert.rejects(enter({ foreign: { ...foreign, provider: 'Other-OIDC' }, amr: ['fed'] }), unproved);
    await assert.rejects(enter({ amr: ['fed'], prefill: { email: 'a@b.example' } }), unproved);
    const asks = { attributes: [] };
    await assert.rejects(socialSignUp.enter(contextFor(house, {}), asks), unproved);
    const known = { foreign, userId: 'somebody' };
    await assert.rejects(socialSignUp.enter(contextFor(house, known), asks), unproved);
    assert.equal(await userOf('forged'), undefined);
  });

  test('what the person typed is kept when the address still has to be proved', async () => {
    await offerForeign(house, 'both', {}, one);
    await assign(house, 'email', { requiresVerification: true }, 'B2C_1_both');
    await assign(house, 'city', {}, 'B2C_1_both');
    newPerson();
    const visitor = await go('both');
    await visitor.press('email_ver_but_send', { email: 'robin@contoso.example', city: 'Arlington' });
    assert.equal(fieldOf(visitor.screen, 'city')?.value, 'Arlington');
    await visitor.press('continue', { email_ver_input: codeFor(house, 'robin@contoso.example') });
    assert.equal((await house.identity.find(arrival()?.userId ?? ''))?.city, 'Arlington');
  });
});
