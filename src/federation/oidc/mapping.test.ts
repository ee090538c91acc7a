import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identifiedBy, type Mapping, standardAttributes } from './mapping.ts';

const standard: Mapping = { userId: ['sub'], attributes: standardAttributes };

function personBy(token: object, more: object = {}, mapping: Mapping = standard) {
  const identified = identifiedBy({ sub: '1', ...token }, { ...more }, mapping);
  assert.ok(!('kind' in identified), JSON.stringify(identified));
  return identified;
}

test('what the ID token says counts before what the UserInfo endpoint says', () => {
  const { claims } = personBy({ name: 'Robin' }, { name: 'Mallory', given_name: 'Robin' });
  assert.deepEqual(claims, { displayName: 'Robin', givenName: 'Robin' });
});

test('an address is proved by whoever told it, and by nobody else', () => {
  const proved = { email: 'robin@elsewhere.example', email_verified: true };
  assert.equal(personBy(proved).isEmailVerified, true);
  assert.equal(personBy({}, proved).isEmailVerified, true);
  assert.equal(personBy({ email: 'admin@victim.example' }, proved).isEmailVerified, false);
  assert.equal(personBy({ email_verified: true }, { email: 'admin@victim.example' }).isEmailVerified, false);
  assert.equal(personBy({ email_verified: true }).isEmailVerified, false);
});

test('`email_verified` says nothing of an address that another claim holds', () => {
  const claims = { upn: 'admin@victim.example', email: 'mallory@evil.example', email_verified: true };
  const { isEmailVerified, claims: mapped } = personBy(claims, {}, { ...standard, attributes: { email: 'upn' } });
  assert.deepEqual([mapped, isEmailVerified], [{ email: 'admin@victim.example' }, false]);
  const own: Mapping = { ...standard, attributes: { email: 'upn' }, emailVerified: 'upn_verified' };
  assert.equal(personBy({ ...claims, upn_verified: true }, {}, own).isEmailVerified, true);
  assert.equal(personBy(claims, {}, own).isEmailVerified, false);
});

test('nobody is named by an address that the provider has not proved', () => {
  const byAddress: Mapping = { ...standard, userId: ['email'] };
  const claims = { sub: '1', email: 'robin@elsewhere.example' };
  assert.ok('kind' in identifiedBy(claims, {}, byAddress));
  assert.ok('kind' in identifiedBy(claims, { email_verified: true }, byAddress));
  assert.equal(
    personBy({ ...claims, email_verified: true }, {}, byAddress).issuerAssignedId,
    'robin@elsewhere.example',
  );
});

test('only the ID token names a person, by text that can be kept whole', () => {
  const byOid: Mapping = { ...standard, userId: ['oid', 'sub'] };
  assert.equal(personBy({ oid: 'o' }, {}, byOid).issuerAssignedId, 'o');
  assert.equal(personBy({}, { oid: 'o' }, byOid).issuerAssignedId, '1');
  assert.equal(personBy({ sub: 42 }).issuerAssignedId, '42');
  for (const sub of ['', ' ', 'a b', 'a\nb', 'é', 'x'.repeat(101), 1.5, 2 ** 60, true, null, {}, ['1']]) {
    assert.ok('kind' in identifiedBy({ sub }, {}, standard), JSON.stringify(sub));
  }
});

test('what an attribute cannot hold is left out, not cut', () => {
  const long = (length: number) => 'x'.repeat(length);
  const { claims } = personBy({
    name: long(257),
    given_name: long(64),
    family_name: long(65),
    email: `${long(251)}@a.b`,
  });
  assert.deepEqual(claims, { givenName: long(64) });
  for (const name of ['', '  ', 'a\u0000b', 'a\u2028b', '\ud800', {}, null, [{}]]) {
    assert.deepEqual(personBy({ name }).claims, {}, JSON.stringify(name));
  }
});

test('what is no address is none', () => {
  for (const email of ['robin', '@elsewhere.example', 'robin@', 'a b@c.example', 'a@b@c.example']) {
    const { claims, isEmailVerified } = personBy({ email, email_verified: true });
    assert.deepEqual([claims, isEmailVerified], [{}, false], email);
  }
});

test('numbers, switches, lists and lines become one line of text', () => {
  const attributes = {
    postalCode: 'zip',
    extension_Loyal: 'loyal',
    email: 'emails',
    streetAddress: ['address', 'street'],
  } as const;
  const { claims } = personBy(
    {
      zip: 62_701,
      loyal: true,
      emails: ['a@b.example', 'c@d.example'],
      address: { street: 'Main Street 1\r\n 2nd floor\n' },
    },
    {},
    { userId: ['sub'], attributes },
  );
  assert.deepEqual(claims, {
    postalCode: '62701',
    extension_Loyal: 'true',
    email: 'a@b.example',
    streetAddress: 'Main Street 1, 2nd floor',
  });
});
