import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { certificateFor } from '../../../test/support/certificate.ts';
import { entities } from '../../model/index.ts';
import { tenantSignIn } from '../events/contender.ts';
import { planReader } from '../plans.ts';
import { addForeign, type Foreign } from '../testing/foreign.ts';
import { assignToGuests, createGuestFlow, guestOf, partner } from '../testing/guests.ts';
import { fieldOf, type House, messagesOf, openHouse, seed } from '../testing/harness.ts';

let house: House;
let elsewhere: Foreign;
let unoffered: Foreign;
before(async () => {
  house = await openHouse();
  elsewhere = await addForeign(house);
  unoffered = await addForeign(house, { displayName: 'Unoffered' });
  await createGuestFlow(house, [elsewhere.id]);
  await assignToGuests(house, 'displayName');
});
after(async () => {
  await Promise.all([elsewhere.server.close(), unoffered.server.close()]);
  await house.close();
});

const person = (sub: string, rest: Readonly<Record<string, unknown>> = {}) => ({
  sub,
  name: 'Eve',
  email: `${sub}@fabrikam.example`,
  email_verified: true,
  ...rest,
});

test('somebody whom a provider of the flow has proved signs up, and signs in the next time without the flow', async () => {
  elsewhere.server.person = person('eve');
  const visitor = await house.begin(partner);
  await elsewhere.signIn(visitor);
  assert.equal(fieldOf(visitor.screen, 'displayName')?.value, 'Eve', 'filled in by what the provider told');
  await visitor.press('continue', { displayName: 'Eve Guest' });
  assert.match(visitor.url, /arrived/);
  const guest = await guestOf(house);
  assert.deepEqual(
    [guest.userType, guest.mail, guest.creationType, guest.externalUserState, guest.displayName],
    ['Guest', 'eve@fabrikam.example', 'SelfServiceSignUp', null, 'Eve Guest'],
  );
  assert.equal(guest.userPrincipalName, 'eve_fabrikam.example#EXT#@contoso.onmicrosoft.com');
  assert.deepEqual(guest.identities, [
    { signInType: 'federated', issuer: elsewhere.server.issuer, issuerAssignedId: 'eve' },
  ]);
  for (const flow of [partner, tenantSignIn]) {
    const again = await house.begin(flow);
    await elsewhere.signIn(again);
    assert.match(again.url, /arrived/);
    const arrival = house.host.arrivals.at(-1);
    assert.deepEqual([arrival?.userId, arrival?.newUser], [guest.id, false]);
  }
});

test('a newcomer may come from the page to create an account just as well', async () => {
  elsewhere.server.person = person('carol');
  const visitor = await house.begin(partner);
  await visitor.press('createAccount');
  assert.deepEqual(visitor.screen.fields, [], 'the flow sends nobody codes');
  await elsewhere.signIn(visitor);
  await visitor.press('continue', { displayName: 'Carol' });
  assert.match(visitor.url, /arrived/);
});

test('a provider that the flow does not offer to newcomers makes nobody a guest', async () => {
  unoffered.server.person = person('dan');
  for (const flow of [partner, tenantSignIn]) {
    const visitor = await house.begin(flow);
    await unoffered.signIn(visitor);
    assert.equal(house.host.refusals.at(-1), 'foreignUnknown');
  }
});

test('an address that the provider has not proved names nobody', async () => {
  elsewhere.server.person = person('mallory', { email: 'victim@fabrikam.example', email_verified: false });
  const visitor = await house.begin(partner);
  await elsewhere.signIn(visitor);
  await visitor.press('continue', { displayName: 'Mallory' });
  const mallory = await guestOf(house);
  assert.deepEqual([mallory.mail, mallory.otherMails], [null, []]);
  const made = await house.directory.create(seed, entities.invitation, {
    invitedUserEmailAddress: 'victim@fabrikam.example',
    inviteRedirectUrl: 'https://app.example/',
  });
  const linked = await house.directory.linked([{ type: entities.invitation, id: made.entity.id }], 'invitedUser');
  assert.notEqual(linked[0]?.[0]?.entity.id, mallory.id, 'who is invited is another one');
});

test('a flow that stops offering a provider makes no guest of who is on the way from there', async () => {
  elsewhere.server.person = person('late');
  const visitor = await house.begin(partner);
  await elsewhere.signIn(visitor);
  assert.ok(visitor.screen);
  const flow = { type: entities.b2xIdentityUserFlow, id: partner };
  await house.directory.unlink(seed, flow, 'userFlowIdentityProviders', elsewhere.id);
  await visitor.press('continue', { displayName: 'Late' });
  assert.equal(house.host.refusals.at(-1), 'foreignUnknown');
  await house.directory.link(seed, flow, 'userFlowIdentityProviders', elsewhere.id);
  assert.equal(await house.identity.findByForeignIdentity(elsewhere.server.issuer, 'late'), undefined);
});

test('an account that is switched off stays out, also from elsewhere', async () => {
  elsewhere.server.person = person('off');
  await house.directory.create(seed, entities.user, {
    userType: 'Guest',
    accountEnabled: false,
    identities: [{ signInType: 'federated', issuer: elsewhere.server.issuer, issuerAssignedId: 'off' }],
  });
  const visitor = await house.begin(partner);
  await elsewhere.signIn(visitor);
  assert.deepEqual(messagesOf(visitor.screen), ['signuporsignin.UserMessageIfUserAccountDisabled']);
});

test('an organization is found by its domains here as in flows of the tenant', async () => {
  const type = entities.samlOrWsFedExternalDomainFederation;
  const { entity } = await house.directory.create(seed, type, {
    displayName: 'Fabrikam',
    issuerUri: 'https://idp.fabrikam.example/saml',
    passiveSignInUri: 'https://idp.fabrikam.example/sso',
    preferredAuthenticationProtocol: 'saml',
    signingCertificate: new X509Certificate(certificateFor('idp.fabrikam.example').certificate).raw.toString('base64'),
  });
  const within = { parent: { type, id: entity.id }, navigation: 'domains' };
  await house.directory.create(seed, entities.externalDomainName, { id: 'fabrikam.example' }, { within });
  const flow = { type: entities.b2xIdentityUserFlow, id: partner };
  await house.directory.link(seed, flow, 'userFlowIdentityProviders', entity.id);
  for (const id of [partner, tenantSignIn]) {
    const plan = await planReader(house.directory)(id, []);
    assert.deepEqual(plan?.providers.find((one) => one.id === entity.id)?.domains, ['fabrikam.example'], id);
    const visitor = await house.begin(id, { domainHint: 'Fabrikam.example' });
    assert.equal(new URL(visitor.url).host, 'idp.fabrikam.example');
  }
});
