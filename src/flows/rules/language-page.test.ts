import assert from 'node:assert/strict';
import { entities, type Ref } from '../../model/index.ts';
import { addAttribute, assign, createFlow, english, type House, seed } from '../testing/harness.ts';
import { admin, createGuestFlow, guests, onEveryEngine, susi } from '../testing/on-every-engine.ts';

const { userFlowLanguageConfiguration, userFlowLanguagePage } = entities;

const languageOf = (flow: Ref, id: string): Ref => ({
  type: userFlowLanguageConfiguration,
  id,
  within: { parent: flow, navigation: 'languages' },
});
const pages = (navigation: string, flow: Ref = susi, tag = 'en') => ({ parent: languageOf(flow, tag), navigation });
const page = (id: string, navigation: string, flow: Ref = susi, tag = 'en') => ({
  type: userFlowLanguagePage,
  id,
  within: pages(navigation, flow, tag),
});

async function idsIn({ directory }: House, navigation: string, flow: Ref = susi, tag = 'en') {
  const within = [pages(navigation, flow, tag)];
  const { items } = await directory.find({ type: userFlowLanguagePage, within, limit: 100 });
  return items.map(({ entity }) => entity.id);
}

async function textsOf({ directory }: House, ref: ReturnType<typeof page>) {
  const found = await directory.get(ref);
  assert.ok(found, ref.id);
  return JSON.parse(found.entity.content ?? '');
}

const override = (StringId: string, Value: string) => ({
  ElementType: 'UxElement',
  ElementId: null,
  StringId,
  Override: true,
  Value,
});
const documentOf = (...LocalizedStrings: readonly unknown[]) => JSON.stringify({ LocalizedStrings });

onEveryEngine('every language has the pages of the type of its flow', async (house) => {
  for (const navigation of ['defaultPages', 'overridesPages']) {
    const ids = await idsIn(house, navigation);
    for (const id of ['signuporsignin', 'idpselections', 'localaccountsignup', 'phonefactor', 'error']) {
      assert.ok(ids.includes(id), id);
    }
    assert.ok(!ids.includes('selfasserted.profileupdate'));
    assert.deepEqual(await idsIn(house, navigation, susi, 'xx'), [], 'a language it has not');
  }
  await createFlow(house, 'edit', { userFlowType: 'profileUpdate' });
  await createFlow(house, 'ropc', { userFlowType: 'resourceOwner' });
  assert.ok((await idsIn(house, 'defaultPages', { ...susi, id: 'B2C_1_edit' })).includes('selfasserted.profileupdate'));
  assert.deepEqual(await idsIn(house, 'defaultPages', { ...susi, id: 'B2C_1_ropc' }), []);
  await createGuestFlow(house);
  assert.deepEqual(await idsIn(house, 'overridesPages', guests, 'de'), ['idpselections', 'selfasserted1_1']);
});

onEveryEngine('a default page says what the server says on it', async (house) => {
  const { LocalizedStrings: strings } = await textsOf(house, page('signuporsignin', 'defaultPages', susi, 'de'));
  const value = (id: string) => strings.find(({ StringId }: { readonly StringId: string }) => StringId === id);
  assert.deepEqual(value('button_signin'), {
    ElementType: 'UxElement',
    ElementId: null,
    StringId: 'button_signin',
    Override: false,
    Value: english['signuporsignin.button_signin'],
  });
  assert.equal(value('UserMessageIfUserAccountLocked').ElementType, 'ErrorMessage');
  assert.equal(value('FacebookExchange').ElementType, 'ClaimsProvider');
  const password = strings.find(({ ElementId }: { readonly ElementId: string }) => ElementId === 'password');
  assert.deepEqual([password.ElementType, password.StringId], ['ClaimType', 'DisplayName']);
});

onEveryEngine('the page that asks for attributes names those of the flow, with what can be chosen', async (house) => {
  const hobby = await addAttribute(house, 'Hobby', 'string');
  const userAttributeValues = [{ name: 'Chess', value: 'c', isDefault: false }];
  await assign(house, hobby, { displayName: 'Your hobby', userInputType: 'radioSingleSelect', userAttributeValues });
  const texts = await textsOf(house, page('localaccountsignup', 'defaultPages'));
  const labels = texts.LocalizedStrings.filter(
    ({ StringId }: { readonly StringId: string }) => StringId === 'DisplayName',
  );
  assert.deepEqual(
    labels.map((one: { readonly ElementId: string; readonly Value: string }) => [one.ElementId, one.Value]),
    [
      ['email', english['attribute.email']],
      ['extension_Hobby', 'Your hobby'],
      ['newPassword', english['localaccountsignup.newPassword']],
      ['reenterPassword', english['localaccountsignup.reenterPassword']],
    ],
  );
  assert.deepEqual(texts.LocalizedCollections, [
    {
      ElementType: 'ClaimType',
      ElementId: 'extension_Hobby',
      TargetCollection: 'Restriction',
      Override: false,
      Items: [{ Name: 'Chess', Value: 'c' }],
    },
  ]);
});

onEveryEngine('texts are kept as they were sent, and removing them brings the empty page back', async (house) => {
  const { directory } = house;
  await directory.update(admin, susi, { isLanguageCustomizationEnabled: true });
  const ref = page('phonefactor', 'overridesPages');
  assert.deepEqual(await textsOf(house, ref), { LocalizedStrings: [] });
  const content = `  ${documentOf(override('alert_message', 'Wirklich?'))}\n`;
  await directory.update(seed, ref, { content });
  assert.equal((await directory.get(ref))?.entity.content, content);
  assert.deepEqual(await textsOf(house, page('phonefactor', 'overridesPages', susi, 'de')), { LocalizedStrings: [] });
  await directory.remove(admin, ref);
  assert.deepEqual(await textsOf(house, ref), { LocalizedStrings: [] });
  await directory.update(seed, ref, { content });
  await directory.update(seed, ref, { content: null });
  assert.deepEqual(await textsOf(house, ref), { LocalizedStrings: [] });
});

onEveryEngine('texts can be changed only in overridesPages, and while the flow customizes languages', async (house) => {
  const { directory } = house;
  const content = documentOf(override('heading', 'Welcome'));
  const off = { code: 'flows.customizationOff', status: 400 };
  await assert.rejects(directory.update(seed, page('error', 'overridesPages'), { content }), off);
  await directory.update(admin, susi, { isLanguageCustomizationEnabled: true });
  await directory.update(seed, page('error', 'overridesPages'), { content });
  await assert.rejects(directory.update(seed, page('error', 'defaultPages'), { content }), {
    code: 'flows.defaultPage',
    status: 400,
  });
  await assert.rejects(directory.update(seed, page('nothing', 'overridesPages'), { content }), { status: 404 });
  const draft = { id: 'nothing', content };
  await assert.rejects(directory.create(seed, userFlowLanguagePage, draft, { within: pages('overridesPages') }), {
    code: 'flows.unknownPage',
  });
  await createGuestFlow(house);
  await directory.update(seed, page('selfasserted1_1', 'overridesPages', guests, 'ja'), { content });
  assert.equal(
    (await textsOf(house, page('selfasserted1_1', 'overridesPages', guests, 'ja'))).LocalizedStrings.length,
    1,
  );
});

onEveryEngine('a caller cannot set the texts as a property', async (house) => {
  await house.directory.update(admin, susi, { isLanguageCustomizationEnabled: true });
  const patch = { content: documentOf(override('heading', 'x')) };
  await assert.rejects(house.directory.update(admin, page('error', 'overridesPages'), patch), {
    code: 'model.unknownProperty',
  });
});
