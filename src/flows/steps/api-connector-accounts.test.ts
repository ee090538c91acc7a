import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { blocking, complaining, goOn, type ListeningApi, listeningApi } from '../../../test/support/listening-api.ts';
import { SoftwareAuthenticator } from '../../../test/support/software-authenticator.ts';
import { entities } from '../../model/index.ts';
import { addConnector, callAt } from '../testing/connectors.ts';
import {
  codeFor,
  createFlow,
  type House,
  messagesOf,
  newPasswords,
  prove,
  seed,
  type Visitor,
} from '../testing/harness.ts';
import { beginAt, make, newEmail, openPasskeyHouse, origin } from '../testing/passkeys.ts';

/** The API that is asked before an account is made, in flows whose accounts are not made of address and password. */
describe('before an account of any kind is made', () => {
  let house: House;
  let api: ListeningApi;
  before(async () => {
    house = await openPasskeyHouse();
    api = await listeningApi();
    const switches = { isUserNameAuthenticationEnabled: true, isPhoneOneTimePasswordAuthenticationEnabled: true };
    const policy = { type: entities.b2cAuthenticationMethodsPolicy, id: 'b2CAuthenticationMethodsPolicy' };
    await house.directory.update(seed, policy, switches);
    await createFlow(house, 'callsname', { authenticationMethods: 'userName' });
    await createFlow(house, 'callsphone', { authenticationMethods: 'phoneWithOneTimePassword' });
    const connector = await addConnector(house, api.origin);
    for (const id of ['optional', 'callsname', 'callsphone']) {
      await callAt(house, `B2C_1_${id}`, 'PostAttributeCollection', connector);
    }
  });
  beforeEach(() => {
    api.answering = goOn();
    api.calls.length = 0;
    house.host.arrivals.length = 0;
  });
  after(async () => {
    await api.close();
    await house.close();
  });

  const asked = () => api.calls.map(({ body }) => [body['identities'], body['email']]);
  const issuer = 'contoso.onmicrosoft.com';

  test('a passkey is made after the API has agreed, and not when it has not', async () => {
    const email = newEmail();
    const visitor = await beginAt(house, 'optional');
    await prove(house, visitor, email);
    api.answering = complaining('Not yet.');
    await visitor.press('withPasskey', { email });
    assert.deepEqual([visitor.screen.id, messagesOf(visitor.screen)], ['localaccountsignup', ['Not yet.']]);
    assert.equal(visitor.screen.passkey, undefined);
    api.answering = goOn();
    await visitor.press('withPasskey', { email });
    await make(visitor, new SoftwareAuthenticator(origin), { isBackupEligible: true });
    assert.deepEqual([house.host.arrivals.length, api.calls.length], [1, 2]);
    assert.deepEqual(asked().at(-1), [[{ signInType: 'emailAddress', issuer, issuerAssignedId: email }], email]);
  });

  test('a number is signed up with after the API has agreed', async () => {
    const number = '+4915123456780';
    const visitor = await beginAt(house, 'callsphone');
    await visitor.press('createAccount');
    await visitor.press('phoneVerificationControl_but_send_code', { nationalNumber: number });
    const code = codeFor(house, number);
    await visitor.press('phoneVerificationControl_but_verify_code', {
      nationalNumber: number,
      phoneVerificationCode: code,
    });
    api.answering = complaining('Not this number.');
    await visitor.press('continue', { nationalNumber: number });
    assert.deepEqual([visitor.screen.id, messagesOf(visitor.screen)], ['phoneSignUp', ['Not this number.']]);
    assert.equal(visitor.screen.verification?.state, 'verified', 'nobody proves a number twice');
    api.answering = goOn();
    await visitor.press('continue', { nationalNumber: number });
    assert.equal(house.host.arrivals.length, 1);
    const identity = { signInType: 'phoneNumber', issuer, issuerAssignedId: number };
    assert.deepEqual(asked().at(-1), [[identity], undefined]);
  });

  test('a user name is told with the address behind it, and nobody has it when the API blocks', async () => {
    const email = newEmail();
    const signUp = async (): Promise<Visitor> => {
      const visitor = await beginAt(house, 'callsname');
      await prove(house, visitor, email);
      await visitor.press('continue', { UserId: 'newperson', email, ...newPasswords });
      return visitor;
    };
    api.answering = blocking('No.');
    assert.deepEqual(messagesOf((await signUp()).screen), ['No.']);
    assert.equal(await house.identity.findBySignInName('newperson'), undefined);
    api.answering = goOn();
    assert.equal((await signUp()).move.kind, 'go');
    assert.deepEqual(asked().at(-1), [[{ signInType: 'userName', issuer, issuerAssignedId: 'newperson' }], email]);
  });
});
