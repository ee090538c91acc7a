import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { assignToGuests, createGuestFlow, guestOf, partner, proveNewcomer } from '../testing/guests.ts';
import { type House, openHouse } from '../testing/harness.ts';

const houses: House[] = [];
after(() => Promise.all(houses.map((house) => house.close())));

let house: House;
beforeEach(async () => {
  house = await openHouse();
  houses.push(house);
});

test('a newcomer proves an address, fills in what the flow asks for, and is a guest', async () => {
  await createGuestFlow(house);
  await assignToGuests(house, 'displayName');
  const visitor = await house.begin(partner);
  assert.equal(visitor.screen.id, 'signuporsignin');
  await proveNewcomer(house, visitor, 'Eve@fabrikam.example');
  assert.equal(visitor.screen.id, 'socialccountsignup');
  await visitor.press('continue', { displayName: 'Eve Example' });
  assert.match(visitor.url, /arrived/);
  const [arrival] = house.host.arrivals;
  assert.equal(arrival?.newUser, true);
  assert.deepEqual(arrival?.amr, ['otp']);
  assert.equal(arrival?.foreign?.issuer, 'mail');
  const guest = await guestOf(house);
  assert.equal(guest.userType, 'Guest');
  assert.equal(guest.userPrincipalName, 'eve_fabrikam.example#EXT#@contoso.onmicrosoft.com');
  assert.equal(guest.mail, 'Eve@fabrikam.example');
  assert.equal(guest.creationType, 'SelfServiceSignUp');
  assert.equal(guest.externalUserState, null);
  assert.equal(guest.displayName, 'Eve Example');
  assert.deepEqual(guest.identities, [
    { signInType: 'federated', issuer: 'mail', issuerAssignedId: 'Eve@fabrikam.example' },
  ]);
});
