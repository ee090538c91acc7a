import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { createDirectory, createSecretBox } from '../directory/index.ts';
import { silent } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { identityBehaviours } from './behaviours.ts';
import { createGuests, type GuestRegistration, mailIssuer } from './guests.ts';
import { invitationLifetimeSeconds } from './invitations.ts';
import { app, openTenant, seed } from './testing/harness.ts';

const house = await openTenant();
after(() => house.close());
const { user, invitation } = entities;
const { clock } = house;
const redeemUrl = (ticket: string): string => `https://login.example/redeem?ticket=${ticket}`;
const directory = createDirectory({
  tenant: house.tenant,
  store: house.store,
  clock,
  observe: silent,
  box: createSecretBox(randomBytes(32)),
  behaviours: identityBehaviours({ hasher: house.hasher, inviting: { redeemUrl } }),
});
const guests = createGuests({ directory, clock });

const guest = (email: string | undefined, rest: Partial<GuestRegistration> = {}): GuestRegistration => ({
  userType: 'Guest',
  issuer: mailIssuer,
  issuerAssignedId: email ?? '1234',
  attributes: {},
  ...(email === undefined ? {} : { email }),
  ...rest,
});

let counter = 0;

async function invite(rest: Readonly<Record<string, unknown>> = {}) {
  counter += 1;
  const address = `invited${counter}@fabrikam.example`;
  const draft = { invitedUserEmailAddress: address, inviteRedirectUrl: 'https://app.example/start', ...rest };
  const made = await directory.create(app, invitation, draft);
  const ticket = new URL(made.entity.inviteRedeemUrl ?? '').searchParams.get('ticket') ?? '';
  return { address: draft.invitedUserEmailAddress, ticket };
}

async function opened(ticket: string) {
  const found = await guests.openInvitation(ticket);
  assert.ok(found);
  return found;
}

const by = (issuerAssignedId: string) => ({ issuer: mailIssuer, issuerAssignedId });

test('a guest is named as Microsoft Entra names them, and known by the provider alone', async () => {
  const made = await guests.register(seed, guest('Ada.L@fabrikam.example', { attributes: { city: 'Turin' } }));
  const { userType, userPrincipalName, mail, creationType, externalUserState, identities, displayName, city } = made;
  assert.deepEqual(
    { userType, userPrincipalName, mail, creationType, externalUserState, identities, displayName, city },
    {
      userType: 'Guest',
      userPrincipalName: 'ada.l_fabrikam.example#EXT#@contoso.onmicrosoft.com',
      mail: 'Ada.L@fabrikam.example',
      creationType: 'SelfServiceSignUp',
      externalUserState: null,
      identities: [{ signInType: 'federated', issuer: 'mail', issuerAssignedId: 'Ada.L@fabrikam.example' }],
      displayName: 'Ada.L',
      city: 'Turin',
    },
  );
  assert.equal((await guests.findByAddress('ADA.l@FABRIKAM.example'))?.id, made.id);
});

test('one address at two providers is two guests, and neither takes the name of the other', async () => {
  const first = await guests.register(seed, guest('twice@fabrikam.example'));
  const google = { issuer: 'google.com', issuerAssignedId: 'g-1' };
  const second = await guests.register(seed, guest('twice@fabrikam.example', google));
  assert.notEqual(first.id, second.id);
  assert.equal(second.userPrincipalName, `guest_${second.id}#EXT#@contoso.onmicrosoft.com`);
});

test('a guest without a proved address is nobody an address could lead to', async () => {
  const facebook = { issuer: 'facebook.com', issuerAssignedId: '12345' };
  const made = await guests.register(seed, guest(undefined, facebook));
  assert.equal(made.userPrincipalName, `guest_${made.id}#EXT#@contoso.onmicrosoft.com`);
  assert.deepEqual([made.mail, made.otherMails, made.displayName], [null, [], 'unknown']);
  const { address } = await invite({ invitedUserEmailAddress: '12345@facebook.com' });
  assert.notEqual((await guests.findInvited(address))?.id, made.id);
});

test('a person is registered once, however they spell their address', async () => {
  await guests.register(seed, guest('once@fabrikam.example'));
  const again = guests.register(seed, guest('ONCE@fabrikam.example'));
  await assert.rejects(again, { code: 'identity.taken' });
});

test('a member from elsewhere has the name of a member', async () => {
  const made = await guests.register(seed, guest('member@fabrikam.example', { userType: 'Member' }));
  assert.deepEqual([made.userType, made.userPrincipalName], ['Member', `${made.id}@contoso.onmicrosoft.com`]);
});

