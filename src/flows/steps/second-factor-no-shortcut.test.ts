import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { newRecoveryCodes, newTotp } from '../../identity/index.ts';
import type { Move } from '../host.ts';
import { codeFor, createFlow, type House, openHouse, otherThan, seed, type Visitor } from '../testing/harness.ts';

const adele = 'adele@contoso.example';
const [hers, own] = ['+4915112345678', '+4915187654321'];
const mail = 'emailVerificationControl';

interface Scene {
  readonly house: House;
  readonly visitor: Visitor;
  /** A number of Adele's in clear, which thieves may know as well. */
  readonly numberId: string;
}

type Play = (scene: Scene) => Promise<unknown>;

/** All that a thief can do who has proved the password already, and reads nothing but his own phone and mailbox. */
const plays: Readonly<Record<string, Play>> = {
  send: ({ visitor: v, numberId }) => v.press('sendCode', { number: numberId, localNumber: own }),
  'send to own': ({ visitor: v }) => v.press('sendCode', { number: own, localNumber: own }),
  again: ({ visitor: v }) => v.press('retryCode', { localNumber: own }),
  change: ({ visitor: v }) => v.press('changeNumber', { localNumber: own }),
  'own code': ({ visitor: v, house }) =>
    v.press('verifyCode', { verificationCode: codeFor(house, own), localNumber: own }),
  guess: ({ visitor: v, house }) => v.press('verifyCode', { verificationCode: otherThan(codeFor(house, hers)) }),
  'other way': ({ visitor: v }) => v.press('way_recoveryCode'),
  'by phone': ({ visitor: v }) => v.press('way_phone'),
  'by app': ({ visitor: v }) => v.press('way_totp'),
  'recovery guess': ({ visitor: v }) => v.press('continue', { recoveryCode: 'aaaaa-aaaaa', otpCode: '000000' }),
  skip: ({ visitor: v }) => v.press('skip'),
  'mail to own': ({ visitor: v }) => v.press(`${mail}_but_send_code`, { email: 'eve@attacker.example' }),
  'mailed guess': ({ visitor: v }) => v.press(`${mail}_but_verify_code`, { emailVerificationCode: '000000' }),
};

const depth = 3;

const hasMoved = (before: Move, after: Move): boolean =>
  before.kind === 'show' && after.kind === 'show' && !isDeepStrictEqual(before.screen, after.screen);

interface Theft {
  readonly house: House;
  readonly flowId: string;
  readonly userId: string;
  readonly numberId: string;
  paths: number;
}

async function run(theft: Theft, path: readonly string[]): Promise<boolean> {
  const { house, flowId, userId, numberId } = theft;
  const session = { userId, authTime: house.clock.now() - 60, amr: ['pwd'], keepSignedIn: false };
  const scene: Scene = { house, numberId, visitor: await house.begin(flowId, { session }) };
  house.outbox.clear();
  let before = scene.visitor.move;
  for (const name of path) {
    before = scene.visitor.move;
    await plays[name]?.(scene);
  }
  theft.paths += 1;
  assert.deepEqual(house.host.arrivals, [], path.join(' → '));
  assert.equal((await house.identity.authenticators.of(userId)).length, 3, path.join(' → '));
  return hasMoved(before, scene.visitor.move);
}

async function explore(theft: Theft, path: readonly string[]): Promise<void> {
  for (const name of Object.keys(plays)) {
    const next = [...path, name];
    // Counters of account and number are not what is looked for: every path begins with none raised.
    theft.house.clock.advance(3600);
    if ((await run(theft, next)) && next.length < depth) await explore(theft, next);
  }
}

for (const method of ['phoneSms', 'authenticator'] as const) {
  test(`a stolen password alone leads nowhere where the second factor is ${method}`, async () => {
    const house = await openHouse();
    const multifactorAuthenticationConfiguration = {
      multifactorAuthenticationState: 'on',
      multifactorAuthenticationMethod: method,
    };
    const settings = { areRecoveryCodesOffered: true };
    await createFlow(house, 'guarded', { multifactorAuthenticationConfiguration, settings });
    const userId = (await house.identity.findBySignInName(adele))?.id ?? '';
    const { authenticators } = house.identity;
    await authenticators.add(seed, userId, { kind: 'phone', content: hers });
    await authenticators.add(seed, userId, { kind: 'totp', content: newTotp('Contoso', adele).secret });
    await authenticators.add(seed, userId, { kind: 'recoveryCode', content: newRecoveryCodes() });
    const numberId = (await authenticators.of(userId)).find(({ kind }) => kind === 'phone')?.id ?? '';
    const theft: Theft = { house, flowId: 'B2C_1_guarded', userId, numberId, paths: 0 };
    await explore(theft, []);
    assert.ok(theft.paths > 100, `${theft.paths} paths`);
    await house.close();
  });
}
