import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimNames, claimsOf } from './claims.ts';
import type { User } from './user.ts';

const appId = '25883231668a43a780b25685c3f874bc';
const user = {
  id: 'aaaaaaaa-0000-4000-8000-000000000001',
  displayName: 'Adele Vance',
  givenName: 'Adele',
  surname: 'Vance',
  city: 'Lyon',
  country: '',
  jobTitle: null,
  postalCode: '69001',
  mail: null,
  otherMails: ['other@contoso.example'],
  passwordHash: '$argon2id$secret',
  identities: [
    { signInType: 'emailAddress', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: 'adele@contoso.example' },
    { signInType: 'federated', issuer: 'facebook.com', issuerAssignedId: '5eecb0cd' },
  ],
  [`extension_${appId}_LoyaltyNumber`]: 212342,
  [`extension_${appId}_Newsletter`]: false,
  [`extension_${appId}_Empty`]: '',
  department: 'not a claim',
} as unknown as User;

test('properties get their names in a token, and what has no value is left out', () => {
  assert.deepEqual(claimsOf(user), {
    name: 'Adele Vance',
    given_name: 'Adele',
    family_name: 'Vance',
    emails: ['adele@contoso.example'],
    oid: 'aaaaaaaa-0000-4000-8000-000000000001',
    city: 'Lyon',
    postalCode: '69001',
    extension_LoyaltyNumber: 212342,
    extension_Newsletter: false,
  });
});

test('only the claims asked for are returned, by id in any case', () => {
  assert.deepEqual(claimsOf(user, { claims: ['DisplayName', 'emails', 'country', 'newUser'] }), {
    name: 'Adele Vance',
    emails: ['adele@contoso.example'],
  });
  assert.deepEqual(claimsOf(user, { claims: [] }), {});
});

test('a custom attribute is asked for with or without the application id', () => {
  const expected = { extension_LoyaltyNumber: 212342 };
  assert.deepEqual(claimsOf(user, { claims: ['extension_loyaltynumber'] }), expected);
  assert.deepEqual(claimsOf(user, { claims: [`extension_${appId}_LoyaltyNumber`] }), expected);
});

test('how old a person is before the law is told only where it is asked for', () => {
  const minor = { ...user, ageGroup: 'minor', legalAgeGroupClassification: 'minorWithOutParentalConsent' } as User;
  const told = { ageGroup: 'minor', legalAgeGroupClassification: 'minorWithOutParentalConsent' };
  assert.deepEqual(claimsOf(minor, { claims: ['ageGroup', 'legalAgeGroupClassification'], age: true }), told);
  assert.deepEqual(claimsOf(minor, { claims: ['ageGroup', 'legalAgeGroupClassification'] }), {});
  assert.equal('ageGroup' in claimsOf(minor), false);
});

test('what is no claim cannot be asked for', () => {
  assert.deepEqual(claimsOf(user, { claims: ['passwordHash', 'department', 'identities', 'mail', 'given_name'] }), {});
});

test('a person proved elsewhere has the addresses that provider gave, and an identity provider', () => {
  const federated = { ...user, identities: user.identities.slice(1) };
  assert.deepEqual(claimsOf(federated, { claims: ['emails', 'identityProvider'], identityProvider: 'facebook.com' }), {
    emails: ['other@contoso.example'],
    idp: 'facebook.com',
  });
  assert.deepEqual(claimsOf({ ...federated, otherMails: [] }, { claims: ['emails', 'identityProvider'] }), {});
});

test('newUser is true in the sign-up and absent later', () => {
  assert.deepEqual(claimsOf(user, { claims: ['newUser'], newUser: true }), { newUser: true });
  assert.deepEqual(claimsOf(user, { claims: ['newUser'], newUser: false }), {});
});

test('the list of claim names has every claim a user can get, except those of custom attributes', () => {
  const everything = {
    ...user,
    country: 'France',
    jobTitle: 'Clerk',
    state: 'Rhône',
    streetAddress: '1 Quai',
    ageGroup: 'minor',
    consentProvidedForMinor: 'granted',
    legalAgeGroupClassification: 'minorWithParentalConsent',
  } as unknown as User;
  const provider = { identityProvider: 'facebook.com', identityProviderAccessToken: 'EAAC' };
  const names = Object.keys(claimsOf(everything, { ...provider, newUser: true, age: true }));
  assert.deepEqual(names.filter((name) => !name.startsWith('extension_')).sort(), [...claimNames()].sort());
});

test('attributes that are selected are the claims they are called in a token', () => {
  const ids = ['city', 'Email', 'surname', `extension_${appId}_LoyaltyNumber`, 'nothing'];
  assert.deepEqual(claimNames(ids), ['city', 'emails', 'family_name', 'extension_LoyaltyNumber']);
  assert.deepEqual(claimsOf(user, { claims: ids }), {
    family_name: 'Vance',
    emails: ['adele@contoso.example'],
    city: 'Lyon',
    extension_LoyaltyNumber: 212342,
  });
  assert.deepEqual(claimNames([]), []);
});