test('no form makes a guest an administrator of anything', async () => {
  const bad = guests.register(seed, guest('evil@fabrikam.example', { attributes: { accountEnabled: true } }));
  await assert.rejects(bad, { code: 'identity.unknownAttribute' });
});

test('an invitation is accepted once, and the guest is known by what accepted it', async () => {
  const { ticket, address } = await invite();
  const { guestId, email, redirectUrl } = await opened(ticket);
  assert.deepEqual([email, redirectUrl], [address, 'https://app.example/start']);
  const came = await Promise.all([1, 2, 3].map(() => guests.accept(seed, guestId, by(address))));
  assert.deepEqual(came.toSorted(), ['accepted', 'gone', 'gone']);
  const accepted = (await directory.get({ type: user, id: guestId }))?.entity;
  assert.equal(accepted?.externalUserState, 'Accepted');
  assert.deepEqual(accepted?.identities, [{ signInType: 'federated', ...by(address) }]);
  assert.equal(await guests.openInvitation(ticket), undefined, 'its link is spent');
  assert.equal(await guests.findInvited(address), undefined);
});

test('a link ends: with its time, with the account, and with a new beginning', async () => {
  const late = await invite();
  clock.advance(invitationLifetimeSeconds - 1);
  await opened(late.ticket);
  clock.advance(1);
  assert.equal(await guests.openInvitation(late.ticket), undefined);

  const shut = await invite();
  const { guestId, id } = await opened(shut.ticket);
  await directory.update(seed, { type: user, id: guestId }, { accountEnabled: false });
  assert.equal(await guests.stillOpen(id), undefined);
  assert.equal(await guests.accept(seed, guestId, by(shut.address)), 'gone');

  const first = await invite();
  const second = await invite({ invitedUserEmailAddress: first.address });
  await opened(first.ticket);
  const reset = await invite({ invitedUserEmailAddress: first.address, resetRedemption: true });
  assert.equal(await guests.openInvitation(first.ticket), undefined);
  assert.equal(await guests.openInvitation(second.ticket), undefined);
  await opened(reset.ticket);
  assert.equal(await guests.openInvitation('invented'), undefined);
});

test('who has accepted is known by that no more once it is to be accepted anew', async () => {
  const { ticket, address } = await invite();
  const { guestId } = await opened(ticket);
  await guests.accept(seed, guestId, by(address));
  const done = await directory.create(app, invitation, {
    invitedUserEmailAddress: address,
    inviteRedirectUrl: 'https://app.example/',
  });
  assert.deepEqual([done.entity.status, done.entity.inviteRedeemUrl], ['Completed', 'https://app.example/']);
  const again = await invite({ invitedUserEmailAddress: address, resetRedemption: true });
  assert.equal(await guests.findByAddress(address), undefined);
  assert.equal((await opened(again.ticket)).guestId, guestId);
});

test('nobody accepts as somebody who is known already', async () => {
  await guests.register(seed, guest('known@fabrikam.example'));
  const { ticket } = await invite();
  const { guestId } = await opened(ticket);
  assert.equal(await guests.accept(seed, guestId, by('known@fabrikam.example')), 'taken');
  await opened(ticket);
});

test('a guest whom an approval system creates has the name that an invitation would find', async () => {
  const made = await directory.create(app, user, {
    userType: 'Guest',
    userPrincipalName: 'approved_fabrikam.example#EXT@contoso.onmicrosoft.com',
    mail: 'approved@fabrikam.example',
    accountEnabled: true,
    displayName: 'Approved',
    identities: [{ signInType: 'federated', ...by('approved@fabrikam.example') }],
  });
  assert.equal(made.entity.userPrincipalName, 'approved_fabrikam.example#EXT#@contoso.onmicrosoft.com');
  assert.equal((await guests.findByAddress('approved@fabrikam.example'))?.id, made.entity.id);
});

test('a guest who was invited before invitations could be accepted is invited again', async () => {
  const address = 'earlier@fabrikam.example';
  await directory.create(seed, user, {
    userType: 'Guest',
    userPrincipalName: 'earlier_fabrikam.example#EXT#@contoso.onmicrosoft.com',
    mail: address,
    creationType: 'Invitation',
    externalUserState: 'PendingAcceptance',
  });
  const { ticket } = await invite({ invitedUserEmailAddress: address });
  assert.equal((await opened(ticket)).email, address);
});
