import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complete, merge, restore, sparse } from './complete.ts';
import * as entities from './entities/index.ts';
import { entity } from './entity.ts';
import { collection, complex, complexType, string } from './property.ts';

const { application, b2cIdentityUserFlow, identityUserFlowAttributeAssignment, user } = entities;

test('defaults, nulls and empty collections are filled in, deeply, in declared order', () => {
  const full = complete(b2cIdentityUserFlow, { userFlowTypeVersion: 3, userFlowType: 'signIn' });
  const claims = { isIssuerEntityUserFlow: false, isSubjectClaimSupported: true, claimTypeForUserFlowId: 'tfp' };
  assert.deepEqual(Object.entries(full).slice(0, 8), [
    ['userFlowType', 'signIn'],
    ['userFlowTypeVersion', 3],
    ['assignmentOrder', []],
    ['isLanguageCustomizationEnabled', false],
    ['defaultLanguageTag', 'en'],
    ['apiConnectorConfiguration', {}],
    ['authenticationMethods', 'emailWithPassword'],
    ['tokenClaimsConfiguration', claims],
  ]);
  const { web } = complete(application, { appId: 'x', displayName: 'x', web: { redirectUris: ['https://a/'] } });
  assert.deepEqual(web, {
    redirectUris: ['https://a/'],
    homePageUrl: null,
    logoutUrl: null,
    implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false },
    redirectUriSettings: [],
  });
  assert.deepEqual(complete(user, { identities: [{ issuer: 'a' }] })['identities'], [
    { signInType: null, issuer: 'a', issuerAssignedId: null },
  ]);
});

test('what was given stays, null included, and no two entities share a default', () => {
  assert.equal(
    complete(b2cIdentityUserFlow, { userFlowType: 'signIn', userFlowTypeVersion: 1, defaultLanguageTag: null })[
      'defaultLanguageTag'
    ],
    null,
  );
  const [one, other] = [complete(user, {}), complete(user, {})];
  assert.notEqual(one['otherMails'], other['otherMails']);
});

test('a property that must have a value and has none is refused', () => {
  assert.throws(() => complete(identityUserFlowAttributeAssignment, { isOptional: true }), {
    code: 'model.requiredProperty',
    data: {
      name: 'requiresVerification',
      type: 'identityUserFlowAttributeAssignment',
      expected: 'a value',
      target: 'requiresVerification',
    },
  });
});

test('an update is refused for what it touches only, and a stored row never', () => {
  const part = complexType('part', { code: string() });
  const box = entity('box', {
    properties: { label: string(), part: complex(part, { nullable: true }), parts: collection(complex(part)) },
    source: 'none',
  });
  assert.deepEqual(complete(box, { part: null }, new Set(['part'])), { part: null, parts: [] });
  assert.throws(() => complete(box, { part: {} }, new Set(['part'])), { code: 'model.requiredProperty' });
  assert.throws(() => complete(box, { parts: [{}] }, new Set(['parts'])), { code: 'model.requiredProperty' });
  assert.deepEqual(restore(box, { parts: [{}] }), { part: null, parts: [{}] });
});

test('a merge changes what the patch names and nothing else', () => {
  const current = complete(application, {
    appId: 'x',
    displayName: 'x',
    web: { redirectUris: ['https://a/'], homePageUrl: 'h' },
  });
  const before = JSON.stringify(current);
  const next = merge(application, current, { web: { implicitGrantSettings: { enableIdTokenIssuance: true } } });
  assert.deepEqual(next, {
    ...current,
    web: {
      redirectUris: ['https://a/'],
      homePageUrl: 'h',
      logoutUrl: null,
      implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false },
      redirectUriSettings: [],
    },
  });
  assert.equal(JSON.stringify(current), before);
});

test('a merge replaces collections, and a complex value that was null', () => {
  assert.deepEqual(merge(user, { otherMails: ['a', 'b'] }, { otherMails: ['c'] }), { otherMails: ['c'] });
  assert.deepEqual(merge(user, { passwordProfile: null }, { passwordProfile: { password: 'x' } }), {
    passwordProfile: { password: 'x' },
  });
  assert.deepEqual(merge(user, { passwordProfile: { password: 'x' } }, { passwordProfile: null }), {
    passwordProfile: null,
  });
});

test('an undeclared member keeps its first spelling, and null removes it', () => {
  const stored = { extension_abc_ShoeSize: 42 };
  assert.deepEqual(merge(user, stored, { extension_ABC_shoesize: 43 }), { extension_abc_ShoeSize: 43 });
  assert.deepEqual(merge(user, stored, { extension_ABC_shoesize: null }), {});
  assert.equal('extension_x' in complete(user, { extension_x: null }), false);
});

test('an open type does not grow without end', () => {
  const stored = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`extension_${index}`, 1]));
  assert.throws(() => merge(user, stored, { extension_more: 1 }), { code: 'model.tooMany' });
  assert.equal(Object.keys(merge(user, stored, { extension_0: 2 })).length, 500);
});

test('what is left out of stored values comes back when they are read, and nothing else is left out', () => {
  const full = complete(user, {
    displayName: 'Grace',
    accountEnabled: false,
    otherMails: ['a@b.example'],
    extension_x: 1,
  });
  const stored = sparse(user, full);
  assert.deepEqual(restore(user, stored), full);
  assert.ok(Object.keys(stored).length < Object.keys(full).length / 2, Object.keys(stored).join());
  assert.deepEqual(
    [stored['accountEnabled'], stored['otherMails'], stored['extension_x']],
    [false, ['a@b.example'], 1],
  );
  const flow = { userFlowType: 'signIn', userFlowTypeVersion: 1, defaultLanguageTag: null };
  assert.equal(sparse(b2cIdentityUserFlow, flow)['defaultLanguageTag'], null, 'it has another default');
  const part = complexType('part', { code: string({ nullable: true }) });
  const held = entity('held', {
    properties: { one: collection(string({}), { default: ['x'] }), part: complex(part, { nullable: true }) },
    source: 'none',
  });
  assert.deepEqual(sparse(held, { one: [], part: { code: null } }), { one: [], part: { code: null } });
});

test('null is refused where there is no such value, also where there is a default', () => {
  const lamp = entity('lamp', {
    properties: { colour: string({ default: 'red' }), spots: collection(string({})) },
    source: 'none',
  });
  assert.throws(() => complete(lamp, { colour: null }), { code: 'model.requiredProperty' });
  assert.deepEqual(complete(lamp, { spots: null }), { colour: 'red', spots: [] });
  assert.deepEqual(restore(lamp, { colour: null }), { spots: [] });
});
