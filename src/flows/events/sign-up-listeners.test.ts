import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Caller } from '../../kernel/index.ts';
import { entities, typeByName } from '../../model/index.ts';
import { type House, openHouse, seed } from '../testing/harness.ts';

const admin: Caller = { kind: 'app', appId: '44444444-4444-4444-8444-444444444444', roles: [] };
const { authenticationListener: base, invokeUserFlowListener: type, b2xIdentityUserFlow } = entities;

const appId = '1fc41a76-3050-4529-8095-9af8897cf63d';
const draft = { priority: 101, sourceFilter: { includeApplications: [appId] } };

type Json = Readonly<Record<string, unknown>>;

describe('a listener of the start of a sign-up', () => {
  let house: House;
  before(async () => {
    house = await openHouse();
    for (const id of ['Partner', 'Guests']) {
      await house.directory.create(seed, b2xIdentityUserFlow, {
        id,
        userFlowType: 'signUpOrSignIn',
        userFlowTypeVersion: 1,
      });
    }
  });
  after(() => house.close());

  const create = (change: Json = {}, userFlow: readonly string[] = ['B2X_1_Partner']) =>
    house.directory.create(admin, type, { ...draft, ...change }, { links: { userFlow } });
  const flowOf = async (id: string) =>
    [...(await house.directory.linked([{ type, id }], 'userFlow')).values()].flat().map(({ entity }) => entity.id);

  test('has a priority, a filter of applications and a user flow', async () => {
    const { entity } = await create();
    assert.deepEqual(entity, { id: entity.id, ...draft });
    assert.match(entity.id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(await flowOf(entity.id), ['B2X_1_Partner']);
  });

  test('is the same thing under its earlier names', () => {
    for (const name of [
      '#microsoft.graph.invokeUserFlowListener',
      '#Microsoft.Graph.InvokeUserFlowListener',
      '#microsoft.graph.invokeUserFlowAction',
      '#Microsoft.Graph.InvokeUserFlowAction',
      '#Microsoft.Cpim.Api.DataModels.invokeUserFlowAction',
      'Microsoft.Cpim.Api.DataModels.invokeUserFlowAction',
    ]) {
      assert.equal(typeByName(name), type, name);
    }
    for (const name of [
      '#microsoft.graph.authenticationAction',
      '#Microsoft.Cpim.Api.DataModels.authenticationAction',
    ]) {
      assert.equal(typeByName(name), base, name);
    }
  });

  test('has a number as priority and client ids in its filter', async () => {
    for (const priority of ['Integer', '101', 1.5, null, 2 ** 31, undefined]) {
      await assert.rejects(create({ priority }), { status: 400 }, String(priority));
    }
    for (const sourceFilter of [
      undefined,
      null,
      [],
      { includeApplications: ['app'] },
      { includeApplications: appId },
    ]) {
      await assert.rejects(create({ sourceFilter }), { status: 400 }, JSON.stringify(sourceFilter));
    }
    const { entity } = await create({ sourceFilter: { includeApplications: [appId.toUpperCase(), appId] } });
    assert.deepEqual(entity.sourceFilter.includeApplications, [appId]);
    assert.deepEqual((await create({ sourceFilter: {} })).entity.sourceFilter.includeApplications, []);
  });

  test('can be given its user flow in a second step', async () => {
    const { entity } = await create({}, []);
    assert.deepEqual(await flowOf(entity.id), []);
    assert.equal(await house.directory.link(admin, { type, id: entity.id }, 'userFlow', 'B2X_1_Guests'), true);
    assert.deepEqual(await flowOf(entity.id), ['B2X_1_Guests']);
  });

  test('invokes one user flow for guests, which exists', async () => {
    await assert.rejects(create({}, ['B2X_1_Nobody']), { status: 404 });
    await assert.rejects(create({}, ['B2C_1_susi']), { code: 'directory.wrongTarget', status: 400 });
    await assert.rejects(create({}, ['B2X_1_Partner', 'B2X_1_Guests']), { code: 'directory.oneTarget', status: 400 });
  });

  test('is updated in what a patch names, and replaced as a whole by a put', async () => {
    const { entity } = await create();
    const ref = { type: base, id: entity.id };
    const patched = await house.directory.update(admin, ref, { priority: 7 });
    assert.deepEqual(patched.entity, { ...entity, priority: 7 });
    const moved = await house.directory.update(admin, ref, {}, undefined, { links: { userFlow: ['b2x_1_guests'] } });
    assert.equal(moved.entity.priority, 7);
    assert.deepEqual(await flowOf(entity.id), ['B2X_1_Guests']);
    const put = { priority: 1, sourceFilter: { includeApplications: [] } };
    await house.directory.put(admin, { type, id: entity.id }, put, undefined, {
      links: { userFlow: ['B2X_1_Partner'] },
    });
    assert.deepEqual((await house.directory.get(ref))?.entity, { id: entity.id, ...put });
    assert.deepEqual(await flowOf(entity.id), ['B2X_1_Partner']);
  });

  test('cannot be of no kind', async () => {
    await assert.rejects(house.directory.create(admin, base, draft), { code: 'model.abstractType', status: 400 });
  });
});

test('a tenant has at most 250 listeners of the start of a sign-up', async () => {
  const house = await openHouse();
  try {
    for (let count = 0; count < 250; count += 1) await house.directory.create(admin, type, draft);
    await assert.rejects(house.directory.create(admin, type, draft), { code: 'flows.tooManyListeners', status: 400 });
  } finally {
    await house.close();
  }
});

test('the policy of authentication events is always there', async () => {
  const house = await openHouse();
  try {
    const ref = { type: entities.authenticationEventsPolicy, id: 'authenticationEventsPolicy' };
    assert.deepEqual((await house.directory.get(ref))?.entity, { id: 'authenticationEventsPolicy' });
    await assert.rejects(house.directory.remove(admin, ref), { status: 404 });
  } finally {
    await house.close();
  }
});
