import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { entities } from '../model/index.ts';
import { app, openTenant, seed } from './testing/harness.ts';

const house = await openTenant();
const { directory } = house;
after(() => house.close());

const { application, extensionProperty, identityUserFlowAttribute, user } = entities;
const owner = (await directory.create(seed, application, { displayName: 'Owner' })).entity;
const within = { parent: { type: application, id: owner.id }, navigation: 'extensionProperties' };

/** The name on users of a property of this type, defined on the first call. */
async function define(dataType: string, targetObjects: readonly string[] = ['User']): Promise<string> {
  const draft = { name: `a${dataType}${targetObjects.join('')}`, dataType, targetObjects };
  return (await directory.create(app, extensionProperty, draft, { within })).entity.name;
}

let people = 0;
const person = async (values: Readonly<Record<string, unknown>>) => {
  people += 1;
  const identities = [
    { signInType: 'emailAddress', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: `p${people}@contoso.example` },
  ];
  const passwordProfile = { password: 'Usher-dev-1' };
  return (await directory.create(app, user, { displayName: 'P', identities, passwordProfile, ...values })).entity;
};

const values: Readonly<Record<string, readonly [good: readonly unknown[], bad: readonly unknown[]]>> = {
  String: [
    ['', 'x'.repeat(256)],
    ['x'.repeat(257), 1, true],
  ],
  Boolean: [
    [true, false],
    ['true', 1],
  ],
  Integer: [
    [0, -(2 ** 31), 2 ** 31 - 1],
    [2 ** 31, 1.5, '1'],
  ],
  LargeInteger: [
    [2 ** 31, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER + 1, 1.5, '1'],
  ],
  DateTime: [
    ['2026-11-21T10:00:00Z', '2026-11-21', '2026-11-21T10:00:00+01:00'],
    ['yesterday', '2026-13-01', 0],
  ],
  Binary: [
    ['', 'AQID', Buffer.alloc(256).toString('base64')],
    ['A', '***=', Buffer.alloc(257).toString('base64'), 1],
  ],
};

for (const [dataType, [good, bad]] of Object.entries(values)) {
  test(`a property of type ${dataType} takes values of the type, and no others`, async () => {
    const name = await define(dataType);
    for (const value of good) {
      assert.deepEqual(((await person({ [name]: value })) as Readonly<Record<string, unknown>>)[name], value);
    }
    for (const value of bad) {
      await assert.rejects(person({ [name]: value }), { code: 'identity.badExtension', status: 400 }, String(value));
    }
  });
}

test('a property for other objects, or none at all, is not one of users', async () => {
  const forDevices = await define('String', ['Device']);
  const unknown = `extension_${owner.appId.replaceAll('-', '')}_unknown`;
  const nobodys = `extension_${'0'.repeat(32)}_unknown`;
  for (const name of [forDevices, unknown, nobodys]) {
    await assert.rejects(person({ [name]: 'x' }), { code: 'identity.unknownExtension', status: 400 }, name);
  }
});

test('properties of several applications and custom attributes stand side by side', async () => {
  const attribute = await directory.create(app, identityUserFlowAttribute, { displayName: 'Vip', dataType: 'boolean' });
  const name = await define('String', ['User', 'Group']);
  const made = (await person({ [attribute.entity.id]: true, [name.toUpperCase()]: 'x' })) as Readonly<
    Record<string, unknown>
  >;
  assert.equal(made[attribute.entity.id], true);
  assert.equal(made[name.toUpperCase()], 'x');
});

test('an attribute cannot take the name of an extension property', async () => {
  const { items } = await directory.find({ type: application, limit: 9 });
  const shared = items.find(({ entity }) => entity.displayName.startsWith('b2c-extensions-app'))?.entity.id ?? '';
  const place = { parent: { type: application, id: shared }, navigation: 'extensionProperties' };
  const draft = { name: 'Taken', dataType: 'String', targetObjects: ['User'] };
  await directory.create(app, extensionProperty, draft, { within: place });
  const refused = directory.create(app, identityUserFlowAttribute, { displayName: 'Taken', dataType: 'string' });
  await assert.rejects(refused, { code: 'identity.attributeExists', status: 409 });
});
