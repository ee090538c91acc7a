import assert from 'node:assert/strict';
import { defineFaults } from '../kernel/index.ts';
import { entities, type Filter, type Place } from '../model/index.ts';
import { behaviour } from './behaviour.ts';
import { app, assignment, type Bench, flowDraft, flowRef, google, onEveryEngine, server } from './harness.test.ts';

const {
  b2cIdentityUserFlow,
  builtInIdentityProvider,
  identityProviderBase,
  identityUserFlow,
  identityUserFlowAttribute,
  identityUserFlowAttributeAssignment,
  socialIdentityProvider,
} = entities;
const faults = defineFaults('test', { permanent: { status: 403, message: '{id} stays.' } });

let timesMade = 0;
const late = async () => {
  timesMade += 1;
  return { description: 'made late' };
};
const names = ['surname', 'City', 'postalCode', 'email'];
const attributes = behaviour({
  type: identityUserFlowAttribute,
  async builtIn() {
    return names.map((id) => ({
      id,
      values: { displayName: id.toUpperCase(), dataType: 'string', userFlowAttributeType: 'builtIn' },
      ...(id === 'surname' ? { late } : {}),
    }));
  },
  async checkRemove({ id }) {
    if (id === 'email') throw faults.permanent({ id });
  },
  operations: {
    describe: async ({ target }) => target?.entity.displayName,
  },
});
/** Every flow has two assignments, and there is a flow from the beginning. */
const assignments = behaviour({
  type: identityUserFlowAttributeAssignment,
  async builtIn({ within }) {
    if (!within) return [];
    return ['surname', 'city'].map((id) => ({ id, values: { ...assignment, displayName: within.parent.id } }));
  },
});
const flows = behaviour({
  type: b2cIdentityUserFlow,
  async builtIn() {
    return [{ id: 'B2C_1_first', values: { userFlowType: 'signIn', userFlowTypeVersion: 3 } }];
  },
});
const providers = behaviour({
  type: identityProviderBase,
  async builtIn() {
    const values = { displayName: 'Email', identityProviderType: 'EmailPassword' };
    return [{ id: 'EmailPassword-OAUTH', type: builtInIdentityProvider, values }];
  },
});
const rules = [attributes, assignments, flows, providers];

const on = (name: string, run: (bench: Bench) => Promise<void>): void => onEveryEngine(name, run, rules);
const attribute = (id: string) => ({ type: identityUserFlowAttribute, id });
const ids = (items: readonly { readonly entity: { readonly id: string } }[]) => items.map(({ entity }) => entity.id);
const custom = { displayName: 'Shoe size', dataType: 'string' };
const insideOf = (id: string): Place => ({
  parent: { type: b2cIdentityUserFlow, id },
  navigation: 'userAttributeAssignments',
});
const inside = (id: string, within = insideOf('B2C_1_first')) => ({
  type: identityUserFlowAttributeAssignment,
  id,
  within,
});

on('a built-in entity is found by its id in any case, complete and with an etag of its own', async ({ directory }) => {
  const found = await directory.get(attribute('CITY'));
  assert.deepEqual(found, {
    etag: 'W/"0"',
    type: identityUserFlowAttribute,
    entity: {
      id: 'City',
      displayName: 'CITY',
      description: null,
      userFlowAttributeType: 'builtIn',
      dataType: 'string',
    },
  });
  assert.equal(await directory.get(attribute('none')), undefined);
});

on('what takes long to make is made for who looks it up, and is kept with the rest', async ({ directory }) => {
  timesMade = 0;
  const { items } = await directory.find({ type: identityUserFlowAttribute, limit: 10 });
  assert.equal(items.find(({ entity }) => entity.id === 'surname')?.entity.description, null);
  assert.equal(timesMade, 0);
  assert.equal((await directory.get(attribute('Surname')))?.entity.description, 'made late');
  assert.equal((await directory.get(attribute('city')))?.entity.description, null);
  assert.equal(timesMade, 1);
  await directory.update(server, attribute('surname'), { userFlowAttributeType: 'required' });
  const { entity } = (await directory.get(attribute('surname'))) ?? {};
  assert.deepEqual([entity?.userFlowAttributeType, entity?.description], ['required', 'made late']);
});

on('the first update stores it with its other values, and the next ones update that', async ({ directory, other }) => {
  const heard: string[] = [];
  directory.onChange(identityUserFlowAttribute, ({ verb, key, properties }) =>
    heard.push(`${verb} ${key} ${properties.includes('description')}`),
  );
  const updated = await directory.update(app, attribute('city'), { description: 'Town' }, 'W/"0"');
  assert.notEqual(updated.etag, 'W/"0"');
  assert.deepEqual(
    [updated.entity.id, updated.entity.displayName, updated.entity.description],
    ['City', 'CITY', 'Town'],
  );
  assert.deepEqual(await directory.get(attribute('City')), updated);
  await directory.update(app, attribute('city'), { description: 'Place' }, updated.etag);
  assert.deepEqual(heard, ['created City true', 'updated City true']);
  assert.equal((await other.get(attribute('City')))?.entity.description, null);
});

