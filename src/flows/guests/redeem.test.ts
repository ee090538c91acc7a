import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { digest, newId, newSecret } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { tenantSignIn } from '../events/contender.ts';
import { addForeign, type Foreign } from '../testing/foreign.ts';
import { codeNames, signInByMail } from '../testing/guests.ts';
import {
  codeFor,
  fieldOf,
  type House,
  messagesOf,
  openHouse,
  proofMessagesOf,
  seed,
  sender,
} from '../testing/harness.ts';

let house: House;
let elsewhere: Foreign;
before(async () => {
  house = await openHouse();
  elsewhere = await addForeign(house);
});
after(async () => {
  await elsewhere.server.close();
  await house.close();
});

const { user } = entities;
let counter = 0;

/** An invitation of somebody nobody knows yet, and its ticket. */
async function invite(rest: Readonly<Record<string, unknown>> = {}) {
  counter += 1;
  const address = `invited${counter}@fabrikam.example`;
  const made = await house.directory.create(seed, entities.invitation, {
    invitedUserEmailAddress: address,
    inviteRedirectUrl: 'https://app.example/start',
    ...rest,
  });
  const ticket = new URL(made.entity.inviteRedeemUrl ?? '').searchParams.get('ticket') ?? '';
  const linked = await house.directory.linked([{ type: entities.invitation, id: made.entity.id }], 'invitedUser');
  return { address, ticket, guestId: linked[0]?.[0]?.entity.id ?? '' };
}

const opening = { acceptLanguages: [], sender, correlationId: 'c0ffee00-0000-4000-8000-000000000000' };

/** A browser that opens the link. */
async function open(ticket: string) {
  const begun = await house.flows.redeem(ticket, opening);
  assert.ok(begun);
  return house.resume(begun);
}

const stateOf = async (id: string) => (await house.directory.get({ type: user, id }))?.entity;

const person = (email: string, rest: Readonly<Record<string, unknown>> = {}) => ({
  sub: newId(),
  email,
  email_verified: true,
  ...rest,
});

const send = 'emailVerificationControl_but_send_code';

test('the invited person proves the address, has accepted, and is where they were invited to', async () => {
  const { address, ticket, guestId } = await invite();
  const visitor = await open(ticket);
  const field = fieldOf(visitor.screen, 'email');
  assert.equal(field?.value, 'in••••@fabrikam.example', 'a forwarded link does not tell the address');
  await visitor.press(send);
  await visitor.press(codeNames.verify, { [codeNames.code]: '00000000' });
  assert.deepEqual(proofMessagesOf(visitor.screen), ['selfasserted.ver_fail_retry']);
  await visitor.press('continue', { [codeNames.code]: codeFor(house, address) });
  assert.equal(visitor.url, 'https://app.example/start');
  const guest = await stateOf(guestId);
  assert.equal(guest?.externalUserState, 'Accepted');
  assert.deepEqual(guest?.identities, [{ signInType: 'federated', issuer: 'mail', issuerAssignedId: address }]);
  assert.equal(await house.flows.redeem(ticket, opening), undefined, 'the link is spent');
  const again = await house.begin(tenantSignIn);
  house.clock.advance(60);
  await signInByMail(house, again, address);
  assert.equal(house.host.arrivals.at(-1)?.userId, guestId);
});

test('nothing that is sent makes the code go to another address', async () => {
  const { address, ticket } = await invite();
  const visitor = await open(ticket);
  await visitor.press(send, { email: 'mallory@evil.example' });
  assert.deepEqual(house.outbox.messages('mallory@evil.example'), []);
  assert.match(codeFor(house, address), /^\d{8}$/);
});

test('opening the link, as often as programs like, uses nothing up and accepts nothing', async () => {
  const { ticket, guestId } = await invite();
  for (let count = 0; count < 3; count += 1) await open(ticket);
  assert.equal((await stateOf(guestId))?.externalUserState, 'PendingAcceptance');
});

test('a provider that has proved the invited address proves the invited person', async () => {
  const { address, ticket, guestId } = await invite();
  elsewhere.server.person = person(address.toUpperCase());
  const visitor = await open(ticket);
  await elsewhere.signIn(visitor);
  assert.equal(visitor.url, 'https://app.example/start');
  const guest = await stateOf(guestId);
  assert.equal(guest?.externalUserState, 'Accepted');
  assert.equal(guest?.identities[0]?.issuer, elsewhere.server.issuer);
});

test('an address that the provider has not proved, or another one, accepts nothing', async () => {
  const { address, ticket, guestId } = await invite();
  for (const claims of [person(address, { email_verified: false }), person('mallory@evil.example'), { sub: newId() }]) {
    elsewhere.server.person = claims;
    const visitor = await open(ticket);
    await elsewhere.signIn(visitor);
    assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.redeem_unconfirmed']);
  }
  assert.equal((await stateOf(guestId))?.externalUserState, 'PendingAcceptance');
});

test('who turned back at the provider can choose another way', async () => {
  const { address, ticket, guestId } = await invite();
  const visitor = await open(ticket);
  await visitor.press(elsewhere.button);
  await visitor.look();
  assert.deepEqual(messagesOf(visitor.screen), []);
  await visitor.press(send);
  await visitor.press(codeNames.verify, { [codeNames.code]: codeFor(house, address) });
  assert.equal((await stateOf(guestId))?.externalUserState, 'Accepted');
});

test('nobody accepts as somebody who is known here already', async () => {
  const { address, ticket, guestId } = await invite();
  elsewhere.server.person = person(address);
  const issuerAssignedId = elsewhere.server.person['sub'];
  const identities = [{ signInType: 'federated', issuer: elsewhere.server.issuer, issuerAssignedId }];
  await house.directory.create(seed, user, { userType: 'Guest', identities });
  const visitor = await open(ticket);
  await elsewhere.signIn(visitor);
  assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.redeem_taken']);
  assert.equal((await stateOf(guestId))?.externalUserState, 'PendingAcceptance');
});

test('a page that is left open accepts nothing once the invitation was taken back', async () => {
  const { address, ticket } = await invite();
  const visitor = await open(ticket);
  await visitor.press(send);
  const fresh = await invite({ invitedUserEmailAddress: address, resetRedemption: true });
  await visitor.press(codeNames.verify, { [codeNames.code]: codeFor(house, address) });
  assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.redeem_over']);
  assert.equal(await house.flows.redeem(ticket, opening), undefined);
  await open(fresh.ticket);
});

test('two browsers with one link: one accepts', async () => {
  const { address, ticket, guestId } = await invite();
  const visitors = await Promise.all([open(ticket), open(ticket)]);
  const codes: string[] = [];
  for (const visitor of visitors) {
    await visitor.press(send);
    codes.push(codeFor(house, address));
  }
  await Promise.all(
    visitors.map((visitor, index) => visitor.press(codeNames.verify, { [codeNames.code]: codes[index] ?? '' })),
  );
  assert.deepEqual(visitors.map(({ move }) => move.kind).toSorted(), ['go', 'show']);
  assert.equal((await stateOf(guestId))?.identities.length, 1);
});

test('an invented ticket opens nothing, and neither does what is stored of a real one', async () => {
  const { ticket } = await invite();
  for (const invented of [newSecret(), digest(ticket), '']) {
    assert.equal(await house.flows.redeem(invented, opening), undefined);
  }
});

test('the plan of invitations begins no journey without one', async () => {
  await assert.rejects(house.begin('redemption'), { code: 'flows.unproved' });
});
