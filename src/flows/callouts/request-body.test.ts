import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from '../facts.ts';
import { type ConnectorStep, connectorSteps } from './connector-step.ts';
import { connectorBody } from './request-body.ts';
import { sampleRequest } from './samples.ts';
import { newcomer } from './subjects.ts';

const occasion = { clientId: '93fd07aa-333c-409d-955d-96008fd08dd9', locale: 'en-US' };
const own = 'extension_0123456789abcdef0123456789abcdef_Shoesize';
const attributes = [{ id: own, dataType: 'int64' }] as const;

/** Members of the samples of the contract (f.2), in their order. */
const members: Readonly<Record<ConnectorStep, string>> = {
  PostFederationSignup: 'email identities displayName givenName surname step client_id ui_locales',
  PostAttributeCollection: `email identities displayName givenName surname jobTitle streetAddress city postalCode state country ${own} step client_id ui_locales`,
  PreTokenIssuance: `email identities displayName objectId givenName surname jobTitle streetAddress city postalCode state country ${own} step client_id ui_locales`,
};

for (const step of connectorSteps) {
  test(`${step}: the sample has the members that the contract names`, () => {
    const sample = sampleRequest(step, 'b2c', { clientId: occasion.clientId, attributes });
    assert.equal(Object.keys(sample).join(' '), members[step]);
    assert.deepEqual([sample['step'], sample['client_id'], sample['ui_locales']], [step, occasion.clientId, 'en-US']);
  });

  test(`${step}: flows of guests name neither the step nor the application`, () => {
    const sample = sampleRequest(step, 'b2x', { clientId: occasion.clientId, attributes });
    assert.equal(Object.keys(sample).join(' '), members[step].replace(' step client_id', ''));
  });
}

const bodyOf = (facts: Facts, audience: 'b2c' | 'b2x' = 'b2c') =>
  connectorBody('PostAttributeCollection', audience, newcomer(facts, audience, 'contoso.onmicrosoft.com'), occasion);

test('what has no value is not sent, what is false or zero is', () => {
  const body = bodyOf({ attributes: { city: '', [own]: 0, extension_0_Member: false } });
  assert.deepEqual(Object.keys(body), [own, 'extension_0_Member', 'step', 'client_id', 'ui_locales']);
  assert.deepEqual([body[own], body['extension_0_Member']], [0, false]);
});

test('what a provider told is overridden by what the person said, also where they left it empty', () => {
  const foreign = { provider: 'p', issuer: 'google.com', issuerAssignedId: '1', isEmailVerified: true };
  const prefill = { givenName: 'Ida', surname: 'Vance' };
  const body = bodyOf({ foreign, prefill, attributes: { givenName: '', surname: 'Vance-Ng' } });
  assert.deepEqual([body['givenName'], body['surname'], body['email']], [undefined, 'Vance-Ng', undefined]);
});

test('each kind of account is told by the name it will have, and its address', () => {
  const issuer = 'contoso.onmicrosoft.com';
  const kinds: readonly (readonly [Facts, string, string, string | undefined])[] = [
    [{ signInName: 'ida@contoso.example' }, 'emailAddress', 'ida@contoso.example', 'ida@contoso.example'],
    [
      { signInName: 'ida@contoso.example', accountKind: 'emailCode' },
      'emailAddress',
      'ida@contoso.example',
      'ida@contoso.example',
    ],
    [
      { signInName: 'ida', accountKind: 'userName', recoveryEmail: 'ida@contoso.example' },
      'userName',
      'ida',
      'ida@contoso.example',
    ],
    [{ signInName: '+4915112345678', accountKind: 'phone' }, 'phoneNumber', '+4915112345678', undefined],
  ];
  for (const [facts, signInType, issuerAssignedId, email] of kinds) {
    const body = bodyOf({ ...facts, passwordHash: '$argon2id$secret', provedEmails: ['x'] });
    assert.deepEqual([body['identities'], body['email']], [[{ signInType, issuer, issuerAssignedId }], email]);
    assert.doesNotMatch(JSON.stringify(body), /argon2id/);
  }
});

test('guests are told by their identities when they come from Google, Facebook or with a mailed code, and not otherwise', () => {
  const from = (issuer: string): Facts => ({
    foreign: { provider: 'p', issuer, issuerAssignedId: '1', isEmailVerified: true, email: 'ida@elsewhere.example' },
  });
  for (const issuer of ['google.com', 'facebook.com']) {
    assert.deepEqual(bodyOf(from(issuer), 'b2x')['identities'], [
      { signInType: 'federated', issuer, issuerAssignedId: '1' },
    ]);
  }
  assert.deepEqual(bodyOf({ signInName: 'ida@elsewhere.example' }, 'b2x')['identities'], [
    { signInType: 'federated', issuer: 'mail', issuerAssignedId: 'ida@elsewhere.example' },
  ]);
  const others = bodyOf(from('https://login.microsoftonline.com/x/v2.0'), 'b2x');
  assert.deepEqual([others['identities'], others['email']], [undefined, 'ida@elsewhere.example']);
});
