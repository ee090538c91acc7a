import assert from 'node:assert/strict';
import { entities } from '../../model/index.ts';
import { addAttribute, assign, fieldOf, type House, prove } from '../testing/harness.ts';
import { admin, createGuestFlow, guests, onEveryEngine, susi } from '../testing/on-every-engine.ts';

const { identityUserFlowAttribute, identityUserFlowAttributeAssignment: assignmentType } = entities;

const within = { parent: susi, navigation: 'userAttributeAssignments' };
const place = { type: assignmentType, within };

const listed = async ({ directory }: House) =>
  (await directory.find({ type: assignmentType, within: [within], limit: 100 })).items.map(({ entity }) => entity.id);
const getOrder = async ({ directory }: House) => directory.invoke(admin, place, 'getOrder', {});
const setOrder = ({ directory }: House, ...order: readonly unknown[]) =>
  directory.invoke(admin, place, 'setOrder', { newAssignmentOrder: { order } });

onEveryEngine('attributes are asked for as they were assigned, until another order is set', async (house) => {
  for (const id of ['surname', 'City', 'jobTitle']) await assign(house, id);
  assert.deepEqual(await getOrder(house), { order: ['surname', 'City', 'jobTitle'] });
  assert.equal(await setOrder(house, 'jobtitle', 'surname', 'CITY'), undefined);
  assert.deepEqual(await getOrder(house), { order: ['jobTitle', 'surname', 'City'] });
  assert.deepEqual(await listed(house), ['jobTitle', 'surname', 'City']);

  await assign(house, 'country');
  await house.directory.remove(admin, { ...place, id: 'surname' });
  assert.deepEqual(await listed(house), ['jobTitle', 'City', 'country']);
  await assign(house, 'surname');
  assert.equal((await listed(house)).length, 4);
});

onEveryEngine('the person sees the fields in that order', async (house) => {
  for (const id of ['surname', 'city', 'jobTitle']) await assign(house, id);
  const fields = async () => {
    const visitor = await house.begin();
    await prove(house, visitor, 'new@contoso.example');
    assert.ok(fieldOf(visitor.screen, 'city'));
    return visitor.screen.fields.map(({ name }) => name).slice(3);
  };
  assert.deepEqual(await fields(), ['surname', 'city', 'jobTitle']);
  await setOrder(house, 'jobTitle', 'city', 'surname');
  assert.deepEqual(await fields(), ['jobTitle', 'city', 'surname']);
});

onEveryEngine('an order names every assigned attribute once, and nothing else', async (house) => {
  for (const id of ['surname', 'city']) await assign(house, id);
  const refused = { code: 'flows.badOrder', status: 400 };
  for (const order of [
    [],
    ['city'],
    ['city', 'city'],
    ['city', 'CITY'],
    ['city', 'country'],
    ['city', 'surname', 'x'],
  ]) {
    await assert.rejects(setOrder(house, ...order), refused, order.join());
  }
  await assert.rejects(setOrder(house, 7, 'city'), { code: 'model.invalidValue', status: 400 });
  await assert.rejects(house.directory.invoke(admin, place, 'setOrder', {}), { code: 'model.requiredProperty' });
  await assert.rejects(house.directory.invoke(admin, place, 'setOrder', { newAssignmentOrder: {} }), { status: 400 });
  assert.deepEqual(await listed(house), ['surname', 'city']);
});

onEveryEngine('a page of a list goes on in the order that was set', async (house) => {
  for (const id of ['surname', 'city', 'jobTitle']) await assign(house, id);
  await setOrder(house, 'jobTitle', 'surname', 'city');
  const query = { type: assignmentType, within: [within], limit: 2 };
  const first = await house.directory.find(query);
  const second = await house.directory.find({ ...query, after: first.next ?? '' });
  assert.deepEqual(
    [...first.items, ...second.items].map(({ entity }) => entity.id),
    ['jobTitle', 'surname', 'city'],
  );
});

onEveryEngine('a flow for guests has an order of its own', async (house) => {
  await createGuestFlow(house);
  const there = { parent: guests, navigation: 'userAttributeAssignments' };
  for (const id of ['city', 'country']) {
    const draft = { isOptional: true, requiresVerification: false, userInputType: 'TEXTBOX' };
    const made = await house.directory.create(admin, assignmentType, draft, {
      within: there,
      links: { userAttribute: [id] },
    });
    assert.equal(made.entity.userInputType, 'textBox');
  }
  const target = { type: assignmentType, within: there };
  await house.directory.invoke(admin, target, 'setOrder', { newAssignmentOrder: { order: ['country', 'city'] } });
  assert.deepEqual(await house.directory.invoke(admin, target, 'getOrder', {}), { order: ['country', 'city'] });
});

