/** What people type, carry with them or are invited by opens one door, once, on every engine, however many present it at the same moment. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { testDatabase } from '../../../test/support/postgres.ts';
import { crowd, type Fresh, twice, winners } from '../../../test/support/single-use.ts';
import { temporaryFolder } from '../../../test/support/usher.ts';
import { newId, newSecret } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { codeNames } from '../testing/guests.ts';
import { codeFor, contextFor, type House, openHouse, seed, sender } from '../testing/harness.ts';
import { checkCode, sendCode } from './one-time-code.ts';

let counter = 0;
const fresh = (): string => {
  counter += 1;
  return `person${counter}@fabrikam.example`;
};

/** A person who has nothing yet. */
async function newUser({ identity }: House): Promise<string> {
  const passwordHash = '$argon2id$unused';
  return (await identity.register(seed, { email: fresh(), passwordHash, attributes: { displayName: 'Ada' } })).id;
}

async function invite({ directory }: House, address: string): Promise<string> {
  const made = await directory.create(seed, entities.invitation, {
    invitedUserEmailAddress: address,
    inviteRedirectUrl: 'https://app.example/start',
  });
  return new URL(made.entity.inviteRedeemUrl ?? '').searchParams.get('ticket') ?? '';
}

const opening = { acceptLanguages: [], sender, correlationId: 'c0ffee00-0000-4000-8000-000000000000' };

/** A browser that has opened the link and was sent a code: one press from accepting. */
async function almostAccepted(house: House, ticket: string, address: string): Promise<() => Promise<boolean>> {
  const begun = await house.flows.redeem(ticket, opening);
  assert.ok(begun);
  const visitor = await house.resume(begun);
  await visitor.press('emailVerificationControl_but_send_code');
  const code = codeFor(house, address);
  return async () => (await visitor.press(codeNames.verify, { [codeNames.code]: code })).kind === 'go';
}

const things: Readonly<Record<string, (house: House) => Fresh>> = {
  'a mailed one-time code': (house) => async () => {
    const context = { ...contextFor(house, {}, { id: newId() }), browserKey: newSecret() };
    const to = { channel: 'email', purpose: 'addressVerification', address: fresh() } as const;
    await sendCode(context, to);
    const code = codeFor(house, to.address);
    return async () => (await checkCode(context, to, code)) === 'proved';
  },
  'a code of an authenticator app': (house) => async () => {
    const { authenticators } = house.identity;
    const userId = await newUser(house);
    const secret = new Secret({ size: 20 });
    await authenticators.add(seed, userId, { kind: 'totp', content: secret.base32 });
    const code = new TOTP({ algorithm: 'SHA1', digits: 6, period: 30, secret }).generate({
      timestamp: house.clock.now() * 1000,
    });
    return async () => (await authenticators.useTotp(userId, code, house.clock.now())) === 'proved';
  },
  'a recovery code': (house) => async () => {
    const { authenticators } = house.identity;
    const userId = await newUser(house);
    await authenticators.add(seed, userId, { kind: 'recoveryCode', content: ['k7m2p-9xw4d', 'aaaaa-bbbbb'] });
    return async () => (await authenticators.useRecoveryCode(userId, 'k7m2p-9xw4d', house.clock.now())) === 'proved';
  },
  'an invitation that several browsers accept': (house) => async () => {
    const address = fresh();
    const ticket = await invite(house, address);
    const browsers: (() => Promise<boolean>)[] = [];
    for (let count = 0; count < crowd; count += 1) browsers.push(await almostAccepted(house, ticket, address));
    return () => browsers.pop()?.() ?? Promise.resolve(false);
  },
};

const databases = {
  sqlite: async () => `sqlite:${join(temporaryFolder(), 'single-use.sqlite')}`,
  postgres: async () => {
    const { url, drop } = await testDatabase();
    process.once('beforeExit', () => void drop().catch(() => undefined));
    return url;
  },
};

for (const [engine, database] of Object.entries(databases)) {
  describe(`on ${engine}`, () => {
    let house: House;
    before(async () => {
      house = await openHouse({ database: await database() });
    });
    after(() => house?.close());

    for (const [name, thing] of Object.entries(things)) {
      test(`${name} that is presented again opens nothing`, async () => {
        assert.deepEqual(await twice(thing(house)), [true, false]);
      });

      test(`of eight simultaneous uses of ${name} one opens something`, async () => {
        assert.equal(await winners(thing(house)), 1);
      });
    }
  });
}
