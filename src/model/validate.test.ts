import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../kernel/index.ts';
import * as entities from './entities/index.ts';
import { type EntityType, entity } from './entity.ts';
import { collection, complex, complexType, dateTimeOffset, int32, string } from './property.ts';
import { validate } from './validate.ts';

const { application, b2cIdentityUserFlow, identityProviderBase, signingKey, socialIdentityProvider, user } = entities;

function refusal(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: 'it was accepted' });
}

function refuses(run: () => unknown, code: string, target: string): void {
  const fault = refusal(run);
  assert.deepEqual([fault.code, fault.data['target'], fault.status], [`model.${code}`, target, 400]);
}

const flow = { id: 'Customer', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 };

test('names and enum members are taken in any case and returned as declared', () => {
  const body = { ID: 'Customer', UserFlowType: 'SIGNUPORSIGNIN', userflowtypeversion: 3 };
  assert.deepEqual(validate(b2cIdentityUserFlow, body, 'create'), flow);
});

test('annotations and absent members are skipped', () => {
  const body = {
    ...flow,
    '@odata.type': '#x',
    'id@odata.type': '#String',
    '@odate.type': 1,
    defaultLanguageTag: undefined,
  };
  assert.deepEqual(validate(b2cIdentityUserFlow, body, 'create'), flow);
});

test('a PATCH yields what it names and nothing else, in complex values too', () => {
  assert.deepEqual(validate(application, {}, 'update'), {});
  const body = { web: { implicitGrantSettings: { enableIdTokenIssuance: true } } };
  assert.deepEqual(validate(application, body, 'update'), body);
});

test('an unknown member is refused by name, at every depth', () => {
  const fault = refusal(() => validate(b2cIdentityUserFlow, { ...flow, colour: 'red' }, 'create'));
  assert.equal(fault.message, "Invalid property 'colour'.");
  refuses(() => validate(application, { web: { redirectUri: 'x' } }, 'update'), 'unknownProperty', 'web/redirectUri');
  const identities = [{ issuer: 'a' }, { issuer: 'a', name: 'b' }];
  refuses(() => validate(user, { identities }, 'update'), 'unknownProperty', 'identities/1/name');
});

test('the refusal of an unknown member names the type and what it has, unless that is much', () => {
  const expected = (type: EntityType, body: Readonly<Record<string, unknown>>) =>
    refusal(() => validate(type, body, 'update')).data['expected'];
  assert.equal(
    expected(user, { identities: [{ name: 'b' }] }),
    "one of the properties of 'objectIdentity' (see $metadata): signInType, issuer, issuerAssignedId",
  );
  assert.equal(expected(application, { colour: 1 }), "one of the properties of 'application' (see $metadata)");
  assert.equal(expected(user, { passwordHash: 1 }), "one of the properties of 'user' (see $metadata)");
});

test('a value that names its type names the right one, in whatever namespace', () => {
  const tokens = (named: unknown) =>
    validate(b2cIdentityUserFlow, { tokenLifetimeConfiguration: { '@odata.type': named } }, 'update');
  const name = 'userFlowTokenLifetimeConfiguration';
  for (const known of [`#microsoft.graph.${name}`, `Microsoft.Cpim.Api.DataModels.${name}`, `#graph.${name}`]) {
    assert.deepEqual(tokens(known), { tokenLifetimeConfiguration: {} });
  }
  for (const other of ['#microsoft.graph.userFlowTokenClaimsConfiguration', '', 7, null]) {
    refuses(() => tokens(other), 'invalidValue', 'tokenLifetimeConfiguration/@odata.type');
  }
  const settings = { '@odata.type': '#usher.userFlowSettings' };
  assert.deepEqual(validate(b2cIdentityUserFlow, { settings }, 'update'), { settings: {} });
});

test('what is required is more than white space, and so is a secret; the password of a file may be empty', () => {
  for (const blank of ['', ' ', '\t\n']) {
    refuses(() => validate(application, { displayName: blank }, 'update'), 'invalidValue', 'displayName');
    const provider = entities.openIdConnectIdentityProvider;
    refuses(() => validate(provider, { clientSecret: blank }, 'update'), 'invalidValue', 'clientSecret');
  }
  const file = { '@odata.type': 'pkcs12Certificate', pkcs12Value: 'MA==', password: '' };
  const body = { authenticationConfiguration: file };
  assert.deepEqual(validate(entities.identityApiConnector, body, 'update'), body);
  assert.deepEqual(validate(application, { notes: '' }, 'update'), { notes: '' });
});

