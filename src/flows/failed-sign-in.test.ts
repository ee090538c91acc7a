/** What the sign-in log is told of proofs that failed, and that nobody else is. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { entities } from '../model/index.ts';
import { addUser, type House, openHouse, password, seed } from './testing/harness.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

/** Tries once with a browser of its own; what the log was told meanwhile. */
async function tryOnce(email: string, secret: string) {
  const told = house.signIns.length;
  const visitor = await house.begin();
  await visitor.press('next', { email, password: secret });
  return { visitor, events: house.signIns.slice(told) };
}

const change = async (email: string, patch: Readonly<Record<string, unknown>>) => {
  const user = await house.identity.findBySignInName(email);
  await house.directory.update(seed, { type: entities.user, id: user?.id ?? '' }, patch);
  return user?.id;
};

test('a wrong password is told with the account, the application, the flow and where it came from', async () => {
  const adele = await house.identity.findBySignInName('adele@contoso.example');
  const { events } = await tryOnce('Adele@contoso.example', 'Wrong-password-1');
  assert.equal(events.length, 1);
  const { user, ...rest } = events[0] ?? assert.fail('nothing was told');
  assert.equal(user?.id, adele?.id);
  assert.equal(user?.userPrincipalName, adele?.userPrincipalName);
  assert.deepEqual(rest, {
    interactive: true,
    appId: '11111111-1111-4111-8111-111111111111',
    appDisplayName: 'Tasks',
    failure: { code: 'AADB2C90054', reason: 'Invalid username or password.' },
    flowId: 'B2C_1_susi',
    ipAddress: '203.0.113.7',
    userAgent: 'Firefox/133.0',
    correlationId: 'c0ffee00-0000-4000-8000-000000000000',
  });
});

test('a name without an account is told as it was typed; the person sees what a wrong password shows', async () => {
  const known = await tryOnce('adele@contoso.example', 'Wrong-password-1');
  const unknown = await tryOnce('nobody@contoso.example', 'Wrong-password-1');
  const [event] = unknown.events;
  assert.deepEqual(event?.user, { id: null, userPrincipalName: 'nobody@contoso.example' });
  assert.equal(event?.failure?.code, 'AADB2C90053');
  assert.deepEqual(Object.keys(event ?? {}), Object.keys(known.events[0] ?? {}));
  const seen = ({ visitor }: typeof known) => JSON.stringify(visitor.screen).replace(/\w+@contoso/, '');
  assert.equal(seen(unknown), seen(known));
});

test('locked, disabled and expired accounts are told apart', async () => {
  for (const name of ['locked', 'disabled', 'expired']) await addUser(house, `${name}@contoso.example`);
  await change('disabled@contoso.example', { accountEnabled: false });
  await change('expired@contoso.example', { passwordProfile: { password, forceChangePasswordNextSignIn: true } });
  for (let count = 0; count < 10; count += 1) await tryOnce('locked@contoso.example', `Wrong-${count}`);
  const codes: (string | undefined)[] = [];
  for (const name of ['locked', 'disabled', 'expired']) {
    const { events } = await tryOnce(`${name}@contoso.example`, password);
    assert.equal(events.length, 1);
    assert.equal(typeof events[0]?.user?.id, 'string');
    codes.push(events[0]?.failure?.code);
  }
  assert.deepEqual(codes, ['AADB2C90114', 'AADB2C90111', 'AADSTS50055']);
});

test('no password is told, and nothing of a proof is kept with the journey', async () => {
  const { visitor, events } = await tryOnce('adele@contoso.example', 'Hunter2-hunter2');
  const kept = await house.ephemeral.get('journey', visitor.journeyId);
  assert.doesNotMatch(JSON.stringify(events), /Hunter2/);
  assert.doesNotMatch(JSON.stringify(kept), /Hunter2|passwordHash|failed/);
});

test('a form that is not complete is no try, and an answer to an older screen neither', async () => {
  const { events, visitor } = await tryOnce('adele@contoso.example', '');
  assert.deepEqual(events, []);
  const input = { action: 'next', values: { email: 'adele@contoso.example', password: 'Wrong-1' } };
  await house.flows.answer(visitor.journeyId, visitor.browserSecret, 1, input, {
    address: '',
    userAgent: undefined,
    device: undefined,
    origin: undefined,
  });
  assert.equal(house.signIns.at(-1)?.userAgent, 'Firefox/133.0');
});

test('who signs in is for the host to tell', async () => {
  assert.deepEqual((await tryOnce('adele@contoso.example', password)).events, []);
});
