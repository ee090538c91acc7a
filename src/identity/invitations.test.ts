import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { createDirectory, createSecretBox } from '../directory/index.ts';
import { silent } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { identityBehaviours } from './behaviours.ts';
import type { InvitationLetter } from './invitations.ts';
import { app, openTenant } from './testing/harness.ts';

const house = await openTenant();
after(() => house.close());
const { user, invitation } = entities;
const letters: InvitationLetter[] = [];
const directory = createDirectory({
  tenant: house.tenant,
  store: house.store,
  clock: house.clock,
  observe: silent,
  box: createSecretBox(randomBytes(32)),
  behaviours: identityBehaviours({
    hasher: house.hasher,
    inviting: {
      send: async (letter) => void letters.push(letter),
      redeemUrl: (ticket) => `https://login.example/redeem?ticket=${ticket}`,
    },
  }),
});

const invite = async (draft: Readonly<Record<string, unknown>>) => {
  const made = await directory.create(app, invitation, { inviteRedirectUrl: 'https://app.example/', ...draft });
  const linked = await directory.linked([{ type: invitation, id: made.entity.id }], 'invitedUser');
  const [guest] = linked[0] ?? [];
  return { invitation: made.entity, guest: guest as unknown as { entity: Readonly<Record<string, unknown>> } };
};
const guests = async () => {
  const filter = { op: 'eq', path: ['userType'], value: 'Guest' } as const;
  return (await directory.find({ type: user, filter, limit: 100 })).items;
};

test('an invitation makes a guest who has not accepted yet, named after the address', async () => {
  const { invitation: made, guest } = await invite({ invitedUserEmailAddress: 'Ada@fabrikam.example' });
  assert.equal(made.status, 'PendingAcceptance');
  const ticket = new URL(made.inviteRedeemUrl ?? '').searchParams.get('ticket') ?? '';
  assert.match(ticket, /^[\w-]{43}$/);
  const stored = JSON.stringify((await directory.find({ type: invitation, limit: 10 })).items);
  assert.ok(!stored.includes(ticket), 'whoever reads the database accepts nothing');
  assert.equal(made.invitedUserDisplayName, 'Ada');
  assert.equal(guest.entity['userPrincipalName'], 'ada_fabrikam.example#EXT#@contoso.onmicrosoft.com');
  assert.equal(guest.entity['userType'], 'Guest');
  assert.equal(guest.entity['creationType'], 'Invitation');
  assert.equal(guest.entity['externalUserState'], 'PendingAcceptance');
  assert.equal(guest.entity['mail'], 'Ada@fabrikam.example');
  assert.deepEqual(letters, []);
});

test('who is invited as a member needs no more than a guest does', async () => {
  const { guest } = await invite({ invitedUserEmailAddress: 'member@fabrikam.example', invitedUserType: 'Member' });
  assert.deepEqual([guest.entity['userType'], guest.entity['creationType']], ['Member', 'Invitation']);
});

test('inviting the same person again refers to the same guest', async () => {
  const before = (await guests()).length;
  const first = await invite({ invitedUserEmailAddress: 'twice@fabrikam.example' });
  const second = await invite({ invitedUserEmailAddress: 'TWICE@fabrikam.example', resetRedemption: true });
  assert.equal(second.guest.entity['id'], first.guest.entity['id']);
  assert.equal((await guests()).length, before + 1);
});

test('an invitation does not tell the name of who was invited before', async () => {
  const invitedUserEmailAddress = 'incognito@fabrikam.example';
  await invite({ invitedUserEmailAddress, invitedUserDisplayName: 'Mata Hari' });
  const { invitation: again, guest } = await invite({ invitedUserEmailAddress });
  assert.deepEqual([again.invitedUserDisplayName, guest.entity['displayName']], ['incognito', 'Mata Hari']);
});

