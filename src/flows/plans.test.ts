import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Directory } from '../directory/index.ts';
import { entities } from '../model/index.ts';
import { createLocalization } from './localization/localization.ts';
import type { Plan } from './plan.ts';
import { createPlans, type Plans } from './plans.ts';
import { addAttribute, assign, createFlow, type House, openHouse, seed } from './testing/harness.ts';

const attributesIn = (plan: Plan): readonly string[] => {
  const planned = plan.steps.find(({ kind }) => kind === 'localSignUp');
  assert.ok(planned);
  const { attributes } = planned.settings as { attributes: readonly { id: string }[] };
  return attributes.map(({ id }) => id);
};

describe('plans', () => {
  let house: House;
  let plans: Plans;
  let reads: string[] = [];
  before(async () => {
    house = await openHouse();
    const { directory } = house;
    const counted: Directory = {
      ...directory,
      get(ref) {
        reads.push(`get ${ref.type.name}`);
        return directory.get(ref);
      },
      find(query) {
        reads.push(`find ${query.type.name}`);
        return directory.find(query);
      },
    };
    plans = createPlans(counted, createLocalization(counted));
  });
  after(() => house.close());

  test('all attributes of a flow are read with one question', async () => {
    const shoe = await addAttribute(house, 'Shoe size', 'int64');
    for (const id of ['city', 'Surname', shoe, 'email']) await assign(house, id);
    reads = [];
    assert.deepEqual(attributesIn(await plans.of('b2c_1_SUSI')), ['city', 'surname', shoe]);
    assert.deepEqual(
      reads.filter((read) => read.endsWith('identityUserFlowAttribute')),
      ['find identityUserFlowAttribute'],
    );
  });

  test('a flow calls an API as soon as, and as long as, a connector is linked to it', async () => {
    const { directory } = house;
    await createFlow(house, 'calling');
    const ref = { type: entities.b2cIdentityUserFlow, id: 'B2C_1_calling' };
    const { entity } = await directory.create(seed, entities.identityApiConnector, {
      displayName: 'Check',
      targetUrl: 'https://api.contoso.example/check',
      authenticationConfiguration: { '@odata.type': 'basicAuthentication', username: 'u', password: 'p' },
    });
    const position = 'apiConnectorConfiguration/preTokenIssuance';
    const called = async () => (await plans.of(ref.id)).steps.filter(({ kind }) => kind === 'preTokenIssuance');
    assert.deepEqual(await called(), []);
    await directory.link(seed, ref, position, entity.id);
    const settings = { connector: entity.id, audience: 'b2c', returned: [] };
    assert.deepEqual(await called(), [{ kind: 'preTokenIssuance', settings }]);
    await directory.unlink(seed, ref, position, entity.id);
    assert.deepEqual(await called(), []);
  });

  test('a plan is kept until its flow, an assignment or an attribute changes', async () => {
    const { directory } = house;
    const plan = await plans.of('B2C_1_susi');
    reads = [];
    assert.equal(await plans.of('B2C_1_susi'), plan);
    assert.deepEqual(reads, []);
    await assign(house, 'country');
    assert.equal(attributesIn(await plans.of('B2C_1_susi')).at(-1), 'country');
    const ref = { type: entities.b2cIdentityUserFlow, id: 'B2C_1_susi' };
    const { etag } = await directory.update(seed, ref, { isJavaScriptEnabled: true });
    assert.equal((await plans.of('B2C_1_susi')).version, etag);
    await directory.remove(seed, ref);
    await assert.rejects(plans.of('B2C_1_susi'), { code: 'flows.unknownFlow' });
    await createFlow(house, 'susi');
    assert.deepEqual(attributesIn(await plans.of('B2C_1_susi')), []);
  });

  test('linking the local provider later lets people sign in, unlinking it takes that away again', async () => {
    const [id, provider] = ['B2C_1_social', 'EmailPassword-OAUTH'];
    await createFlow(house, 'social', {}, ['MSASignup-OAUTH']);
    const ref = { type: entities.b2cIdentityUserFlow, id };
    const none = { code: 'flows.noProvider', status: 400 };
    await assert.rejects(plans.of(id), none);
    await house.directory.link(seed, ref, 'userFlowIdentityProviders', provider);
    assert.equal((await plans.of(id)).steps[0]?.kind, 'signIn');
    await house.directory.unlink(seed, ref, 'userFlowIdentityProviders', provider);
    await assert.rejects(plans.of(id), none);
  });

  test('a flow made for local accounts keeps them, whatever is linked and unlinked', async () => {
    const ref = { type: entities.b2cIdentityUserFlow, id: 'B2C_1_both' };
    await createFlow(house, 'both', {}, ['EmailPassword-OAUTH', 'MSASignup-OAUTH']);
    assert.equal((await plans.of(ref.id)).steps[0]?.kind, 'signIn');
    await house.directory.unlink(seed, ref, 'userFlowIdentityProviders', 'EmailPassword-OAUTH');
    assert.equal((await plans.of(ref.id)).steps[0]?.kind, 'signIn');
  });
});
