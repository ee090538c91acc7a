import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tenant } from '../store/index.ts';
import { checkPassword, describeComplaints, isCommon } from './password-rules.ts';

const tenant: Tenant = {
  id: '775527ff-9a37-4307-8b3d-cc311f58d925',
  domains: ['contoso.onmicrosoft.com', 'fabrikam.example'],
  displayName: 'Contoso Widgets',
  created: 0,
};
const nist = (password: string) => checkPassword('nist-63b-4', password, tenant);
const strong = (password: string) => checkPassword('b2c-strong', password, tenant);
const ids = (complaints: readonly { readonly id: string }[]) => complaints.map(({ id }) => id);

test('nist-63b-4 wants 15 characters and takes up to 256, whatever they are', () => {
  assert.deepEqual(ids(nist('kvetch olive dr')), []);
  assert.deepEqual(nist('kvetch olive d'), [{ id: 'password.tooShort', values: { minimum: '15', maximum: '256' } }]);
  assert.deepEqual(ids(nist(`kvetch olive ${'drum lamp yacht '.repeat(15)}`)), []);
  assert.deepEqual(ids(nist(`${'kvetch olive drum '.repeat(15)}`)), ['password.tooLong']);
  assert.deepEqual(ids(nist('x'.repeat(3_000_000))), ['password.tooLong']);
});

test('characters are counted, not bytes or combining marks', () => {
  assert.deepEqual(ids(nist('\u{1f511}\u{1f98a}\u{1f335}')), ['password.tooShort']);
  assert.deepEqual(ids(nist('cafe\u0301 olive drum')), []);
  assert.deepEqual(ids(nist('cafe\u0301 olive dru')), ['password.tooShort']);
});

test('nist-63b-4 refuses what is made of common words, runs and the names of tenant and product', () => {
  for (const password of [
    'passwordpassword',
    'P@ssw0rdP@ssw0rd1',
    'password12345678',
    '1234567890123456',
    'aaaaaaaaaaaaaaaaa',
    'qwertyuiopasdfghjkl',
    'abcdefghijklmnop',
    'ponmlkjihgfedcba',
    'Contoso-Contoso-2',
    'fabrikamFabrikam!',
    'usherusherusher1',
    'WidgetsWidgets123',
    'abababababababab',
  ]) {
    assert.deepEqual(ids(nist(password)), ['password.tooCommon'], password);
  }
});

test('a common word inside an otherwise good password is no reason to refuse it', () => {
  for (const password of ['my password is kelp', 'Contoso gives me hives', 'correct olive battery yacht']) {
    assert.equal(isCommon(password, tenant), false, password);
  }
});

test('b2c-strong wants 8 to 64 characters and three of four classes', () => {
  assert.deepEqual(ids(strong('Usher-dev-1')), []);
  assert.deepEqual(strong('Ush-1aB'), [{ id: 'password.tooShort', values: { minimum: '8', maximum: '64' } }]);
  assert.deepEqual(ids(strong(`Aa1${'x'.repeat(61)}`)), []);
  assert.deepEqual(ids(strong(`Aa1${'x'.repeat(62)}`)), ['password.tooLong']);
  assert.deepEqual(strong('usher-development'), [{ id: 'password.tooFewClasses', values: { required: '3' } }]);
  assert.deepEqual(ids(strong('usher-development-1')), []);
  assert.deepEqual(ids(strong('PASSWORD1234')), ['password.tooFewClasses']);
  assert.deepEqual(ids(strong('Passwort1234')), []);
});

test('what a password needs can be said in words, with every limit filled in', () => {
  assert.equal(describeComplaints(nist('kvetch olive d')), 'at least 15 characters');
  assert.equal(describeComplaints(strong(`Aa1${'x'.repeat(62)}`)), 'at most 64 characters');
  assert.match(describeComplaints(nist('passwordpassword')), /^more than common words/);
});
