import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entities } from '../model/index.ts';
import { newRecoveryCodes } from './recovery-codes.ts';
import { app, openTenant, seed, type TestTenant } from './testing/harness.ts';
import { newTotp } from './totp.ts';

const type = entities.authenticationMethod;

describe('authentication methods, for administrators', () => {
  let house: TestTenant;
  let people = 0;
  const person = async (): Promise<string> => {
    people += 1;
    const email = `person${people}@contoso.example`;
    const passwordHash = await house.hasher.hash('Usher-dev-1');
    return (await house.identity.register(seed, { email, passwordHash, attributes: {} })).id;
  };
  const kinds = async (userId: string) => (await house.identity.authenticators.of(userId)).map(({ kind }) => kind);
  before(async () => {
    house = await openTenant();
  });
  after(() => house.close());

  test('a phone and an address can be added for somebody, once', async () => {
    const userId = await person();
    await house.directory.create(app, type, { userId, kind: 'phone', phoneNumber: '+491701234567' });
    await house.directory.create(app, type, { userId, kind: 'email', emailAddress: 'a@contoso.example' });
    assert.deepEqual((await kinds(userId)).toSorted(), ['email', 'phone']);
    const again = house.directory.create(app, type, { userId, kind: 'phone', phoneNumber: '+491701234567' });
    await assert.rejects(again, { code: 'identity.methodExists', status: 409 });
  });

  test('nothing that proves somebody can be added by another', async () => {
    const userId = await person();
    const drafts = [
      { kind: 'totp' },
      { kind: 'passkey' },
      { kind: 'recoveryCode' },
      { kind: 'phone' },
      { kind: 'phone', emailAddress: 'a@contoso.example' },
      { kind: 'email', emailAddress: 'no address' },
      { kind: 'email', emailAddress: 'a@contoso.example', phoneNumber: '+491701234567' },
    ];
    for (const draft of drafts) {
      const adding = house.directory.create(app, type, { userId, ...draft });
      await assert.rejects(adding, { code: 'identity.badMethod', status: 400 }, JSON.stringify(draft));
    }
    for (const draft of [
      { secret: 'AAAA' },
      { recoveryCodes: [] },
      { credentialId: 'x' },
      { createdDateTime: '2020-01-01T00:00:00Z' },
    ]) {
      const phone = { userId, kind: 'phone', phoneNumber: '+491701234567', ...draft };
      await assert.rejects(house.directory.create(app, type, phone), { status: 400 }, JSON.stringify(draft));
    }
    const nobody = { userId: '00000000-0000-4000-8000-000000000000', kind: 'phone', phoneNumber: '+491701234567' };
    await assert.rejects(house.directory.create(app, type, nobody), { code: 'identity.unknownOwner', status: 400 });
    assert.deepEqual(await kinds(userId), []);
  });

  test('the recovery codes go with the last method they stand in for', async () => {
    const userId = await person();
    const { authenticators } = house.identity;
    await authenticators.add(seed, userId, { kind: 'totp', content: newTotp('c', 'a').secret });
    await authenticators.add(seed, userId, { kind: 'phone', content: '+491701234567' });
    await authenticators.add(seed, userId, { kind: 'recoveryCode', content: newRecoveryCodes() });
    const idOf = async (kind: string) => (await authenticators.of(userId)).find((one) => one.kind === kind)?.id ?? '';
    await house.directory.remove(app, { type, id: await idOf('totp') });
    assert.deepEqual((await kinds(userId)).toSorted(), ['phone', 'recoveryCode']);
    await house.directory.remove(app, { type, id: await idOf('phone') });
    assert.deepEqual(await kinds(userId), []);
  });

  test('a person with methods and codes is removed with all of them', async () => {
    const userId = await person();
    const { authenticators } = house.identity;
    await authenticators.add(seed, userId, { kind: 'phone', content: '+491701234567' });
    await authenticators.add(seed, userId, { kind: 'recoveryCode', content: newRecoveryCodes() });
    await house.directory.remove(app, { type: entities.user, id: userId });
    assert.deepEqual(await kinds(userId), []);
  });

  test('how many codes are left is told, and none of them', async () => {
    const userId = await person();
    const codes = newRecoveryCodes();
    await house.identity.authenticators.add(seed, userId, { kind: 'recoveryCode', content: codes });
    await house.identity.authenticators.useRecoveryCode(userId, codes[0] ?? '', house.clock.now());
    const { items } = await house.directory.find({
      type,
      filter: { op: 'eq', path: ['userId'], value: userId },
      limit: 5,
    });
    assert.equal(items[0]?.entity.recoveryCodesLeft, codes.length - 1);
    for (const code of codes) assert.ok(!JSON.stringify(items).includes(code));
  });
});
