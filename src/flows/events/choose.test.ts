import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseFlow, withoutFlow } from './choose.ts';
import { type Contender, tenantSignIn } from './contender.ts';

const [portal, shop] = ['63856651-13d9-4784-9abf-20758d509e19', 'a13d0fc1-04ab-4ede-b215-63de0174cbb4'];

const contender = (id: string, rest: Partial<Contender> = {}): Contender => ({
  id,
  type: 'invokeUserFlowListener',
  displayName: null,
  generation: 'first',
  priority: 100,
  applications: [portal],
  leadsTo: { kind: 'flow', id: `B2X_1_${id}` },
  isOfOtherEvent: false,
  ...rest,
});

const newer = (id: string, rest: Partial<Contender> = {}): Contender =>
  contender(id, { type: 'externalUsersSelfServiceSignUpEventsFlow', generation: 'second', priority: 500, ...rest });

/** Who gets which flow, and what came of each listener in the order they are asked. */
const outcome = (appId: string, contenders: readonly Contender[]) => {
  const { flowId, asked } = chooseFlow(appId, contenders);
  return [flowId, ...asked.map(({ contender: { id }, came }) => `${id} ${came}`)];
};

describe('which user flow an application gets', () => {
  test('of the first generation, the listener with the lowest priority that names it', () => {
    const all = [contender('late', { priority: 7 }), contender('early', { priority: -3 }), contender('mid')];
    assert.deepEqual(outcome(portal, all), ['B2X_1_early', 'early matched', 'late lowerPriority', 'mid lowerPriority']);
  });

  test('of the newer generation, the one with the highest', () => {
    const all = [newer('low', { priority: 0 }), newer('high', { priority: 1000 }), newer('mid')];
    assert.deepEqual(outcome(portal, all), ['B2X_1_high', 'high matched', 'mid lowerPriority', 'low lowerPriority']);
  });

  test('the newer generation is asked before the first, whatever the priorities', () => {
    const all = [contender('old', { priority: -1000 }), newer('new', { priority: 0 })];
    assert.deepEqual(outcome(portal, all), ['B2X_1_new', 'new matched', 'old olderGeneration']);
  });

  test('a listener for other applications, for another event, or without a flow leaves it to the next', () => {
    const all = [
      newer('elsewhere', { priority: 9, applications: [shop] }),
      newer('token', { priority: 8, isOfOtherEvent: true }),
      newer('gone', { priority: 7, leadsTo: { kind: 'gone', id: 'x' } }),
      contender('empty', { priority: 1, leadsTo: { kind: 'none' } }),
      contender('last', { priority: 2 }),
    ];
    assert.deepEqual(outcome(portal, all), [
      'B2X_1_last',
      'elsewhere applicationNotIncluded',
      'token otherEvent',
      'gone flowGone',
      'empty noUserFlow',
      'last matched',
    ]);
  });

  test('without any, sign-in at the tenant', () => {
    assert.deepEqual(outcome(portal, []), [tenantSignIn]);
    assert.deepEqual(outcome(shop, [contender('a'), contender('b', { applications: [] })]), [
      tenantSignIn,
      'a applicationNotIncluded',
      'b applicationNotIncluded',
    ]);
  });

  test('one for all applications counts for every one, in letters of any case', () => {
    assert.equal(chooseFlow(shop.toUpperCase(), [contender('named', { applications: [shop] })]).flowId, 'B2X_1_named');
    assert.equal(chooseFlow(shop, [newer('all', { applications: 'all' })]).flowId, 'B2X_1_all');
  });

  test('of two with one priority the same is taken in every order', () => {
    const [a, b] = [contender('a'), contender('b')];
    for (const all of [
      [a, b],
      [b, a],
    ])
      assert.deepEqual(outcome(portal, all), ['B2X_1_a', 'a matched', 'b samePriority']);
  });

  test('a flow that cannot be begun is not replaced by the next one', () => {
    const choice = withoutFlow(chooseFlow(portal, [contender('a'), contender('b')]));
    assert.deepEqual(
      [choice.flowId, choice.asked.map(({ came }) => came)],
      [tenantSignIn, ['notRunnable', 'samePriority']],
    );
  });
});
