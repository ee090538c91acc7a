import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributeMaxLength, builtInAttributeIds } from './built-in.ts';
import { claimNames } from './claims.ts';

test('an attribute is as long as the property it is kept in, a custom one 256 characters', () => {
  assert.equal(attributeMaxLength('postalCode'), 40);
  assert.equal(attributeMaxLength('streetaddress'), 1024);
  assert.equal(attributeMaxLength('surname'), 64);
  assert.equal(attributeMaxLength('extension_0123456789abcdef0123456789abcdef_Hobby'), 256);
  // A sign-in name (b2c contract h.2), not a property of its own.
  assert.equal(attributeMaxLength('email'), 100);
});

test('every built-in attribute has a claim', () => {
  assert.equal(builtInAttributeIds.length, 10);
  for (const name of ['city', 'country', 'name', 'emails', 'given_name', 'jobTitle', 'postalCode', 'state']) {
    assert.ok(claimNames().includes(name), name);
  }
  assert.ok(['streetAddress', 'family_name'].every((name) => claimNames().includes(name)));
});
