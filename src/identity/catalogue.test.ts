import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Fault } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { builtInAttributes, builtInProviders } from './built-in.ts';
import { bootstrapTenant } from './catalogue.ts';
import { app, openTenant, seed } from './testing/harness.ts';

const house = await openTenant();
const { directory } = house;
after(() => house.close());

const attribute = entities.identityUserFlowAttribute;
const all = async () => ({
  attributes: (await directory.find({ type: attribute, limit: 999 })).items,
  providers: (await directory.find({ type: entities.identityProviderBase, limit: 999 })).items,
  applications: (await directory.find({ type: entities.application, limit: 999 })).items,
});
const createAttribute = async (displayName: string, dataType = 'string', caller = app) =>
  (await directory.create(caller, attribute, { displayName, dataType })).entity;

test('a bootstrapped tenant has the documented attributes and providers', async () => {
  const { attributes, providers, applications } = await all();
  assert.deepEqual(
    attributes.map(({ entity }) => entity.id).sort(),
    [
      'city',
      'country',
      'displayName',
      'email',
      'givenName',
      'jobTitle',
      'postalCode',
      'state',
      'streetAddress',
      'surname',
    ].sort(),
  );
  for (const { entity } of attributes) {
    assert.equal(entity.userFlowAttributeType, 'builtIn');
    assert.equal(entity.dataType, 'string');
    assert.ok(entity.description);
  }
  assert.equal(providers.length, builtInProviders.length);
  assert.equal(applications[0]?.entity.displayName.startsWith('b2c-extensions-app'), true);
});

test('bootstrapping again, many times at once, changes nothing', async () => {
  const before = await all();
  await Promise.all(Array.from({ length: 5 }, () => bootstrapTenant(directory)));
  assert.deepEqual(await all(), before);
});

test('the ids of the extensions application are those of the tenant', async () => {
  const twin = await openTenant();
  const [mine, theirs] = [await all(), (await twin.directory.find({ type: entities.application, limit: 9 })).items];
  assert.deepEqual(
    theirs.map(({ entity }) => [entity.id, entity.appId]),
    mine.applications.slice(0, 1).map(({ entity }) => [entity.id, entity.appId]),
  );
  await twin.close();
});

test('a custom attribute gets its id from the extensions application and its name', async () => {
  const [extensions] = (await all()).applications;
  const made = await createAttribute('Favorite color');
  assert.equal(made.id, `extension_${extensions?.entity.appId.replaceAll('-', '')}_Favoritecolor`);
  assert.match(made.id, /^extension_[0-9a-f]{32}_Favoritecolor$/);
  assert.equal(made.userFlowAttributeType, 'custom');
});

test('a custom attribute is a string, a boolean or a whole number', async () => {
  for (const dataType of ['boolean', 'int64'])
    assert.equal((await createAttribute(`Is ${dataType}`, dataType)).dataType, dataType);
  for (const dataType of ['stringCollection', 'dateTime']) {
    await assert.rejects(createAttribute('Other', dataType), { code: 'identity.unsupportedDataType', status: 400 });
  }
});

test('the name of an attribute is taken once, by built-in ones too', async () => {
  await createAttribute('Shoe size');
  for (const name of ['Shoe size', 'SHOE SIZE', 'City', 'country/region']) {
    const refused = createAttribute(name);
    await assert.rejects(refused, (fault) => fault instanceof Fault && [409, 400].includes(fault.status), name);
  }
  await assert.rejects(createAttribute('City'), { code: 'identity.attributeExists', status: 409 });
  await assert.rejects(createAttribute('Shoesize'), { status: 409 });
});

test('of many simultaneous attributes of one name exactly one is created', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => createAttribute('Contested')));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('a name that cannot be part of an id is refused', async () => {
  for (const name of ['', '1st', 'a/b', 'a-b', "a'b", 'näme', '_x', '../x']) {
    await assert.rejects(createAttribute(name), { status: 400 }, name);
  }
});

test('built-in attributes cannot be made, changed or removed', async () => {
  const ref = { type: attribute, id: 'city' };
  await assert.rejects(directory.update(app, ref, { description: 'x' }), {
    code: 'identity.builtInAttribute',
    status: 400,
  });
  await assert.rejects(directory.remove(app, ref), { code: 'identity.builtInAttribute' });
  const draft = { displayName: 'Mine', dataType: 'string', userFlowAttributeType: 'builtIn' };
  await assert.rejects(directory.create(app, attribute, draft), { status: 400 });
});

test('a custom attribute can be described, and removed when no flow collects it', async () => {
  const { id } = await createAttribute('Removable');
  await directory.update(app, { type: attribute, id }, { description: 'about it' });
  const flow = await directory.create(seed, entities.b2cIdentityUserFlow, {
    id: 'B2C_1_susi',
    userFlowType: 'signUpOrSignIn',
    userFlowTypeVersion: 3,
  });
  const within = {
    parent: { type: entities.b2cIdentityUserFlow, id: flow.entity.id },
    navigation: 'userAttributeAssignments',
  };
  const assignment = { id, isOptional: true, requiresVerification: false, userInputType: 'textBox' };
  await directory.create(seed, entities.identityUserFlowAttributeAssignment, assignment, { within });
  await assert.rejects(directory.remove(app, { type: attribute, id }), {
    code: 'identity.attributeInUse',
    status: 400,
    message: `The attribute '${id}' is used by the user flow 'B2C_1_susi'.`,
  });
  await directory.remove(app, { type: entities.identityUserFlowAttributeAssignment, id, within });
  await directory.remove(app, { type: attribute, id });
  assert.equal(await directory.get({ type: attribute, id }), undefined);
});

test('every built-in attribute that is kept names a property of users', () => {
  const kept = builtInAttributes.map(({ id }) => id).filter((id) => id !== 'email');
  assert.deepEqual(
    kept.filter((id) => !(id in entities.user.properties)),
    [],
  );
});
