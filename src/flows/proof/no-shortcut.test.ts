import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJourneys } from '../journeys.ts';
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

interface Found {
  paths: number;
  /** Paths that ended with an account for the attacker's own, proved address. */
  honest: number;
  /** Everything the server can come to, by what tells it apart. */
  readonly states: Set<string>;
}

/**
 * What the journey and the mailboxes have come to; undefined when it is over. How often something was tried is left out: counters only take
 * away what can be done, and the shortest way to a state is the one that goes on.
 */
async function stateOf({ house, visitor, own }: Scene): Promise<string | undefined> {
  if (visitor.move.kind === 'go') return undefined;
  const journeys = createJourneys({ ephemeral: house.ephemeral, clock: house.clock, lifetimeSeconds: 3600 });
  const { at, facts, memo, screen } = (await journeys.load(visitor.journeyId, visitor.browserSecret)).journey;
  const mailed = [own, victim, adele].map((address) => codeFor(house, address) !== '');
  return JSON.stringify({ at, facts, memo, screen, mailed }).replaceAll(own, 'own');
}

/** Plays the path in a new journey; the state it comes to. */
async function run(house: House, path: readonly Play[], found: Found): Promise<string | undefined> {
  const scene: Scene = { house, visitor: await house.begin(), own: `eve${found.paths}@attacker.example` };
  house.outbox.clear();
  for (const { play } of path) await play(scene);
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
  return stateOf(scene);
}

/** Tries everything in every state, the nearest first, until nothing leads to a new one: no longer path can do more. */
async function explore(house: House, found: Found): Promise<void> {
  const open: (readonly Play[])[] = [[]];
  for (let path = open.shift(); path; path = open.shift()) {
    for (const play of plays) {
      const next = [...path, play];
      // The counters for an address belong to the attacker's clock as well: every path begins with none raised.
      house.clock.advance(3600);
      const state = await run(house, next, found);
      if (state === undefined || found.states.has(state)) continue;
      found.states.add(state);
      open.push(next);
    }
  }
}

test('no sequence of actions makes an account or arrives without the proof of a password or of the address', async () => {
  const house = await openHouse();
  const found: Found = { paths: 0, honest: 0, states: new Set() };
  await explore(house, found);
  assert.ok(found.states.size >= 20, `${found.states.size} states`);
  assert.ok(found.honest >= 3, `${found.honest} honest paths`);
  await house.close();
});
