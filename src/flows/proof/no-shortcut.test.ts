import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Move } from '../host.ts';
import { codeFor, type House, newPasswords, openHouse, otherThan, type Visitor } from '../testing/harness.ts';

const [victim, adele] = ['victim@contoso.example', 'adele@contoso.example'];

interface Scene {
  readonly house: House;
  readonly visitor: Visitor;
  /** The attacker's own mailbox, the only one that can be read. */
  readonly own: string;
}

interface Play {
  readonly name: string;
  /** Hands in the right code for the attacker's own address. */
  readonly proves?: true;
  play(scene: Scene): Promise<unknown>;
}

/** All that someone can do who reads one mailbox of their own and knows nobody's password. */
const plays: readonly Play[] = [
  { name: 'sign in', play: ({ visitor: v }) => v.press('next', { email: adele, password: 'Wrong-password-1' }) },
  { name: 'create account', play: ({ visitor: v }) => v.press('createAccount', { email: victim }) },
  { name: 'send to own', play: ({ visitor: v, own }) => v.press('email_ver_but_send', { email: own }) },
  { name: 'send to victim', play: ({ visitor: v }) => v.press('email_ver_but_send', { email: victim }) },
  {
    name: 'own code',
    proves: true,
    play: ({ visitor: v, house, own }) => v.press('email_ver_but_verify', { email_ver_input: codeFor(house, own) }),
  },
  {
    name: 'own code for victim',
    play: ({ visitor: v, house, own }) =>
      v.press('email_ver_but_verify', { email: victim, email_ver_input: codeFor(house, own) }),
  },
  {
    name: 'guess',
    play: ({ visitor: v, house }) =>
      v.press('email_ver_but_verify', { email_ver_input: otherThan(codeFor(house, victim)) }),
  },
  { name: 'edit to victim', play: ({ visitor: v }) => v.press('email_ver_but_edit', { email: victim }) },
  { name: 'create as shown', play: ({ visitor: v }) => v.press('continue', newPasswords) },
  { name: 'create own', play: ({ visitor: v, own }) => v.press('continue', { email: own, ...newPasswords }) },
  { name: 'create victim', play: ({ visitor: v }) => v.press('continue', { email: victim, ...newPasswords }) },
  {
    name: 'create as shown with own code',
    proves: true,
    play: ({ visitor: v, house, own }) =>
      v.press('continue', { email_ver_input: codeFor(house, own), ...newPasswords }),
  },
  {
    name: 'create victim with own code',
    play: ({ visitor: v, house, own }) =>
      v.press('continue', { email: victim, email_ver_input: codeFor(house, own), ...newPasswords }),
  },
  { name: 'create adele', play: ({ visitor: v }) => v.press('continue', { email: adele, ...newPasswords }) },
  { name: 'create without password', play: ({ visitor: v }) => v.press('continue', {}) },
];

const depth = 5;

interface Found {
  paths: number;
  /** Paths that ended with an account for the attacker's own, proved address. */
  honest: number;
}

/** A journey that has moved: a new revision of a screen that differs from the one before. */
const moved = (before: Move, after: Move): boolean =>
  before.kind === 'show' &&
  after.kind === 'show' &&
  before.revision !== after.revision &&
  !isDeepStrictEqual(before.screen, after.screen);

/** Plays the path in a new journey; true when it can go on: the last play changed what is seen and the journey is not over. */
async function run(house: House, path: readonly Play[], found: Found): Promise<boolean> {
  const scene: Scene = { house, visitor: await house.begin(), own: `eve${found.paths}@attacker.example` };
  house.outbox.clear();
  let before = scene.visitor.move;
  for (const { play } of path) {
    before = scene.visitor.move;
    await play(scene);
  }
  found.paths += 1;
  const names = path.map(({ name }) => name).join(' → ');
  const account = await house.identity.findBySignInName(scene.own);
  assert.equal(await house.identity.findBySignInName(victim), undefined, names);
  assert.deepEqual(
    house.host.arrivals.splice(0).map(({ userId }) => userId),
    account ? [account.id] : [],
    names,
  );
  if (account) {
    const sent = path.findIndex(({ name }) => name === 'send to own');
    const proved = path.findIndex(({ proves }, index) => proves === true && index > sent);
    assert.ok(sent >= 0 && proved > sent, `an account without a proof: ${names}`);
    found.honest += 1;
  }
  return moved(before, scene.visitor.move);
}

async function explore(house: House, path: readonly Play[], found: Found): Promise<void> {
  for (const play of plays) {
    const next = [...path, play];
    // The counters for an address belong to the attacker's clock as well: every path begins with none raised.
    house.clock.advance(3600);
    if ((await run(house, next, found)) && next.length < depth) await explore(house, next, found);
  }
}

test('no sequence of actions makes an account or arrives without the proof of a password or of the address', async () => {
  const house = await openHouse();
  const found: Found = { paths: 0, honest: 0 };
  await explore(house, [], found);
  assert.ok(found.paths > 1000, `${found.paths} paths`);
  assert.ok(found.honest >= 3, `${found.honest} honest paths`);
  await house.close();
});