on('an update that changes nothing stores nothing', async ({ directory }) => {
  assert.equal((await directory.update(app, attribute('city'), {})).etag, 'W/"0"');
  assert.equal((await directory.get(attribute('city')))?.etag, 'W/"0"');
});

on('an update of a built-in entity that has changed meanwhile is refused', async ({ directory }) => {
  await assert.rejects(directory.update(app, attribute('city'), { description: 'x' }, 'W/"7"'), { status: 412 });
  await directory.update(app, attribute('city'), { description: 'Town' });
  await assert.rejects(directory.update(app, attribute('city'), { description: 'x' }, 'W/"0"'), { status: 412 });
  assert.equal((await directory.get(attribute('city')))?.entity.description, 'Town');
});

on('two first updates at once both count', async ({ directory }) => {
  await Promise.all([
    directory.update(app, attribute('city'), { description: 'Town' }),
    directory.update(server, attribute('city'), { userFlowAttributeType: 'required' }),
  ]);
  const { entity } = (await directory.get(attribute('city'))) ?? {};
  assert.deepEqual([entity?.description, entity?.userFlowAttributeType], ['Town', 'required']);
});

on(
  'removing what was stored brings the built-in entity back; then there is nothing to remove',
  async ({ directory }) => {
    await directory.update(app, attribute('city'), { description: 'Town' });
    await directory.remove(app, attribute('city'));
    assert.equal((await directory.get(attribute('city')))?.entity.description, null);
    await assert.rejects(directory.remove(app, attribute('city')), { code: 'directory.notFound', status: 404 });
    await assert.rejects(directory.remove(app, attribute('email')), { code: 'test.permanent' });
  },
);

on('what exists already cannot be created', async ({ directory }) => {
  const draft = { id: 'CITY', displayName: 'City', dataType: 'string' };
  await assert.rejects(directory.create(server, identityUserFlowAttribute, draft), { code: 'store.exists' });
});

on('collections hold stored and built-in entities: filtered, ordered, counted, in pages', async ({ directory }) => {
  const made = await directory.create(app, identityUserFlowAttribute, custom);
  await directory.update(app, attribute('city'), { description: 'Town' });
  const query = { type: identityUserFlowAttribute, limit: 999 } as const;
  const all = await directory.find({ ...query, count: true });
  const byId = [...names, made.entity.id].toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  assert.deepEqual([ids(all.items), all.count, all.next], [byId, 5, undefined]);

  const filter = { op: 'startsWith', path: ['displayName'], value: 's' } as const;
  const order = [{ path: ['displayName'], descending: true }];
  const found = await directory.find({ ...query, filter, order });
  assert.deepEqual(ids(found.items), ['surname', made.entity.id]);
  const builtIn = { op: 'eq', path: ['userFlowAttributeType'], value: 'builtIn' } as const;
  const townOnly = { op: 'and', terms: [builtIn, { op: 'ne', path: ['description'], value: null }] } as const;
  assert.deepEqual(ids((await directory.find({ ...query, filter: townOnly })).items), ['City']);

  const pages: string[] = [];
  let after: string | undefined;
  do {
    const page = await directory.find({ ...query, limit: 2, count: true, ...(after ? { after } : {}) });
    assert.equal(page.count, 5);
    pages.push(...ids(page.items));
    after = page.next;
  } while (after);
  assert.deepEqual(pages, byId);
});

on('a page goes on where the last one ended although that entity is gone', async ({ directory }) => {
  const query = { type: identityUserFlowAttribute, limit: 1 } as const;
  const { entity } = await directory.create(server, identityUserFlowAttribute, { ...custom, id: 'Aaa' });
  const first = await directory.find(query);
  assert.deepEqual(ids(first.items), ['Aaa']);
  assert.ok(first.next);
  const second = await directory.find({ ...query, after: first.next });
  assert.deepEqual(ids(second.items), ['City']);
  await directory.remove(app, attribute(entity.id));
  assert.ok(second.next);
  assert.deepEqual(ids((await directory.find({ ...query, after: second.next })).items), ['email']);
  await assert.rejects(directory.find({ ...query, after: 'x' }), { code: 'store.badCursor' });
});

on('each place has its own built-in entities, before those that were created there', async ({ directory }) => {
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  const within = insideOf(flowRef.id);
  await directory.create(server, identityUserFlowAttributeAssignment, { ...assignment, id: 'extra' }, { within });
  await directory.update(app, inside('city', within), { isOptional: true });
  const { items, count } = await directory.find({
    type: identityUserFlowAttributeAssignment,
    within: [insideOf('B2C_1_first'), within],
    limit: 10,
    count: true,
  });
  assert.deepEqual(
    items.map(({ entity, within: place }) => [place?.parent.id, entity.id, entity.isOptional]),
    [
      ['B2C_1_first', 'surname', false],
      ['B2C_1_first', 'city', false],
      ['B2C_1_susi', 'surname', false],
      ['B2C_1_susi', 'city', true],
      ['B2C_1_susi', 'extra', false],
    ],
  );
  assert.equal(count, 5);
});