test('the type named in a fault is the entity type, and the refused value is not in it', () => {
  const fault = refusal(() => validate(user, { identities: [{ issuer: 'x'.repeat(513) }] }, 'create'));
  assert.deepEqual(fault.data, {
    name: 'issuer',
    type: 'user',
    expected: 'a string of at most 512 characters on one line',
    target: 'identities/0/issuer',
  });
});

test('an open type keeps further members that are scalars or lists of scalars', () => {
  const body = { extension_abc_ShoeSize: 42, extension_abc_Tags: ['a', 'b'], extension_abc_Gone: null };
  assert.deepEqual(validate(user, body, 'update'), body);
  refuses(() => validate(user, { extension_abc_x: {} }, 'update'), 'invalidValue', 'extension_abc_x');
  refuses(() => validate(user, { extension_abc_x: ['a', []] }, 'update'), 'invalidValue', 'extension_abc_x/1');
  refuses(() => validate(user, { 'shoe size': 1 }, 'update'), 'unknownProperty', 'shoe size');
  refuses(() => validate(user, { ['x'.repeat(129)]: 1 }, 'update'), 'unknownProperty', 'x'.repeat(129));
});

test('a member that would change what an object is, is refused', () => {
  const body = JSON.parse('{"__proto__":["polluted"]}') as Record<string, unknown>;
  refuses(() => validate(user, body, 'update'), 'unknownProperty', '__proto__');
  for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
    refuses(() => validate(user, { [name]: 1 }, 'update'), 'unknownProperty', name);
  }
  refuses(() => validate(application, { web: { toString: 'x' } }, 'update'), 'unknownProperty', 'web/toString');
});

test('an internal property looks like one that does not exist, unless the server itself writes', () => {
  refuses(() => validate(user, { passwordHash: 'x' }, 'create'), 'unknownProperty', 'passwordHash');
  refuses(() => validate(user, { PASSWORDHASH: 'x' }, 'update'), 'unknownProperty', 'PASSWORDHASH');
  assert.deepEqual(validate(user, { passwordHash: 'x' }, 'create', { trusted: true }), { passwordHash: 'x' });
  assert.deepEqual(validate(signingKey, { privateJwk: '{}' }, 'create', { trusted: true }), { privateJwk: '{}' });
});

test('what only the server sets is refused from a caller, inside collections too', () => {
  const createdDateTime = '2026-11-21T10:00:00+01:00';
  refuses(() => validate(user, { createdDateTime }, 'create'), 'readOnlyProperty', 'createdDateTime');
  const hinted = { displayName: 'app', passwordCredentials: [{ hint: 'abc' }] };
  refuses(() => validate(application, hinted, 'create'), 'readOnlyProperty', 'passwordCredentials/0/hint');
  assert.deepEqual(validate(user, { createdDateTime }, 'create', { trusted: true }), {
    createdDateTime: '2026-11-21T09:00:00Z',
  });
});

test('what is fixed at creation cannot be changed, not even by the server', () => {
  const patch = { userFlowType: 'signIn' };
  refuses(() => validate(b2cIdentityUserFlow, patch, 'update'), 'immutableProperty', 'userFlowType');
  refuses(() => validate(b2cIdentityUserFlow, patch, 'update', { trusted: true }), 'immutableProperty', 'userFlowType');
  refuses(() => validate(b2cIdentityUserFlow, { id: 'Other' }, 'update'), 'immutableProperty', 'id');
});

test('a POST must name what is required, and a PATCH need not', () => {
  refuses(() => validate(b2cIdentityUserFlow, { ...flow, id: undefined }, 'create'), 'requiredProperty', 'id');
  const { userFlowType: _, ...rest } = flow;
  refuses(() => validate(b2cIdentityUserFlow, rest, 'create'), 'requiredProperty', 'userFlowType');
  assert.deepEqual(validate(socialIdentityProvider, { clientId: 'c' }, 'update'), { clientId: 'c' });
});

test('an item of a collection is replaced as a whole, so it must be complete in a PATCH too', () => {
  const api = { oauth2PermissionScopes: [{ value: 'tasks.read' }] };
  refuses(() => validate(application, { api }, 'update'), 'requiredProperty', 'api/oauth2PermissionScopes/0/id');
});

