import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Caller } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { addAttribute, assign, createFlow, type House, openHouse } from './testing/harness.ts';

const admin: Caller = { kind: 'app', appId: '44444444-4444-4444-8444-444444444444', roles: [] };
const { b2cIdentityUserFlow, identityUserFlowAttributeAssignment: assignmentType } = entities;

describe('a user flow', () => {
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());

  const create = async (draft: Readonly<Record<string, unknown>>, providers?: readonly string[]) => {
    const whole = { userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1, ...draft };
    const links = providers ? { links: { identityProviders: providers } } : {};
    return (await house.directory.create(admin, b2cIdentityUserFlow, whole, links)).entity;
  };

  test('gets the prefix of its kind once, in whatever case it was sent', async () => {
    assert.equal((await create({ id: 'Customer' })).id, 'B2C_1_Customer');
    assert.equal((await create({ id: 'B2C_1_Partner' })).id, 'B2C_1_Partner');
    assert.equal((await create({ id: 'b2c_1_Guest' })).id, 'B2C_1_Guest');
    await assert.rejects(create({ id: 'B2c_1_CUSTOMER' }), { status: 409 });
  });

  test('has a name of at most 64 letters, digits and underscores', async () => {
    const longest = 'a'.repeat(64);
    assert.equal((await create({ id: longest })).id, `B2C_1_${longest}`);
    for (const id of ['a'.repeat(65), `B2C_1_${'a'.repeat(65)}`, 'B2C_1_', 'sign-up', 'sign up', 'été']) {
      await assert.rejects(create({ id }), { code: 'flows.badFlowId', status: 400 }, id);
    }
  });

  test('is of version 1 or 3, a resource owner flow of 3 only', async () => {
    assert.equal((await create({ id: 'v3', userFlowTypeVersion: 3 })).userFlowTypeVersion, 3);
    for (const userFlowTypeVersion of [0, 1.1, 2, 4]) {
      await assert.rejects(create({ id: 'bad', userFlowTypeVersion }), {
        status: 400,
        message: /^There is a problem with the service\. .*use 1 or 3\.$/,
      });
    }
    const owner = { id: 'ropc', userFlowType: 'resourceOwner' };
    await assert.rejects(create(owner), { code: 'flows.badFlowVersion' });
    assert.equal((await create({ ...owner, userFlowTypeVersion: 3 })).userFlowType, 'resourceOwner');
  });

  test('cannot be of a type nobody knows', async () => {
    await assert.rejects(create({ id: 'bad', userFlowType: 'unknownFutureValue' }), { status: 400 });
  });

  test('signs in with e-mail and password unless other providers were sent with it', async () => {
    assert.equal((await create({ id: 'local' })).authenticationMethods, 'emailWithPassword');
    assert.equal((await create({ id: 'none' }, [])).authenticationMethods, 'emailWithPassword');
    assert.equal((await create({ id: 'both' }, ['EmailPassword-OAUTH'])).authenticationMethods, 'emailWithPassword');
    assert.equal((await create({ id: 'social' }, ['MSASignup-OAUTH'])).authenticationMethods, '0');
  });
});

