import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entities } from '../../model/index.ts';
import { planReader } from '../plans.ts';
import { addForeign, type Foreign, offerForeign } from '../testing/foreign.ts';
import { assign, createFlow, type House, openHouse, seed } from '../testing/harness.ts';

const local = {
  authenticationMethods: 'emailWithPassword',
  passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: false },
};

describe('plans of flows with foreign providers', () => {
  let house: House;
  let one: Foreign;
  let made = 0;
  before(async () => {
    house = await openHouse();
    one = await addForeign(house, { displayName: 'One' });
  });
  after(async () => {
    await one.server.close();
    await house.close();
  });

  async function planOf(draft: Readonly<Record<string, unknown>>, ...asked: readonly string[]) {
    made += 1;
    const id = `B2C_1_plan${made}`;
    await offerForeign(house, `plan${made}`, draft, one);
    for (const attribute of asked) await assign(house, attribute, {}, id);
    return planReader(house.directory)(id, []);
  }
  const kindsOf = async (draft: Readonly<Record<string, unknown>>, ...asked: readonly string[]) =>
    (await planOf(draft, ...asked))?.steps.map(({ kind }) => kind);

  test('who signs up is asked what the flow collects, and nothing where it collects nothing', async () => {
    assert.deepEqual(await kindsOf({}), ['signIn', 'createUser']);
    assert.deepEqual(await kindsOf({}, 'city'), ['signIn', 'socialSignUp', 'createUser']);
    assert.deepEqual(await kindsOf({}, 'email'), ['signIn', 'socialSignUp', 'createUser']);
    assert.deepEqual(await kindsOf(local, 'city'), ['signIn', 'localSignUp', 'socialSignUp', 'createUser']);
  });

  test('a flow that only signs up begins with the choice, also of one way', async () => {
    const up = { userFlowType: 'signUp' };
    assert.deepEqual(await kindsOf(up), ['signUpChoice', 'createUser']);
    assert.deepEqual(await kindsOf({ ...up, ...local }), ['signUpChoice', 'localSignUp', 'createUser']);
    const blocked = { ...up, settings: { isSignInBlocked: true } };
    assert.deepEqual(await kindsOf(blocked), ['signInBlock', 'signUpChoice', 'signInBlock', 'createUser']);
  });

  test('flows that make no accounts offer providers and lead nowhere else', async () => {
    assert.deepEqual(await kindsOf({ userFlowType: 'signIn' }, 'city'), ['signIn']);
    assert.deepEqual(await kindsOf({ userFlowType: 'profileUpdate' }, 'city'), ['signIn', 'profile']);
  });

  test('what asks for a password, or for a name of this tenant, asks nobody whom a provider has proved', async () => {
    const plan = await planOf(local, 'city');
    const whens = plan?.steps.filter(({ kind }) => kind === 'localSignUp').map(({ when }) => when);
    assert.deepEqual(whens, [
      [
        { fact: 'intent', is: 'signUp' },
        { fact: 'foreign', is: null },
      ],
    ]);
  });

  test('passwords are reset of accounts of this tenant alone', async () => {
    await assert.rejects(planOf({ userFlowType: 'passwordReset' }), { code: 'flows.noProvider' });
    const plan = await planOf({ userFlowType: 'passwordReset', ...local });
    assert.deepEqual(plan?.providers, []);
  });

  test('providers are known by their name, their button and the hint that leads to them', async () => {
    const plan = await planOf({});
    assert.deepEqual(plan?.providers, [{ id: one.id, name: 'One', exchange: one.button }]);
    const brands = [
      ['Google', 'GoogleExchange', 'google.com'],
      ['Microsoft', 'MicrosoftAccountExchange', 'microsoft.com'],
      ['LinkedIn', 'LinkedInExchange', 'linkedin.com'],
      ['WeChat', 'WeChatExchange', 'wechat.com'],
    ] as const;
    for (const [identityProviderType, exchange, domainHint] of brands) {
      const draft = { identityProviderType, displayName: identityProviderType, clientId: 'id', clientSecret: 'secret' };
      const { entity } = await house.directory.create(seed, entities.socialIdentityProvider, draft);
      await createFlow(house, identityProviderType, { authenticationMethods: '0' }, [entity.id]);
      const found = await planReader(house.directory)(`B2C_1_${identityProviderType}`, []);
      assert.deepEqual(found?.providers, [{ id: entity.id, name: identityProviderType, exchange, domainHint }]);
    }
  });
});
