import assert from 'node:assert/strict';
import { entities, type Ref } from '../../model/index.ts';
import { addAttribute, assign, createFlow, type House, seed } from '../testing/harness.ts';
import { admin, createGuestFlow, guests, onEveryEngine, susi } from '../testing/on-every-engine.ts';

const { b2cIdentityUserFlow, b2xIdentityUserFlow, identityUserFlow } = entities;
const draft = { userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 };

const guestFlow = async ({ directory }: House, values: Readonly<Record<string, unknown>>) =>
  (await directory.create(admin, b2xIdentityUserFlow, { ...draft, ...values })).entity;

onEveryEngine(
  'a flow for guests gets its own prefix once, and is found among the flows of every kind',
  async (house) => {
    assert.equal((await guestFlow(house, { id: 'Partner' })).id, 'B2X_1_Partner');
    assert.equal((await guestFlow(house, { id: 'b2x_1_Guest' })).id, 'B2X_1_Guest');
    await assert.rejects(guestFlow(house, { id: 'PARTNER' }), { code: 'store.exists' });
    const { items } = await house.directory.find({ type: identityUserFlow, limit: 10 });
    assert.deepEqual(
      items.map(({ entity, type }) => [entity.id, type.name]),
      [
        ['B2C_1_susi', 'b2cIdentityUserFlow'],
        ['B2X_1_Guest', 'b2xIdentityUserFlow'],
        ['B2X_1_Partner', 'b2xIdentityUserFlow'],
      ],
    );
    await house.directory.remove(admin, { type: identityUserFlow, id: 'b2x_1_guest' });
    assert.equal(await house.directory.get({ type: b2xIdentityUserFlow, id: 'B2X_1_Guest' }), undefined);
  },
);

onEveryEngine('the prefix of the other kind is a mistake', async (house) => {
  await assert.rejects(guestFlow(house, { id: 'B2C_1_x' }), { code: 'flows.otherPrefix', status: 400 });
  await assert.rejects(house.directory.create(admin, b2cIdentityUserFlow, { ...draft, id: 'b2x_1_x' }), {
    code: 'flows.otherPrefix',
  });
});

onEveryEngine(
  'a flow for guests is a sign-up-or-sign-in of version 1, and nothing of it can be updated',
  async (house) => {
    for (const userFlowType of ['signUp', 'signIn', 'passwordReset', 'profileUpdate', 'resourceOwner']) {
      await assert.rejects(guestFlow(house, { id: 'x', userFlowType }), { code: 'flows.guestFlowType', status: 400 });
    }
    for (const userFlowTypeVersion of [0, 1.1, 2, 3]) {
      await assert.rejects(guestFlow(house, { id: 'x', userFlowTypeVersion }), {
        code: 'flows.badFlowVersion',
        message: /^There is a problem with the service\./,
      });
    }
    await createGuestFlow(house);
    assert.ok(!guests.type.set?.methods.includes('update'));
    for (const patch of [{ userFlowTypeVersion: 1 }, { apiConnectorConfiguration: {} }]) {
      await assert.rejects(house.directory.update(admin, guests, patch), { code: 'model.immutableProperty' });
    }
  },
);

onEveryEngine('a closed preview version comes with an import only', async ({ directory }) => {
  const preview = { ...draft, id: 'old', userFlowTypeVersion: 1.1 };
  await assert.rejects(directory.create(admin, b2cIdentityUserFlow, preview), { code: 'flows.badFlowVersion' });
  const { entity } = await directory.create(seed, b2cIdentityUserFlow, preview);
  assert.equal(entity.userFlowTypeVersion, 1.1);
});

onEveryEngine('a tenant has at most 200 user flows of all kinds', async (house) => {
  for (let count = 1; count < 199; count += 1) await createFlow(house, `f${count}`);
  await createGuestFlow(house);
  await assert.rejects(createFlow(house, 'more'), { code: 'flows.tooManyFlows', status: 400 });
  await assert.rejects(guestFlow(house, { id: 'more' }), { code: 'flows.tooManyFlows' });
  await house.directory.remove(admin, guests);
  await createFlow(house, 'more');
});

onEveryEngine('what is in a flow goes with it, down to the texts of its pages', async (house) => {
  const { directory } = house;
  await assign(house, await addAttribute(house, 'Hobby', 'string'));
  await directory.update(admin, susi, { isLanguageCustomizationEnabled: true });
  const languages = { parent: susi, navigation: 'languages' };
  const language = { type: entities.userFlowLanguageConfiguration, id: 'es-ES', within: languages };
  await directory.put(admin, language, { isEnabled: true });
  const page = {
    type: entities.userFlowLanguagePage,
    id: 'phonefactor',
    within: { parent: language, navigation: 'overridesPages' },
  };
  const strings = [{ ElementType: 'UxElement', StringId: 'heading', Override: true, Value: 'Hola' }];
  await directory.update(seed, page, {
    content: JSON.stringify({ LocalizedStrings: strings }),
  });
  const layout = {
    type: entities.userFlowPageLayout,
    id: 'error',
    within: { parent: susi, navigation: 'pageLayouts' },
  };
  await directory.update(admin, layout, { pageUri: 'https://example.com/error.html' });
  await directory.remove(admin, susi);
  const gone: readonly Ref[] = [language, page, layout];
  for (const ref of gone) assert.equal(await directory.get(ref), undefined, ref.type.name);
  await createFlow(house, 'susi');
  assert.equal(await directory.get(language), undefined);
  assert.equal((await directory.get(layout))?.entity.pageUri, null);
});
