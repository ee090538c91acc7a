import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { compactDecrypt } from 'jose';
import { certificateFor } from '../../../test/support/certificate.ts';
import { answering } from '../../../test/support/event-api.ts';
import { passwordMark } from '../../identity/index.ts';
import { entities } from '../../model/index.ts';
import { apiAppId, type ExtensionHouse, openExtensionHouse } from '../extensions/testing/extension-house.ts';
import type { StepContext } from '../step.ts';
import { addAttribute, addUser, messagesOf, password as ownPassword, seed } from '../testing/harness.ts';
import { admin } from '../testing/on-every-engine.ts';
import { signInStep } from './sign-in.ts';
import type { SignInSettings } from './sign-in-screen.ts';

const event = 'passwordSubmit';
const settings: SignInSettings = {
  page: 'signuporsignin',
  accounts: ['emailWithPassword'],
  providers: [],
  email: { label: { literal: 'Address' } },
  signUp: false,
  keepSignedIn: false,
  changes: ['forced', 'expired'],
};
const email = 'adele@contoso.example';
const elsewhere = 'Legacy-horse-8';
const sender = { address: '30.51.176.110', userAgent: undefined, device: undefined, origin: 'https://login.example' };

describe('a password that is known elsewhere', () => {
  let house: ExtensionHouse;
  let property: string;
  beforeEach(async () => {
    house = await openExtensionHouse();
    property = await addAttribute(house, 'RequiresMigration', 'boolean');
    const { entity } = await userOf();
    await house.directory.update(seed, { type: entities.user, id: entity.id }, { [property]: true });
    await house.listens(event, { migrationPropertyId: property });
  });
  afterEach(() => house?.close());

  async function userOf() {
    const user = await house.identity.findBySignInName(email);
    assert.ok(user);
    const found = await house.directory.get({ type: entities.user, id: user.id });
    assert.ok(found);
    return found;
  }
  const isPending = async (): Promise<unknown> => ({ ...(await userOf()).entity })[property as 'id'];

  /** The API answers with this action and, unless told otherwise, the nonce it was sent. */
  const reacts = (action: string, members = {}, nonce?: string) =>
    house.api.reacts((body) => {
      const { passwordContext } = JSON.parse(body).data;
      return { body: JSON.stringify(answering(event, action, members, { nonce: nonce ?? passwordContext?.nonce })) };
    });

  const context = (journey: Partial<StepContext['journey']> = {}, callsExtensions = true) => {
    const memo = { name: email, keep: false, asksPassword: true };
    const made = house.context({}, { sender, memo, ...journey });
    return { ...made, rules: { ...made.rules, ...(callsExtensions ? { callsExtensions: true as const } : {}) } };
  };
  const signIn = (password: string, of: StepContext = context(), name = email) =>
    signInStep.submit(of, settings, { action: 'next', values: { email: name, password } });
  const shown = async (password: string, of?: StepContext) => {
    const outcome = await signIn(password, of);
    assert.ok(outcome.kind === 'show', outcome.kind);
    return outcome;
  };

  test('is asked about, kept when it is right, and asked about no more', async () => {
    reacts('MigratePassword');
    const outcome = await signIn(elsewhere);
    const { id } = (await userOf()).entity;
    assert.deepEqual(outcome, {
      kind: 'next',
      learned: { intent: 'signIn', signInName: email, userId: id, amr: ['pwd'] },
    });
    assert.equal(await isPending(), false);
    const { data } = JSON.parse(house.api.received.at(-1)?.body ?? '');
    assert.equal(data['@odata.type'], 'microsoft.graph.onPasswordSubmitCalloutData');
    assert.equal(data.passwordContext.userPassword, elsewhere);
    assert.equal(data.authenticationContext.user.id, id);
    const calls = house.api.received.length;
    assert.equal((await signIn(elsewhere)).kind, 'next');
    assert.equal((await signIn(ownPassword)).kind, 'show');
    assert.equal(house.api.received.length, calls);
  });

  test('that is too weak for today comes in once, to be replaced', async () => {
    for (const [action, password] of [
      ['UpdatePassword', elsewhere],
      ['MigratePassword', 'short'],
    ] as const) {
      const { entity } = await userOf();
      const pending = { [property]: true, forceChangePassword: false };
      await house.directory.update(seed, { type: entities.user, id: entity.id }, pending);
      reacts(action);
      const outcome = await signIn(password);
      assert.ok(outcome.kind === 'next');
      assert.equal(outcome.learned?.mustChangePassword, 'forced');
      assert.equal(await isPending(), false);
    }
  });

  test('that is wrong is told in the words for every wrong password, or in those of the API', async () => {
    reacts('Retry');
    const plain = await shown('Wrong-horse-1');
    assert.deepEqual(messagesOf(plain.screen), ['signuporsignin.DefaultMessage']);
    assert.equal(plain.failed?.reason, 'wrong');
    reacts('Retry', { title: 'Hm.', message: 'Try the old one.' });
    assert.deepEqual(messagesOf((await shown('Wrong-horse-2')).screen), ['Hm.', 'Try the old one.']);
    assert.equal(await isPending(), true);
  });

  test('is not looked at any more after too many tries', async () => {
    reacts('Retry');
    for (let tries = 0; tries < 10; tries += 1) await shown(`Wrong-horse-${tries}`);
    const calls = house.api.received.length;
    reacts('MigratePassword');
    const locked = await shown(elsewhere);
    assert.deepEqual(messagesOf(locked.screen), ['signuporsignin.UserMessageIfUserAccountLocked']);
    assert.equal(house.api.received.length, calls);
  });

  test('can be kept out, in the words of the API or our own', async () => {
    reacts('Block', { title: 'Stop', message: 'Call us.' });
    assert.deepEqual(messagesOf((await shown(elsewhere)).screen), ['Stop', 'Call us.']);
    reacts('Block');
    assert.deepEqual(messagesOf((await shown(elsewhere)).screen), ['signuporsignin.extension_blocked']);
    assert.equal(await isPending(), true);
  });

  test('lets nobody in when the API fails, answers for another request, or wants what there is not', async () => {
    house.api.reacts({ status: 500, body: '' });
    assert.deepEqual(messagesOf((await shown(elsewhere)).screen), ['signuporsignin.extension_failed']);
    reacts('MigratePassword', {}, 'another nonce');
    const of = context();
    assert.deepEqual(messagesOf((await shown(elsewhere, of)).screen), ['signuporsignin.extension_failed']);
    assert.deepEqual(of.notes, ['failed 1003003']);
    reacts('LetThemIn');
    assert.deepEqual(messagesOf((await shown(elsewhere)).screen), ['signuporsignin.extension_failed']);
    assert.equal(await isPending(), true);
  });

  test('is asked about for accounts that say so, and nobody else', async () => {
    await addUser(house, 'grady@contoso.example');
    reacts('MigratePassword');
    for (const name of ['grady@contoso.example', 'nobody@contoso.example'])
      assert.equal((await signIn(elsewhere, context(), name)).kind, 'show');
    const { entity } = await userOf();
    await house.directory.update(seed, { type: entities.user, id: entity.id }, { accountEnabled: false });
    assert.equal((await signIn(elsewhere)).kind, 'show');
    assert.equal(house.api.received.length, 0);
  });

  test('counts no more once the owner or an administrator has chosen another one here', async () => {
    reacts('MigratePassword');
    const chosen = 'Brand-new-horse-9';
    const passwordHash = await house.identity.hashPassword(chosen);
    const byOwner = async () => {
      const { entity } = await userOf();
      const change = { userId: entity.id, passwordHash, mark: passwordMark(entity) };
      assert.equal(await house.identity.changePassword(seed, change), 'changed');
    };
    const byAdministrator = async () => {
      const { entity } = await userOf();
      const patch = { passwordProfile: { password: chosen, forceChangePasswordNextSignIn: false } };
      await house.directory.update(admin, { type: entities.user, id: entity.id }, patch);
    };
    for (const change of [byOwner, byAdministrator]) {
      const { entity } = await userOf();
      await house.directory.update(seed, { type: entities.user, id: entity.id }, { [property]: true });
      await change();
      assert.equal((await signIn(elsewhere)).kind, 'show', 'whoever knows the old password');
      assert.equal(await isPending(), false);
      assert.equal((await signIn(chosen)).kind, 'next');
    }
    assert.deepEqual(house.api.received, []);
  });

  test('is asked about nowhere in user flows of Azure AD B2C, nor for other applications', async () => {
    reacts('MigratePassword');
    assert.equal((await signIn(elsewhere, context({}, false))).kind, 'show');
    const client = { appId: '22222222-2222-4222-8222-222222222222', displayName: 'Other' };
    assert.equal((await signIn(elsewhere, context({ client }))).kind, 'show');
    assert.equal(house.api.received.length, 0);
  });

  test('of two sign-ins at once is kept once, and both come in', async () => {
    reacts('MigratePassword');
    const outcomes = await Promise.all([signIn(elsewhere), signIn(elsewhere)]);
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['next', 'next'],
    );
    assert.equal((await signIn(elsewhere)).kind, 'next');
  });

  test('is encrypted to the certificate that the application of the API names', async () => {
    const { certificate, key } = certificateFor('api.contoso.example');
    const { items } = await house.directory.find({
      type: entities.application,
      filter: { op: 'eq', path: ['appId'], value: apiAppId },
      limit: 1,
    });
    const keyId = '0b6e7f0c-4c52-4d5c-9f1a-1f6f3f8f4a11';
    await house.directory.update(
      seed,
      { type: entities.application, id: items[0]?.entity.id ?? '' },
      {
        keyCredentials: [
          { keyId, type: 'AsymmetricX509Cert', usage: 'Encrypt', key: Buffer.from(certificate).toString('base64') },
        ],
        tokenEncryptionKeyId: keyId,
      },
    );
    const opened: string[] = [];
    house.api.reacts(async (body) => {
      const { encryptedPasswordContext, passwordContext } = JSON.parse(body).data;
      assert.equal(passwordContext, undefined);
      const { plaintext, protectedHeader } = await compactDecrypt(encryptedPasswordContext, createPrivateKey(key));
      assert.deepEqual([protectedHeader.alg, protectedHeader.enc], ['RSA-OAEP', 'A128CBC-HS256']);
      const claims = JSON.parse(new TextDecoder().decode(plaintext));
      opened.push(claims['user-password'], claims.username, claims.aud);
      return { body: JSON.stringify(answering(event, 'MigratePassword', {}, { nonce: claims.nonce })) };
    });
    assert.equal((await signIn(elsewhere)).kind, 'next');
    assert.deepEqual(opened, [elsewhere, email, apiAppId]);
    assert.ok(!house.api.received.some(({ body }) => body.includes(elsewhere)));
  });
});