onEveryEngine('what an assignment says can be changed, the attribute it collects cannot', async (house) => {
  const ref = { ...place, id: (await assign(house, 'city')).entity.id };
  const values = {
    displayName: 'Town',
    isOptional: false,
    requiresVerification: true,
    userInputType: 'DropdownSingleSelect',
  };
  const userAttributeValues = [{ name: 'Malta', value: 'MT', isDefault: true }];
  const { entity } = await house.directory.update(admin, ref, { ...values, userAttributeValues });
  assert.deepEqual(entity, { id: 'city', ...values, userInputType: 'dropdownSingleSelect', userAttributeValues });
  for (const patch of [
    { isOptional: null },
    { userInputType: 'slider' },
    { id: 'country' },
    { userAttribute: { id: 'x' } },
  ]) {
    await assert.rejects(house.directory.update(admin, ref, patch), { status: 400 }, JSON.stringify(patch));
  }
});

onEveryEngine('the attribute of an assignment says whether it is built in or custom', async (house) => {
  const draft = { displayName: 'Hobby', dataType: 'string' };
  const custom = await house.directory.create(admin, entities.identityCustomUserFlowAttribute, draft);
  for (const id of ['city', custom.entity.id]) await assign(house, id);
  const sources = (await listed(house)).map((id) => ({ ...place, id }));
  const linked = await house.directory.linked(sources, 'userAttribute');
  const types = [...linked.values()].flat().map(({ type, entity }) => [entity.id, type.name]);
  assert.deepEqual(types.toSorted(), [
    ['city', 'identityBuiltInUserFlowAttribute'],
    [custom.entity.id, 'identityCustomUserFlowAttribute'],
  ]);
});

onEveryEngine(
  'attributes: only custom ones of three types are created, only their description changes',
  async (house) => {
    const { directory } = house;
    const create = (draft: Readonly<Record<string, unknown>>) =>
      directory.create(admin, entities.identityCustomUserFlowAttribute, draft);
    const { entity } = await create({ displayName: 'Shoe size', description: 'Yours', dataType: 'int64' });
    assert.match(entity.id, /^extension_[0-9a-f]{32}_Shoesize$/);
    assert.equal(entity.userFlowAttributeType, 'custom');
    for (const dataType of ['stringCollection', 'dateTime']) {
      await assert.rejects(create({ displayName: 'x', dataType }), {
        code: 'identity.unsupportedDataType',
        status: 400,
      });
    }
    for (const displayName of ['SHOE SIZE', 'City']) {
      await assert.rejects(create({ displayName, dataType: 'string' }), { status: 409 }, displayName);
    }
    const ref = { type: identityUserFlowAttribute, id: entity.id };
    const changed = await directory.update(admin, ref, { description: 'How large' });
    assert.equal(changed.entity.description, 'How large');
    await assert.rejects(directory.update(admin, ref, { displayName: 'x' }), { code: 'model.immutableProperty' });
    await assert.rejects(directory.update(admin, ref, { dataType: 'string' }), { code: 'model.immutableProperty' });
    const city = { ...ref, id: 'city' };
    await assert.rejects(directory.update(admin, city, { description: 'x' }), { code: 'identity.builtInAttribute' });
    await assert.rejects(directory.remove(admin, city), { code: 'identity.builtInAttribute', status: 400 });
    await assign(house, entity.id);
    await assert.rejects(directory.remove(admin, ref), { code: 'identity.attributeInUse', status: 400 });
    await directory.remove(admin, { ...place, id: entity.id });
    await directory.remove(admin, ref);
  },
);

onEveryEngine('attributes are found by each of their properties', async (house) => {
  await addAttribute(house, 'Age', 'int64');
  const find = async (path: string, op: 'eq' | 'ne', value: string) => {
    const filter = { op, path: [path], value } as const;
    return (await house.directory.find({ type: identityUserFlowAttribute, filter, limit: 100 })).items.length;
  };
  assert.equal(await find('userFlowAttributeType', 'eq', 'builtIn'), 10);
  assert.equal(await find('userFlowAttributeType', 'ne', 'builtIn'), 1);
  assert.equal(await find('dataType', 'eq', 'int64'), 1);
  assert.equal(await find('displayName', 'eq', 'city'), 1);
  assert.equal(await find('id', 'ne', 'city'), 10);
});