test('the same member in two spellings is refused', () => {
  refuses(() => validate(user, { displayName: 'a', DisplayName: 'b' }, 'update'), 'duplicateProperty', 'DisplayName');
  refuses(() => validate(user, { extension_a: 1, Extension_A: 2 }, 'update'), 'duplicateProperty', 'Extension_A');
  const identities = [{ issuer: 'a', Issuer: 'b' }];
  refuses(() => validate(user, { identities }, 'update'), 'duplicateProperty', 'identities/0/Issuer');
});

test('null is taken where the declaration allows it', () => {
  assert.deepEqual(validate(user, { givenName: null, passwordProfile: null }, 'update'), {
    givenName: null,
    passwordProfile: null,
  });
  refuses(() => validate(user, { accountEnabled: null }, 'update'), 'nullProperty', 'accountEnabled');
  refuses(() => validate(user, { otherMails: null }, 'update'), 'nullProperty', 'otherMails');
  refuses(() => validate(user, { otherMails: ['a', null] }, 'update'), 'invalidValue', 'otherMails/1');
});

test('a value of another kind than declared is refused', () => {
  refuses(() => validate(user, { identities: {} }, 'update'), 'invalidValue', 'identities');
  refuses(() => validate(user, { identities: ['x'] }, 'update'), 'invalidValue', 'identities/0');
  refuses(() => validate(user, { passwordProfile: [] }, 'update'), 'invalidValue', 'passwordProfile');
  refuses(
    () => validate(b2cIdentityUserFlow, { ...flow, userFlowTypeVersion: '3' }, 'create'),
    'invalidValue',
    'userFlowTypeVersion',
  );
  refuses(() => validate(user, [] as unknown as Record<string, unknown>, 'update'), 'notAnObject', '');
  refuses(() => validate(user, null as unknown as Record<string, unknown>, 'update'), 'notAnObject', '');
});

test('collections and objects are bounded', () => {
  const many = Array.from({ length: 1001 }, () => 'a@example.com');
  refuses(() => validate(user, { otherMails: many }, 'update'), 'tooMany', 'otherMails');
  assert.equal((validate(user, { otherMails: many.slice(1) }, 'update')['otherMails'] as string[]).length, 1000);
  const wide = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`extension_${index}`, 1]));
  refuses(() => validate(user, wide, 'update'), 'tooMany', '');
});

test('a name of any length is repeated only in part', () => {
  const fault = refusal(() => validate(application, { ['x'.repeat(100_000)]: 1 }, 'update'));
  assert.ok(fault.message.length < 300);
});

test('a client names the id where the type says so, and it must fit into an address', () => {
  for (const id of ['a', 'B2C_1_Customer', 'es-ES', 'x'.repeat(128), 'Ä b']) {
    assert.equal(validate(b2cIdentityUserFlow, { ...flow, id }, 'create')['id'], id);
  }
  for (const id of ['', 'a/b', "a'b", 'a#b', 'a?b', 'a\nb', ' a', '.', '..', 'x'.repeat(129), 7, null]) {
    refuses(() => validate(b2cIdentityUserFlow, { ...flow, id }, 'create'), 'invalidValue', 'id');
  }
});

test('only the server chooses the id of a type whose ids it makes', () => {
  refuses(() => validate(user, { id: 'x' }, 'create'), 'readOnlyProperty', 'id');
  assert.deepEqual(validate(user, { id: 'x' }, 'create', { trusted: true }), { id: 'x' });
});

test('an abstract type cannot be created', () => {
  refuses(() => validate(identityProviderBase, { displayName: 'x' }, 'create'), 'abstractType', '');
});

test('declared limits hold inside complex values of collections', () => {
  const item = complexType('item', {
    at: dateTimeOffset({ nullable: true }),
    size: int32({ min: 1 }),
    tags: collection(string()),
  });
  const box = entity('box', { properties: { items: collection(complex(item)) }, source: 'none' });
  const body = { Items: [{ AT: '2026-11-21T12:00:00+02:00', size: 1, Tags: ['x'] }] };
  assert.deepEqual(validate(box, body, 'update'), { items: [{ at: '2026-11-21T10:00:00Z', size: 1, tags: ['x'] }] });
  refuses(() => validate(box, { items: [{ size: 0 }] }, 'update'), 'invalidValue', 'items/0/size');
  refuses(() => validate(box, { items: [{ tags: ['a', 1] }] }, 'update'), 'invalidValue', 'items/0/tags/1');
});
