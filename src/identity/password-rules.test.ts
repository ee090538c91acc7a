import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tenant } from '../store/index.ts';
import { checkPassword, describeComplaints, isCommon, type PasswordDemands, passwordHelp } from './password-rules.ts';

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
  assert.deepEqual(nist('kvetch olive d'), [{ id: 'password.tooShort', values: { minimum: 15, maximum: 256 } }]);
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
  assert.deepEqual(strong('Ush-1aB'), [{ id: 'password.tooShort', values: { minimum: 8, maximum: 64 } }]);
  assert.deepEqual(ids(strong(`Aa1${'x'.repeat(61)}`)), []);
  assert.deepEqual(ids(strong(`Aa1${'x'.repeat(62)}`)), ['password.tooLong']);
  assert.deepEqual(strong('usher-development'), [{ id: 'password.tooFewClasses', values: { required: 3 } }]);
  assert.deepEqual(ids(strong('usher-development-1')), []);
  assert.deepEqual(ids(strong('PASSWORD1234')), ['password.tooFewClasses']);
  assert.deepEqual(ids(strong('Passwort1234')), []);
});

test('what a password needs can be said in words, with every limit filled in', () => {
  assert.equal(describeComplaints(nist('kvetch olive d')), 'at least 15 characters');
  assert.equal(describeComplaints(strong(`Aa1${'x'.repeat(62)}`)), 'at most 64 characters');
  assert.match(describeComplaints(nist('passwordpassword')), /^more than common words/);
});

test('b2c-simple wants 8 to 64 characters of any kind', () => {
  const simple = (password: string) => checkPassword('b2c-simple', password, tenant);
  assert.deepEqual(ids(simple('olivedrum')), []);
  assert.deepEqual(ids(simple('olivedr')), ['password.tooShort']);
  assert.deepEqual(ids(simple('x'.repeat(65))), ['password.tooLong']);
});

test('the rules of B2C want no white space at either end', () => {
  assert.deepEqual(ids(strong(' Usher-dev-1')), ['password.untrimmed']);
  assert.deepEqual(ids(strong('Usher-dev-1\u3000')), ['password.untrimmed']);
  assert.deepEqual(ids(strong('Usher dev 1')), []);
  assert.deepEqual(ids(nist(' kvetch olive dr ')), []);
});

const demands: PasswordDemands = {
  minimum: 6,
  maximum: 6,
  classes: 0,
  digitsOnly: true,
  trimmed: true,
  refusesCommon: false,
};

test('rules can be written out: a PIN, or all four classes', () => {
  const pin = (password: string) => ids(checkPassword(demands, password, tenant));
  assert.deepEqual(pin('482915'), []);
  assert.deepEqual(pin('48291'), ['password.tooShort']);
  assert.deepEqual(pin('48291a'), ['password.notOnlyDigits']);
  assert.deepEqual(
    pin('\u0664\u0668\u0662\u0669\u0661\u0665'),
    ['password.notOnlyDigits'],
    'a keypad has no Arabic-Indic digits',
  );
  const four = { ...demands, minimum: 4, maximum: 256, classes: 4, digitsOnly: false };
  assert.deepEqual(checkPassword(four, 'aB1', tenant), [
    { id: 'password.tooShort', values: { minimum: 4, maximum: 256 } },
    { id: 'password.tooFewClasses', values: { required: 4 } },
  ]);
  assert.deepEqual(checkPassword(four, 'aB1-', tenant), []);
});

test('the help names exactly the rules in force', () => {
  const said = (rules: Parameters<typeof passwordHelp>[0]) => passwordHelp(rules).map(({ id, values }) => [id, values]);
  assert.deepEqual(said('nist-63b-4'), [['password.tooShort', { minimum: 15, maximum: 256 }]]);
  assert.deepEqual(said('b2c-simple'), [['password.length', { minimum: 8, maximum: 64 }]]);
  assert.deepEqual(said('b2c-strong'), [
    ['password.length', { minimum: 8, maximum: 64 }],
    ['password.tooFewClasses', { required: 3 }],
  ]);
  assert.deepEqual(said(demands), [
    ['password.exactLength', { minimum: 6, maximum: 6 }],
    ['password.notOnlyDigits', undefined],
  ]);
});