test('only who may change users takes back what a guest accepted', async () => {
  const draft = { invitedUserEmailAddress: 'again@fabrikam.example', inviteRedirectUrl: 'https://app.example/' };
  const again = { ...draft, resetRedemption: true };
  const inviter = { kind: 'app', appId: 'inviter', roles: ['User.Invite.All'] } as const;
  const person = { kind: 'user', appId: 'inviter', userId: 'u', scopes: ['User.Invite.All', 'User.Read.All'] } as const;
  for (const caller of [inviter, person]) {
    await assert.rejects(directory.create(caller, invitation, again), { code: 'identity.resetDenied', status: 403 });
    await directory.create(caller, invitation, draft);
    const stranger = { ...again, invitedUserEmailAddress: 'nobody@fabrikam.example' };
    await assert.rejects(directory.create(caller, invitation, stranger), { code: 'identity.resetDenied' });
    assert.ok(!(await guests()).some(({ entity }) => entity.mail === 'nobody@fabrikam.example'));
  }
  for (const permission of ['User.ReadWrite.All', 'Directory.ReadWrite.All']) {
    const { entity } = await directory.create({ ...inviter, roles: [permission] }, invitation, again);
    assert.equal(entity.status, 'PendingAcceptance');
  }
});

test('a letter goes out only when it is asked for, with the words of the inviter and one copy', async () => {
  await invite({
    invitedUserEmailAddress: 'letter@fabrikam.example',
    invitedUserDisplayName: 'Lea',
    sendInvitationMessage: true,
    invitedUserMessageInfo: {
      customizedMessageBody: 'Welcome!',
      ccRecipients: [{ emailAddress: { address: 'boss@fabrikam.example' } }],
    },
  });
  const [{ url = '', ...letter } = {}, ...more] = letters;
  assert.match(url, /^https:\/\/login\.example\/redeem\?ticket=/);
  assert.deepEqual(more, []);
  assert.deepEqual(letter, {
    to: 'letter@fabrikam.example',
    cc: ['boss@fabrikam.example'],
    displayName: 'Lea',
    message: 'Welcome!',
  });
});

test('an invitation that leads nowhere or to nobody is refused and makes no guest', async () => {
  const before = (await guests()).length;
  const misleading = [
    'https://evil.example\\@app.example/',
    'https:evil.example',
    'https:/evil.example',
    'https:///evil.example',
    ' https://app.example/',
    'https://@app.example/',
    'https://app.example@evil.example/',
    '//evil.example/',
  ];
  for (const inviteRedirectUrl of misleading) {
    const draft = { invitedUserEmailAddress: 'a@b.example', inviteRedirectUrl };
    await assert.rejects(invite(draft), { code: 'identity.badRedirectUrl', status: 400 }, inviteRedirectUrl);
  }
  const wrong = [
    [{ invitedUserEmailAddress: 'no address' }, 'identity.badInvitedAddress'],
    [{ invitedUserEmailAddress: 'a@b.example', inviteRedirectUrl: 'javascript:alert(1)' }, 'identity.badRedirectUrl'],
    [
      { invitedUserEmailAddress: 'a@b.example', inviteRedirectUrl: 'https://u:p@x.example/' },
      'identity.badRedirectUrl',
    ],
    [{ invitedUserEmailAddress: 'a@b.example', inviteRedirectUrl: 'https://app.exa\tmple/' }, 'model.invalidValue'],
    [{ invitedUserEmailAddress: 'a@b.example', invitedUserDisplayName: 'Ada\nBcc: x@y' }, 'model.invalidValue'],
    [{ invitedUserEmailAddress: 'a@b.example', invitedUserType: 'Robot' }, 'identity.badUserType'],
    [{ invitedUserEmailAddress: 'a@b.example', status: 'Completed' }, 'model.readOnlyProperty'],
    [{}, 'model.requiredProperty'],
  ] as const;
  for (const [draft, code] of wrong) await assert.rejects(invite(draft), { code }, JSON.stringify(draft));
  assert.equal((await guests()).length, before);
});

test('a server without a mailer says so instead of losing the letter', async () => {
  const draft = {
    invitedUserEmailAddress: 'silent@fabrikam.example',
    inviteRedirectUrl: 'https://app.example/',
    sendInvitationMessage: true,
  };
  await assert.rejects(house.directory.create(app, invitation, draft), { code: 'identity.noMailer' });
});
