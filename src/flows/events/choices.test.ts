import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Observation } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { type House, openHouse } from '../testing/harness.ts';
import { admin, createGuestFlow } from '../testing/on-every-engine.ts';
import { type Choices, createChoices } from './choices.ts';
import { tenantSignIn } from './contender.ts';
import { createContenders } from './contenders.ts';

const [portal, shop] = ['63856651-13d9-4784-9abf-20758d509e19', 'a13d0fc1-04ab-4ede-b215-63de0174cbb4'];
const guests = 'B2X_1_guests';

describe('the choices of a tenant', () => {
  let house: House;
  let choices: Choices;
  let observed: Observation[];
  let obstacles: Readonly<Record<string, string>> = {};
  before(async () => {
    house = await openHouse();
    await createGuestFlow(house);
    observed = [];
    choices = createChoices(
      { contenders: createContenders(house.directory), obstacle: async (flowId) => obstacles[flowId] },
      (observation) => observed.push(observation),
    );
  });
  after(() => house.close());

  const listener = async (priority: number, includeApplications: readonly string[], userFlow?: string) => {
    const draft = { priority, sourceFilter: { includeApplications } };
    const links = { userFlow: userFlow === undefined ? [] : [userFlow] };
    const { entity } = await house.directory.create(admin, entities.invokeUserFlowListener, draft, { links });
    return entity.id;
  };
  const conditionsOf = (appIds: readonly string[]) => ({
    applications: { includeApplications: appIds.map((appId) => ({ appId })) },
  });
  const eventsFlow = async (displayName: string, appIds: readonly string[]) => {
    const draft = { displayName, conditions: conditionsOf(appIds) };
    const { entity } = await house.directory.create(admin, entities.externalUsersSelfServiceSignUpEventsFlow, draft);
    return entity.id;
  };
  /** What `explainFor` says, which is what `choose` does. */
  const explained = async (appId: string) => {
    const { flowId, listeners, text } = await choices.explainFor(appId);
    assert.deepEqual(await choices.choose(appId), { flowId });
    for (const { because } of listeners) assert.ok(text.includes(because));
    return [flowId, Object.fromEntries(listeners.map(({ id, reason }) => [id, reason]))];
  };

  test('follow the listeners as they are made, changed and removed', async () => {
    assert.deepEqual(await explained(portal), [tenantSignIn, {}]);
    const early = await listener(1, [portal]);
    const both = await listener(50, [portal.toUpperCase(), shop], guests);
    assert.deepEqual(await explained(portal), [guests, { [early]: 'noUserFlow', [both]: 'matched' }]);
    const newer = await eventsFlow('Newer', [shop]);
    assert.deepEqual(await explained(portal), [
      guests,
      { [newer]: 'applicationNotIncluded', [early]: 'noUserFlow', [both]: 'matched' },
    ]);
    assert.deepEqual(await explained(shop), [
      newer,
      { [newer]: 'matched', [early]: 'applicationNotIncluded', [both]: 'olderGeneration' },
    ]);
    await house.directory.link(admin, { type: entities.invokeUserFlowListener, id: early }, 'userFlow', guests);
    assert.deepEqual(await explained(portal), [
      guests,
      { [newer]: 'applicationNotIncluded', [early]: 'matched', [both]: 'lowerPriority' },
    ]);
    const eventsFlowType = entities.externalUsersSelfServiceSignUpEventsFlow;
    await house.directory.remove(admin, { type: eventsFlowType, id: newer });
    assert.deepEqual(await explained(shop), [guests, { [early]: 'applicationNotIncluded', [both]: 'matched' }]);
    for (const id of [early, both]) {
      await house.directory.remove(admin, { type: entities.invokeUserFlowListener, id });
    }
    assert.deepEqual(await explained(shop), [tenantSignIn, {}]);
  });

  test('a listener of the newer generation leads to the events flow that it names', async () => {
    const flow = await eventsFlow('Led to', []);
    const type = entities.onInteractiveAuthFlowStartListener;
    const handler = {
      '@odata.type': 'onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp',
      isSignUpAllowed: true,
    };
    const draft = { conditions: conditionsOf([portal]), authenticationEventsFlowId: flow, handler };
    const { entity } = await house.directory.create(admin, type, draft);
    assert.deepEqual(await explained(portal), [flow, { [flow]: 'applicationNotIncluded', [entity.id]: 'matched' }]);
    await house.directory.remove(admin, { type: entities.externalUsersSelfServiceSignUpEventsFlow, id: flow });
    assert.deepEqual(await explained(portal), [tenantSignIn, { [entity.id]: 'flowGone' }]);
    await house.directory.remove(admin, { type, id: entity.id });
  });

  test('a flow that cannot be begun is said to be the obstacle, and no other one takes its place', async () => {
    const flow = await eventsFlow('Broken', [portal]);
    const old = await listener(1, [portal], guests);
    obstacles = { [flow]: 'It has no provider.' };
    assert.deepEqual(await explained(portal), [tenantSignIn, { [flow]: 'notRunnable', [old]: 'olderGeneration' }]);
    assert.match((await choices.explainFor(portal)).text, /It has no provider\./);
    obstacles = {};
    await house.directory.remove(admin, { type: entities.externalUsersSelfServiceSignUpEventsFlow, id: flow });
    await house.directory.remove(admin, { type: entities.invokeUserFlowListener, id: old });
  });

  test('two listeners of one priority are told to the operator once', async () => {
    const ids = [await listener(5, [portal], guests), await listener(5, [portal], guests)].sort();
    const told = () => observed.filter(({ kind }) => kind === 'warning').length;
    assert.equal(told(), 0);
    for (let turn = 0; turn < 3; turn += 1) assert.equal((await choices.choose(portal)).flowId, guests);
    assert.equal(told(), 1);
    assert.deepEqual(await explained(portal), [guests, { [ids[0] ?? '']: 'matched', [ids[1] ?? '']: 'samePriority' }]);
  });
});
