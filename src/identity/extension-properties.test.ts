import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { isUuid } from '../kernel/index.ts';
import { entities, type Place } from '../model/index.ts';
import { createExtensions } from './extensions.ts';
import { extensionsAppName } from './extensions-app.ts';
import { app, openTenant, seed } from './testing/harness.ts';

const house = await openTenant();
const { directory } = house;
after(() => house.close());

const { application, extensionProperty, identityUserFlowAttribute } = entities;
const place = (id: string): Place => ({ parent: { type: application, id }, navigation: 'extensionProperties' });
const owner = (await directory.create(seed, application, { displayName: 'Display name' })).entity;
const prefix = `extension_${owner.appId.replaceAll('-', '')}_`;
const draft = { name: 'skypeId', dataType: 'string', targetObjects: ['user'] };
const define = async (values: Readonly<Record<string, unknown>>, id = owner.id) =>
  (await directory.create(app, extensionProperty, values, { within: place(id) })).entity;

test('an extension property is named after its application, its words written as Graph writes them', async () => {
  const { id, ...made } = await define(draft);
  assert.ok(isUuid(id));
  assert.deepEqual(made, {
    deletedDateTime: null,
    appDisplayName: 'Display name',
    dataType: 'String',
    isMultiValued: false,
    isSyncedFromOnPremises: false,
    name: `${prefix}skypeId`,
    targetObjects: ['User'],
  });
  const full = await define({ ...draft, name: `${prefix.toUpperCase()}full` });
  assert.equal(full.name, `${prefix}full`);
});

test('a name is taken once, also by a custom attribute of user flows', async () => {
  await assert.rejects(define({ ...draft, name: 'SKYPEID' }), { code: 'store.exists', status: 409 });
  const { items } = await directory.find({
    type: application,
    filter: { op: 'eq', path: ['displayName'], value: extensionsAppName },
    limit: 1,
  });
  const shared = items[0]?.entity.id ?? '';
  await directory.create(app, identityUserFlowAttribute, { displayName: 'Shoe size', dataType: 'int64' });
  const refused = define({ ...draft, name: 'Shoesize' }, shared);
  await assert.rejects(refused, { code: 'identity.extensionExists', status: 400 });
  await define({ ...draft, name: 'Shoesize' });
});

test('what cannot be a property is refused', async () => {
  const wrong: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ name: '' }, 'model.invalidValue'],
    [{ name: '1st' }, 'identity.badExtensionName'],
    [{ name: 'a-b' }, 'identity.badExtensionName'],
    [{ name: 'a/b' }, 'identity.badExtensionName'],
    [{ name: 'x'.repeat(121) }, 'identity.badExtensionName'],
    [{ dataType: 'Number' }, 'identity.badChoice'],
    [{ targetObjects: ['Planet'] }, 'identity.badChoice'],
    [{ targetObjects: [] }, 'identity.badChoice'],
    [{ targetObjects: undefined }, 'model.requiredProperty'],
    [{ dataType: undefined }, 'model.requiredProperty'],
    [{ appDisplayName: 'mine' }, 'model.readOnlyProperty'],
  ];
  for (const [change, code] of wrong) {
    const refused = define({ ...draft, name: 'other', ...change });
    await assert.rejects(refused, { code, status: 400 }, JSON.stringify(change));
  }
});

test('the properties a tenant has added to its users are known by name, at once', async () => {
  const extensions = createExtensions(directory);
  const known = async () => (await extensions.list()).map(({ name }) => name).sort();
  const before = await known();
  const made = await define({ ...draft, name: 'height', dataType: 'Integer' });
  await define({ ...draft, name: 'forDevices', targetObjects: ['Device'] });
  const attribute = await directory.create(app, identityUserFlowAttribute, { displayName: 'Vip', dataType: 'boolean' });
  assert.deepEqual(await known(), [...before, made.name, attribute.entity.id].sort());
  assert.deepEqual(await extensions.find(made.name.toUpperCase()), { name: made.name, dataType: 'Integer' });
  assert.deepEqual(await extensions.find(attribute.entity.id), { name: attribute.entity.id, dataType: 'Boolean' });
  assert.equal(await extensions.find('extension_unknown'), undefined);
  assert.equal(await extensions.find('city'), undefined);
  await directory.remove(app, { type: extensionProperty, id: made.id, within: place(owner.id) });
  assert.equal(await extensions.find(made.name), undefined);
});

test('the custom attributes of user flows are extension properties of their application', async () => {
  const filter = { op: 'eq', path: ['displayName'], value: extensionsAppName } as const;
  const shared = (await directory.find({ type: application, filter, limit: 1 })).items[0]?.entity;
  assert.ok(shared);
  const within = place(shared.id);
  const attribute = (
    await directory.create(app, identityUserFlowAttribute, { displayName: 'Loyal', dataType: 'boolean' })
  ).entity;
  const { items } = await directory.find({
    type: extensionProperty,
    within: [within],
    filter: { op: 'eq', path: ['name'], value: attribute.id },
    limit: 9,
  });
  const [found] = items.map(({ entity }) => entity);
  assert.deepEqual(
    [found?.name, found?.dataType, found?.targetObjects, found?.appDisplayName],
    [attribute.id, 'Boolean', ['User'], extensionsAppName],
  );
  const ref = { type: extensionProperty, id: found?.id ?? '', within };
  assert.deepEqual((await directory.get(ref))?.entity, found);
  await assert.rejects(directory.remove(app, ref), { code: 'identity.extensionOfAttribute', status: 400 });
  await directory.remove(app, { type: identityUserFlowAttribute, id: attribute.id });
  assert.equal(await directory.get(ref), undefined);
  const others = await directory.find({ type: extensionProperty, within: [place(owner.id)], limit: 99 });
  assert.ok(others.items.every(({ entity }) => entity.name.startsWith(prefix)));
});

test('the extension properties of an application go with it', async () => {
  const other = (await directory.create(seed, application, { displayName: 'Other' })).entity;
  const made = await define(draft, other.id);
  const extensions = createExtensions(directory);
  assert.ok(await extensions.find(made.name));
  await directory.remove(app, { type: application, id: other.id });
  assert.equal(await extensions.find(made.name), undefined);
});
