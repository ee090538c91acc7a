import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { enterCode, offer, openHouseOfAll } from '../testing/accounts.ts';
import { codeFor, contextFor, errorsOf, type House, seed, type Visitor } from '../testing/harness.ts';
import { recoveryEmailStep } from './recovery-email.ts';

const verify = 'emailVerificationControl_but_verify_code';
const send = 'emailVerificationControl_but_send_code';

describe('recovery e-mail', () => {
  let house: House;
  let last = 0;
  const freshNumber = () => {
    last += 1;
    return `+49151300000${String(last).padStart(2, '0')}`;
  };
  /** In these flows a number is typed into the field for any name. */
  const begin = async (number: string, flowId = 'B2C_1_asks'): Promise<Visitor> => {
    const visitor = await house.begin(flowId);
    await visitor.press('next', { logonIdentifier: number });
    await enterCode(house, visitor, number);
    return visitor;
  };
  before(async () => {
    house = await openHouseOfAll();
    const settings = { isRecoveryEmailPromptEnabled: true };
    await offer(house, 'asks', 'phoneWithOneTimePassword,emailWithPassword', { settings });
    await offer(house, 'asksnot', 'phoneWithOneTimePassword,emailWithPassword');
  });
  after(() => house.close());

  test('who signs in by a number and has no address on record proves one, once', async () => {
    const number = freshNumber();
    const { id } = await house.identity.register(seed, { phoneNumber: number, attributes: {} });
    const visitor = await begin(number);
    assert.equal(visitor.screen.id, 'selfasserted');
    const arrived = house.host.arrivals.length;
    await visitor.press(send, { email: 'no address' });
    assert.deepEqual(errorsOf(visitor.screen), { email: ['selfasserted.email_invalid'] });
    await visitor.press('continue', { email: 'Spare@contoso.example' });
    assert.equal(visitor.screen.verification?.state, 'sent');
    const code = codeFor(house, 'Spare@contoso.example');
    await visitor.press(verify, { email: 'other@contoso.example', emailVerificationCode: code });
    assert.equal(visitor.screen.verification?.state, 'initial', 'the code is of one address');
    assert.equal(house.host.arrivals.length, arrived);
    house.clock.advance(60);
    await visitor.press(send, { email: 'Spare@contoso.example' });
    await enterCode(house, visitor, 'Spare@contoso.example');
    assert.equal(house.host.arrivals.at(-1)?.userId, id);
    assert.equal((await house.identity.find(id))?.recoveryEmail, 'Spare@contoso.example');
    assert.equal(await house.identity.findBySignInName('spare@contoso.example'), undefined, 'no name to sign in with');
    const again = await begin(number);
    assert.match(again.url, /arrived=/, 'it is on record now');
  });

  test('a new account gets the address with it, and none is made before the proof', async () => {
    const number = freshNumber();
    const visitor = await begin(number);
    await visitor.press('createAccount');
    await visitor.press('continue', { nationalNumber: number });
    assert.equal(visitor.screen.id, 'selfasserted');
    assert.equal(await house.identity.findBySignInName(number), undefined);
    await visitor.press('continue', { email: 'new@contoso.example' });
    await enterCode(house, visitor, 'new@contoso.example');
    const user = await house.identity.findBySignInName(number);
    assert.equal(user?.recoveryEmail, 'new@contoso.example');
    assert.equal(house.host.arrivals.at(-1)?.userId, user?.id);
  });

  test('nobody else is asked: passwords, sessions, accounts with an address, and flows that do not ask', async () => {
    const withPassword = await house.begin('B2C_1_asks');
    await withPassword.press('next', { logonIdentifier: 'adele@contoso.example' });
    await withPassword.press('next', { logonIdentifier: 'adele@contoso.example', password: 'Usher-dev-1' });
    assert.match(withPassword.url, /arrived=/);

    const both = freshNumber();
    const names = { phoneNumber: both, email: 'both@contoso.example' };
    const { id: userId } = await house.identity.register(seed, { ...names, attributes: {} });
    assert.match((await begin(both)).url, /arrived=/);

    const bare = freshNumber();
    const { id } = await house.identity.register(seed, { phoneNumber: bare, attributes: {} });
    assert.match((await begin(bare, 'B2C_1_asksnot')).url, /arrived=/);
    const session = { userId: id, authTime: house.clock.now(), amr: ['sms'], keepSignedIn: false };
    assert.match((await house.begin('B2C_1_asks', { session })).url, /arrived=/);
    assert.equal((await house.identity.find(userId))?.recoveryEmail, null);
  });

  test('"cancel" ends the journey and keeps nothing', async () => {
    const number = freshNumber();
    const { id } = await house.identity.register(seed, { phoneNumber: number, attributes: {} });
    const visitor = await begin(number);
    await visitor.press('continue', { email: 'gone@contoso.example' });
    await visitor.press('cancel');
    assert.equal(house.host.refusals.at(-1), 'cancelled');
    assert.equal((await house.identity.find(id))?.recoveryEmail, null);
  });

  test('the step trusts no plan: nothing is kept before a second factor that is asked for', async () => {
    const number = freshNumber();
    const { id: userId } = await house.identity.register(seed, { phoneNumber: number, attributes: {} });
    const facts = {
      userId,
      signInName: number,
      provedPhones: [number],
      amr: ['sms'],
      secondFactor: 'required',
    } as const;
    const settings = { email: { label: { id: 'attribute.email' } } };
    await assert.rejects(recoveryEmailStep.enter(contextFor(house, facts), settings), { code: 'flows.unproved' });
  });
});
