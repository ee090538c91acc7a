import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { entities } from '../model/index.ts';
import { factorLimits } from './authenticator-codes.ts';
import { maximumMethods } from './authenticator-rules.ts';
import type { NewAuthenticator, Passkey } from './authenticators.ts';
import { newRecoveryCodes } from './recovery-codes.ts';
import { openTenant, seed, type TestTenant } from './testing/harness.ts';
import { newTotp } from './totp.ts';

const passkey: Passkey = {
  credentialId: 'AbCd',
  userHandle: 'c29tZWJvZHk',
  publicKey: 'pQECAyYgASFY',
  signCount: 7,
  transports: ['internal', 'hybrid'],
  aaguid: null,
  isBackupEligible: true,
  isBackedUp: false,
  isVouchedFor: false,
  displayName: 'Phone',
};

const codeAt = (secret: string, at: number): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: at * 1000 });

const count = (all: readonly unknown[], one: unknown): number => all.filter((each) => each === one).length;

/** The same on every engine a test can open without a server. */
for (const engine of ['memory', 'sqlite'] as const) {
  describe(`authenticators on ${engine}`, () => {
    let folder: string;
    let house: TestTenant;
    let people = 0;
    const person = async (): Promise<string> => {
      people += 1;
      const email = `person${people}@contoso.example`;
      const passwordHash = await house.hasher.hash('Usher-dev-1');
      return (await house.identity.register(seed, { email, passwordHash, attributes: {} })).id;
    };
    const keep = (userId: string, next: NewAuthenticator) => house.identity.authenticators.add(seed, userId, next);
    const now = () => house.clock.now();
    const times = <T>(many: number, run: () => Promise<T>) => Promise.all(Array.from({ length: many }, run));

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'usher-authenticators-'));
      house = await openTenant({ url: engine === 'memory' ? 'memory:' : `sqlite:${join(folder, 'usher.db')}` });
    });
    after(async () => {
      await house.close();
      await rm(folder, { recursive: true, force: true });
    });

    test('are kept per person, in the order they were added, without their secrets', async () => {
      const { authenticators } = house.identity;
      const [adele, other] = [await person(), await person()];
      const { secret } = newTotp('Contoso', 'adele');
      const all: readonly NewAuthenticator[] = [
        { kind: 'phone', content: '+491701234567' },
        { kind: 'email', content: 'Adele@contoso.example' },
        { kind: 'totp', content: secret },
        { kind: 'passkey', content: passkey },
        { kind: 'recoveryCode', content: newRecoveryCodes() },
      ];
      for (const one of all) {
        await keep(adele, one);
        house.clock.advance(1);
      }
      const kept = await authenticators.of(adele);
      assert.deepEqual(
        kept.map(({ kind }) => kind),
        all.map(({ kind }) => kind),
      );
      assert.deepEqual(kept[3]?.kind === 'passkey' && kept[3].content, passkey);
      assert.doesNotMatch(JSON.stringify(kept), new RegExp(secret));
      assert.deepEqual(await authenticators.of(other), []);
    });

    test('a number or address stands once, however often and simultaneously it is added', async () => {
      const adele = await person();
      await times(5, () => keep(adele, { kind: 'phone', content: '+491701234567' }));
      await keep(adele, { kind: 'email', content: 'A@contoso.example' });
      await keep(adele, { kind: 'email', content: 'a@CONTOSO.example' });
      assert.equal((await house.identity.authenticators.of(adele)).length, 2);
    });

    test('go with their owner, and cannot be kept for nobody', async () => {
      const { authenticators } = house.identity;
      const adele = await person();
      await keep(adele, { kind: 'phone', content: '+491701234567' });
      const [phone] = await authenticators.of(adele);
      await house.directory.remove(seed, { type: entities.user, id: adele });
      assert.deepEqual(await authenticators.of(adele), []);
      assert.equal(await authenticators.remove(seed, phone?.id ?? ''), false);
      await assert.rejects(keep(adele, { kind: 'phone', content: '+491701234567' }), { code: 'identity.unknownOwner' });
    });

    test(`are at most ${maximumMethods} for one person`, async () => {
      const adele = await person();
      for (let one = 0; one < maximumMethods; one += 1) {
        await keep(adele, { kind: 'phone', content: `+4917012345${10 + one}` });
      }
      await assert.rejects(keep(adele, { kind: 'phone', content: '+4917099999' }), { code: 'identity.tooManyMethods' });
    });

    test('a time-based code counts once, one step early or late, also when it is tried twenty times at once', async () => {
      const { authenticators } = house.identity;
      const adele = await person();
      const { secret } = newTotp('Contoso', 'adele');
      await keep(adele, { kind: 'totp', content: secret });
      const code = codeAt(secret, now());
      const tries = await times(factorLimits.tries, () => authenticators.useTotp(adele, code, now()));
      assert.equal(count(tries, 'proved'), 1);
      assert.equal(await authenticators.useTotp(adele, code, now()), 'spent');
      const spaced = codeAt(secret, now() + 30).replace(/^(...)/, '$1 ');
      assert.equal(await authenticators.useTotp(adele, spaced, now()), 'proved');
      assert.equal(await authenticators.useTotp(adele, codeAt(secret, now() + 90), now()), 'wrong');
      assert.equal(await authenticators.useTotp(adele, codeAt(secret, now() - 90), now()), 'wrong');
    });

    test('a code with which the application was set up does not sign in too', async () => {
      const { authenticators } = house.identity;
      const adele = await person();
      const { secret } = newTotp('Contoso', 'adele');
      const code = codeAt(secret, now());
      assert.equal(await authenticators.proveTotp(secret, code, now()), 'proved');
      await keep(adele, { kind: 'totp', content: secret });
      assert.equal(await authenticators.useTotp(adele, code, now()), 'spent');
    });

    test('of forty simultaneous wrong codes ten are looked at, and then not even the right one until an hour is over', async () => {
      const { authenticators } = house.identity;
      const adele = await person();
      const { secret } = newTotp('Contoso', 'adele');
      await keep(adele, { kind: 'totp', content: secret });
      const right = codeAt(secret, now());
      const wrong = right === '000000' ? '000001' : '000000';
      const tries = await times(40, () => authenticators.useTotp(adele, wrong, now()));
      assert.equal(count(tries, 'wrong'), factorLimits.tries);
      assert.equal(count(tries, 'tooMany'), 40 - factorLimits.tries);
      assert.equal(await authenticators.useTotp(adele, right, now()), 'tooMany');
      assert.equal(await authenticators.useRecoveryCode(adele, 'abcde-fghjk', now()), 'tooMany');
      house.clock.advance(factorLimits.windowSeconds);
      assert.equal(await authenticators.useTotp(adele, codeAt(secret, now()), now()), 'proved');
    });

    test('a recovery code is good once, however it is written, and the others stay good', async () => {
      const { authenticators } = house.identity;
      const [adele, other] = [await person(), await person()];
      const codes = newRecoveryCodes();
      const [first = '', second = ''] = codes;
      await keep(adele, { kind: 'recoveryCode', content: codes });
      const tries = await times(8, () => authenticators.useRecoveryCode(adele, first, now()));
      assert.equal(count(tries, 'proved'), 1);
      assert.equal(count(tries, 'wrong'), 7);
      assert.equal(await authenticators.useRecoveryCode(other, second, now()), 'wrong');
      const byHand = ` ${second.toUpperCase().replace('-', ' ')}`;
      assert.equal(await authenticators.useRecoveryCode(adele, byHand, now()), 'proved');
      const [list] = await authenticators.of(adele);
      assert.equal(list?.kind === 'recoveryCode' && list.left, codes.length - 2);
    });

    test('two codes used at the same moment are both spent', async () => {
      const { authenticators } = house.identity;
      const adele = await person();
      const codes = newRecoveryCodes();
      await keep(adele, { kind: 'recoveryCode', content: codes });
      const tries = await Promise.all(
        codes.slice(0, 5).map((code) => authenticators.useRecoveryCode(adele, code, now())),
      );
      assert.equal(count(tries, 'proved'), 5);
      const [list] = await authenticators.of(adele);
      assert.equal(list?.kind === 'recoveryCode' && list.left, codes.length - 5);
    });

    test('a new list of recovery codes takes the place of the old one', async () => {
      const { authenticators } = house.identity;
      const adele = await person();
      const [old, fresh] = [newRecoveryCodes(), newRecoveryCodes()];
      await keep(adele, { kind: 'recoveryCode', content: old });
      await keep(adele, { kind: 'recoveryCode', content: fresh });
      assert.equal((await authenticators.of(adele)).length, 1);
      assert.equal(await authenticators.useRecoveryCode(adele, old[0] ?? '', now()), 'wrong');
      assert.equal(await authenticators.useRecoveryCode(adele, fresh[0] ?? '', now()), 'proved');
    });

    test('a passkey is found by its credential id to the letter, and belongs to one person', async () => {
      const { authenticators } = house.identity;
      const [adele, other] = [await person(), await person()];
      const content = { ...passkey, credentialId: `Key${adele}` };
      await keep(adele, { kind: 'passkey', content });
      assert.equal((await authenticators.passkey(content.credentialId))?.userId, adele);
      assert.equal(await authenticators.passkey(content.credentialId.toLowerCase()), undefined);
      await assert.rejects(keep(other, { kind: 'passkey', content }), { code: 'identity.methodExists' });
      await assert.rejects(keep(adele, { kind: 'passkey', content }), { code: 'identity.methodExists' });
    });

    test('a passkey that counts must count on, and of simultaneous uses with one count one is good', async () => {
      const { authenticators } = house.identity;
      const adele = await person();
      const content = { ...passkey, credentialId: `Key${adele}` };
      await keep(adele, { kind: 'passkey', content });
      const id = (await authenticators.passkey(content.credentialId))?.id ?? '';
      const use = (signCount: number) => authenticators.usePasskey(id, { signCount, isBackedUp: true }, now());
      assert.equal(await use(7), false);
      assert.equal(count(await times(6, () => use(8)), true), 1);
      assert.equal(await use(0), false);
      assert.equal(await use(9), true);
      const found = await authenticators.passkey(content.credentialId);
      assert.deepEqual([found?.content.signCount, found?.content.isBackedUp], [9, true]);
    });

    test('a passkey that does not count is good as often as it is used', async () => {
      const { authenticators } = house.identity;
      const adele = await person();
      const content = { ...passkey, credentialId: `Key${adele}`, signCount: 0 };
      await keep(adele, { kind: 'passkey', content });
      const id = (await authenticators.passkey(content.credentialId))?.id ?? '';
      const use = (isBackedUp: boolean) => authenticators.usePasskey(id, { signCount: 0, isBackedUp }, now());
      assert.deepEqual(await times(4, () => use(true)), [true, true, true, true]);
      assert.equal((await authenticators.passkey(content.credentialId))?.content.isBackedUp, true);
      await authenticators.remove(seed, id);
      assert.equal(await use(true), false);
    });

    test('what is written stands in the audit log without numbers, addresses or secrets', async () => {
      const adele = await person();
      const number = `+49170${people}999999`;
      const { secret } = newTotp('Contoso', 'adele');
      await keep(adele, { kind: 'phone', content: number });
      await keep(adele, { kind: 'totp', content: secret });
      const { items } = await house.directory.find({ type: entities.directoryAudit, limit: 999 });
      const written = items.filter(({ entity }) => /authentication method/i.test(entity.activityDisplayName ?? ''));
      assert.ok(written.length >= 2, `${written.length} entries`);
      assert.ok(!JSON.stringify(items).includes(number) && !JSON.stringify(items).includes(secret));
    });
  });
}
