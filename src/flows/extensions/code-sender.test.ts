import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { answering } from '../../../test/support/event-api.ts';
import type { CodePurpose } from '../proof/destination.ts';
import { checkCode, sendCode } from '../proof/one-time-code.ts';
import { type ExtensionHouse, openExtensionHouse } from './testing/extension-house.ts';

const event = 'emailOtpSend';
const taken = answering(event, 'continueWithDefaultBehavior');
const sender = { address: '30.51.176.110', userAgent: undefined, device: undefined, origin: 'https://login.example' };

describe('codes that an extension delivers', () => {
  let house: ExtensionHouse;
  before(async () => {
    house = await openExtensionHouse();
    await house.listens(event);
  });
  after(() => house?.close());

  let journeys = 0;
  /** In a journey of its own at the tenant, or in a user flow of Azure AD B2C. */
  const contextAt = (place: 'tenant' | 'b2c') => {
    journeys += 1;
    const context = house.context({}, { sender, id: `j${journeys}` });
    return place === 'b2c' ? context : { ...context, rules: { ...context.rules, callsExtensions: true as const } };
  };
  const to = (address: string, purpose: CodePurpose = 'addressVerification') =>
    ({ channel: 'email', purpose, address }) as const;
  const told = () => JSON.parse(house.api.received.at(-1)?.body ?? '').data;

  test('reach it and no mailbox of ours, and are good', async () => {
    house.api.answers(taken);
    const context = contextAt('tenant');
    assert.deepEqual(await sendCode(context, to('ada@contoso.example')), { kind: 'sent' });
    const { otpContext, authenticationContext } = told();
    assert.equal(otpContext.identifier, 'ada@contoso.example');
    assert.equal(authenticationContext.requestType, 'signUp');
    assert.deepEqual(house.outbox.messages('ada@contoso.example'), []);
    assert.equal(await checkCode(context, to('ada@contoso.example'), otpContext.oneTimeCode), 'proved');
    assert.deepEqual(context.notes, ['continuewithdefaultbehavior']);
  });

  test('say what they are for', async () => {
    house.api.answers(taken);
    for (const [purpose, requestType] of [
      ['passwordReset', 'forgotPassword'],
      ['oneTimePasscode', 'signIn'],
      ['multifactorCode', 'signIn'],
    ] as const) {
      await sendCode(contextAt('tenant'), to(`${purpose}@contoso.example`, purpose));
      assert.equal(told().authenticationContext.requestType, requestType);
    }
  });

  test('are sent by nobody when it fails, and another one can be asked for at once', async () => {
    for (const answer of [answering(event, 'sendItYourself'), {}]) {
      house.api.answers(answer);
      const context = contextAt('tenant');
      assert.deepEqual(await sendCode(context, to('eve@contoso.example')), { kind: 'failed' });
      assert.deepEqual(house.outbox.messages('eve@contoso.example'), []);
      house.api.answers(taken);
      assert.deepEqual(await sendCode(context, to('eve@contoso.example')), { kind: 'sent' });
    }
  });

  test('in user flows of Azure AD B2C are letters of the server', async () => {
    const calls = house.api.received.length;
    assert.deepEqual(await sendCode(contextAt('b2c'), to('bob@contoso.example')), { kind: 'sent' });
    assert.equal(house.outbox.messages('bob@contoso.example').length, 1);
    assert.equal(house.api.received.length, calls);
  });

  test('by text message are not its business', async () => {
    const calls = house.api.received.length;
    const text = { channel: 'sms', purpose: 'oneTimePasscode', address: '+4915123456789' } as const;
    assert.deepEqual(await sendCode(contextAt('tenant'), text), { kind: 'sent' });
    assert.equal(house.api.received.length, calls);
  });
});