describe('an assignment', () => {
  let house: House;
  let terms = '';
  let age = '';
  before(async () => {
    house = await openHouse();
    terms = await addAttribute(house, 'Terms', 'boolean');
    age = await addAttribute(house, 'Age', 'int64');
  });
  after(() => house.close());

  let counter = 0;
  /** In a flow of its own, so that every attribute is free. */
  const attempt = async (attribute: string, draft: Readonly<Record<string, unknown>>) => {
    counter += 1;
    await createFlow(house, `f${counter}`);
    return (await assign(house, attribute, draft, `B2C_1_f${counter}`)).entity;
  };
  const place = () => ({
    parent: { type: b2cIdentityUserFlow, id: 'B2C_1_susi' },
    navigation: 'userAttributeAssignments',
  });
  const values = (...names: readonly string[]) => ({
    userAttributeValues: names.map((value) => ({ name: value, value, isDefault: false })),
  });

  test('is named after its attribute, as it was spelled', async () => {
    assert.equal((await assign(house, 'City')).entity.id, 'City');
    await assert.rejects(assign(house, 'city'), { status: 409 });
  });

  test('needs an attribute that exists', async () => {
    await assert.rejects(assign(house, 'shoeSize'), { code: 'flows.unknownAttribute', status: 400 });
    const draft = { isOptional: true, requiresVerification: false, userInputType: 'textBox' };
    await assert.rejects(house.directory.create(admin, assignmentType, draft, { within: place() }), {
      code: 'flows.attributeMissing',
      status: 400,
    });
  });

  test('asks in a way that fits the attribute', async () => {
    const refused = { code: 'flows.badInputType', status: 400 };
    for (const [attribute, userInputType] of [
      [terms, 'emailBox'],
      [age, 'checkboxMultiSelect'],
      [age, 'dateTimeDropdown'],
      ['email', 'dropdownSingleSelect'],
    ] as const) {
      await assert.rejects(attempt(attribute, { userInputType }), refused, `${attribute} ${userInputType}`);
    }
    assert.equal((await attempt(terms, { userInputType: 'CheckboxMultiSelect' })).userInputType, 'checkboxMultiSelect');
    assert.equal((await attempt('email', { userInputType: 'emailBox' })).id, 'email');
  });

  test('has values only where there is something to choose, and only usable ones', async () => {
    const refused = { code: 'flows.badValues', status: 400 };
    const dropdown = { userInputType: 'dropdownSingleSelect' };
    const boxes = { userInputType: 'checkboxMultiSelect' };
    await assert.rejects(attempt('country', { userInputType: 'textBox', ...values('IT') }), refused);
    await assert.rejects(attempt('country', { ...dropdown, ...values('IT', 'IT') }), refused);
    await assert.rejects(attempt('country', { ...dropdown, ...values('IT', '') }), refused);
    await assert.rejects(attempt('country', { ...dropdown, ...values(' IT') }), refused);
    await assert.rejects(attempt('country', { ...boxes, ...values('a,b') }), refused);
    await assert.rejects(attempt(age, { ...dropdown, ...values('old') }), refused);
    await assert.rejects(attempt(terms, { ...dropdown, ...values('maybe') }), refused);
    const defaults = values('IT', 'MT').userAttributeValues.map((one) => ({ ...one, isDefault: true }));
    await assert.rejects(attempt('country', { ...dropdown, userAttributeValues: defaults }), refused);
    assert.equal((await attempt('country', { ...boxes, userAttributeValues: defaults })).userAttributeValues.length, 2);
    assert.equal((await attempt(age, { ...dropdown, ...values('18', '21') })).userAttributeValues.length, 2);
  });

  test('loses its values when it is changed to something typed', async () => {
    await assign(house, 'country', { userInputType: 'dropdownSingleSelect', ...values('IT') });
    const ref = { type: assignmentType, id: 'country', within: place() };
    const renamed = await house.directory.update(admin, ref, { displayName: 'Land' });
    assert.equal(renamed.entity.userAttributeValues.length, 1);
    const typed = await house.directory.update(admin, ref, { userInputType: 'textBox' });
    assert.deepEqual(typed.entity.userAttributeValues, []);
    await assert.rejects(house.directory.update(admin, ref, values('IT')), { code: 'flows.badValues' });
  });

  test('is one of at most 90, so that a form holds them all', async () => {
    await createFlow(house, 'large');
    for (let count = 0; count < 90; count += 1) {
      await assign(house, await addAttribute(house, `Fact ${count}`, 'string'), {}, 'B2C_1_large');
    }
    await assert.rejects(assign(house, 'city', {}, 'B2C_1_large'), { code: 'flows.tooManyAssignments', status: 400 });
    const visitor = await house.begin('B2C_1_large');
    await visitor.press('createAccount');
    assert.equal(visitor.screen.fields.length, 93);
  });
});