on('what is contained in a built-in entity can be changed and created: then both are stored', async ({ directory }) => {
  await directory.update(app, inside('city'), { isOptional: true });
  assert.equal((await directory.get(inside('city')))?.entity.isOptional, true);
  assert.notEqual((await directory.get({ type: identityUserFlow, id: 'b2c_1_FIRST' }))?.etag, 'W/"0"');
  await directory.remove(app, { type: b2cIdentityUserFlow, id: 'B2C_1_first' });
  assert.equal((await directory.get(inside('city')))?.etag, 'W/"0"');
  const within = insideOf('b2c_1_first');
  const made = await directory.create(
    server,
    identityUserFlowAttributeAssignment,
    { ...assignment, id: 'x' },
    { within },
  );
  assert.equal(made.within?.parent.id, 'B2C_1_first');
});

on('a built-in entity can be either end of a link', async ({ directory }) => {
  assert.equal(await directory.unlink(app, inside('city'), 'userAttribute', 'City'), false);
  assert.equal(await directory.link(app, inside('city'), 'userAttribute', 'city'), true);
  assert.equal(await directory.link(app, inside('city'), 'userAttribute', 'city'), false);
  const linked = await directory.linked([inside('city')], 'userAttribute');
  assert.deepEqual(ids(linked[0] ?? []), ['City']);
  const links = { userFlowIdentityProviders: ['emailpassword-oauth'] };
  await directory.create(app, b2cIdentityUserFlow, flowDraft, { links });
  const providersOf = await directory.linked([flowRef], 'userFlowIdentityProviders');
  assert.deepEqual(ids(providersOf[0] ?? []), ['EmailPassword-OAUTH']);
  await assert.rejects(directory.link(app, flowRef, 'userFlowIdentityProviders', 'none'), { status: 404 });
});

on('a filter can ask what they are linked to', async ({ directory }) => {
  await directory.create(app, b2cIdentityUserFlow, flowDraft, {
    links: { userFlowIdentityProviders: ['EmailPassword-OAUTH'] },
  });
  const find = async (filter: Filter) =>
    ids((await directory.find({ type: identityUserFlow, filter, limit: 9 })).items);
  const linked = { op: 'linked', navigation: 'userFlowIdentityProviders' } as const;
  const named = (value: string): Filter => ({ ...linked, where: { op: 'eq', path: ['id'], value } });
  assert.deepEqual(await find(linked), ['B2C_1_susi']);
  assert.deepEqual(await find({ op: 'not', term: linked }), ['B2C_1_first']);
  assert.deepEqual(await find(named('emailpassword-oauth')), ['B2C_1_susi']);
  assert.deepEqual(await find({ op: 'and', terms: [linked, named('none')] }), []);
});

on('some can be passed over', async ({ directory }) => {
  const page = await directory.find({ type: identityUserFlowAttribute, limit: 2, skip: 1 });
  assert.deepEqual(ids(page.items), ['email', 'postalCode']);
  const rest = await directory.find({ type: identityUserFlowAttribute, limit: 2, after: page.next ?? '' });
  assert.deepEqual(ids(rest.items), ['surname']);
});

on('a base type has the built-in entities of its derived types, each of its own type', async ({ directory }) => {
  await directory.create(server, socialIdentityProvider, google);
  const { items } = await directory.find({ type: identityProviderBase, limit: 10 });
  assert.deepEqual(
    items.map(({ entity, type }) => [entity.id, type.name]),
    [
      ['EmailPassword-OAUTH', 'builtInIdentityProvider'],
      ['Google-OAUTH', 'socialIdentityProvider'],
    ],
  );
  assert.equal(await directory.get({ type: socialIdentityProvider, id: 'EmailPassword-OAUTH' }), undefined);
  assert.deepEqual(ids((await directory.find({ type: socialIdentityProvider, limit: 10 })).items), ['Google-OAUTH']);
});

on('rules see built-in entities as well', async ({ again }) => {
  const seen: unknown[] = [];
  const directory = again([
    ...rules,
    behaviour({
      type: socialIdentityProvider,
      async prepare(draft, { reader }) {
        seen.push((await reader.get(attribute('city')))?.id);
        return draft;
      },
      async check(_next, { reader }) {
        seen.push((await reader.find({ type: identityUserFlowAttribute, limit: 9 })).items.length);
      },
    }),
  ]);
  await directory.create(server, socialIdentityProvider, google);
  assert.deepEqual(seen, ['City', 4]);
});
