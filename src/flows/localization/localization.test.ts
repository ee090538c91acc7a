import assert from 'node:assert/strict';
import type { Directory } from '../../directory/index.ts';
import { entities, type Ref } from '../../model/index.ts';
import { addAttribute, assign, fieldOf, type House, newPasswords, prove, seed } from '../testing/harness.ts';
import { admin, createGuestFlow, onEveryEngine, susi } from '../testing/on-every-engine.ts';
import { createLocalization } from './localization.ts';

const { userFlowLanguageConfiguration, userFlowLanguagePage } = entities;

const language = (id: string): Ref => ({
  type: userFlowLanguageConfiguration,
  id,
  within: { parent: susi, navigation: 'languages' },
});
const set = ({ directory }: House, patch: Readonly<Record<string, unknown>>) => directory.update(admin, susi, patch);
const enable = ({ directory }: House, tag: string, isEnabled = true) =>
  directory.put(admin, language(tag), { isEnabled });
const put = ({ directory }: House, tag: string, page: string, document: object) =>
  directory.update(
    seed,
    { type: userFlowLanguagePage, id: page, within: { parent: language(tag), navigation: 'overridesPages' } },
    { content: JSON.stringify(document) },
  );
const text = (StringId: string, Value: string, ElementType = 'UxElement', ElementId: string | null = null) => ({
  ElementType,
  ElementId,
  StringId,
  Override: true,
  Value,
});

async function chosen(house: House, uiLocales: readonly string[], acceptLanguages: readonly string[] = []) {
  const { move } = await house.begin('B2C_1_susi', { uiLocales, acceptLanguages });
  return move.kind === 'show' ? move.journey.locales : [];
}

onEveryEngine(
  'the application chooses, then the browser where languages are customized, then the flow',
  async (house) => {
    assert.deepEqual(await chosen(house, [], ['de']), ['en'], 'nobody has customized languages');
    assert.deepEqual(await chosen(house, ['de-AT']), ['de'], 'the application may ask for any of the server');
    await set(house, { isLanguageCustomizationEnabled: true });
    assert.deepEqual(await chosen(house, ['de'], ['de']), ['en'], 'German is not enabled');
    await enable(house, 'de');
    await enable(house, 'fr');
    assert.deepEqual(await chosen(house, [], ['de-AT', 'fr']), ['de']);
    assert.deepEqual(await chosen(house, ['fr'], ['de']), ['fr']);
    assert.deepEqual(await chosen(house, ['es'], ['de']), ['de'], 'what is not offered chooses nothing');
    await set(house, { defaultLanguageTag: 'fr' });
    assert.deepEqual(await chosen(house, ['es'], ['it']), ['fr']);
    await enable(house, 'de', false);
    assert.deepEqual(await chosen(house, [], ['de']), ['fr']);
  },
);

onEveryEngine('the language is settled when the journey begins', async (house) => {
  await set(house, { isLanguageCustomizationEnabled: true });
  await enable(house, 'de');
  const visitor = await house.begin('B2C_1_susi', { uiLocales: ['de'] });
  await enable(house, 'de', false);
  const move = await visitor.look();
  assert.deepEqual(move.kind === 'show' && move.journey.locales, ['de']);
});

onEveryEngine('guests are spoken to in what their browser prefers', async (house) => {
  await createGuestFlow(house);
  const { localesOf } = createLocalization(house.directory);
  assert.deepEqual(await localesOf('B2X_1_guests', { uiLocales: [], acceptLanguages: ['sv-SE'] }), ['sv']);
  assert.deepEqual(await localesOf('B2C_1_nowhere', { uiLocales: ['sv'], acceptLanguages: ['da'] }), ['sv', 'da']);
});

onEveryEngine('texts of the flow are said on their page in their language, until customizing ends', async (house) => {
  await set(house, { isLanguageCustomizationEnabled: true });
  await enable(house, 'de');
  await put(house, 'de', 'signuporsignin', {
    LocalizedStrings: [text('heading', 'Servus'), text('DisplayName', 'Mitglied', 'ClaimType', 'signInName')],
  });
  const german = await house.begin('B2C_1_susi', { uiLocales: ['de-AT'] });
  assert.ok(german.move.kind === 'show');
  assert.deepEqual(german.move.words, { 'signuporsignin.heading': 'Servus' });
  assert.deepEqual(fieldOf(german.screen, 'email')?.label, { literal: 'Mitglied' });
  const answered = await german.press('next', { email: '', password: '' });
  assert.ok(answered.kind === 'show');
  assert.equal(answered.words?.['signuporsignin.heading'], 'Servus', 'also in the answer');
  assert.deepEqual(fieldOf(answered.screen, 'email')?.errors?.[0], {
    id: 'signuporsignin.requiredField_generic',
    values: { field: { literal: 'Mitglied' } },
  });
  const english = await house.begin('B2C_1_susi', { uiLocales: ['en'] });
  assert.deepEqual(english.move.kind === 'show' && english.move.words, {});
  await set(house, { isLanguageCustomizationEnabled: false });
  const after = await german.look();
  assert.deepEqual(after.kind === 'show' && after.words, {});
});

onEveryEngine('a language of the tenant says its own texts, and those of the language it narrows', async (house) => {
  await set(house, { isLanguageCustomizationEnabled: true });
  await enable(house, 'de');
  await enable(house, 'de-CH');
  await put(house, 'de', 'signuporsignin', { LocalizedStrings: [text('heading', 'Hallo'), text('password', 'Wort')] });
  await put(house, 'de-CH', 'signuporsignin', { LocalizedStrings: [text('heading', 'Grüezi')] });
  const { move } = await house.begin('B2C_1_susi', { uiLocales: ['de-CH'] });
  assert.ok(move.kind === 'show');
  assert.deepEqual(move.journey.locales, ['de-CH']);
  assert.deepEqual(move.words, { 'signuporsignin.heading': 'Grüezi', 'signuporsignin.password': 'Wort' });
});

onEveryEngine(
  'a collection says what can be chosen in its language, and that is accepted and stored',
  async (house) => {
    await set(house, { isLanguageCustomizationEnabled: true });
    await enable(house, 'de');
    await assign(house, 'city', { userInputType: 'dropdownSingleSelect' });
    const items = [
      { Name: 'Wien', Value: 'vienna' },
      { Name: 'Graz', Value: 'graz' },
    ];
    const collection = { ElementType: 'ClaimType', ElementId: 'city', TargetCollection: 'Restriction', Override: true };
    await put(house, 'de', 'localaccountsignup', { LocalizedCollections: [{ ...collection, Items: items }] });

    const german = await house.begin('B2C_1_susi', { uiLocales: ['de'] });
    await prove(house, german, 'neu@contoso.example');
    const city = fieldOf(german.screen, 'city');
    assert.equal(city?.input, 'dropdown');
    assert.deepEqual(city?.choices, [
      { value: 'vienna', label: { literal: 'Wien' } },
      { value: 'graz', label: { literal: 'Graz' } },
    ]);
    await german.press('continue', { email: 'neu@contoso.example', ...newPasswords, city: 'bern' });
    assert.equal(fieldOf(german.screen, 'city')?.errors?.length, 1, 'what is not offered is refused');
    await german.press('continue', { email: 'neu@contoso.example', ...newPasswords, city: 'graz' });
    const [arrival] = house.host.arrivals;
    const user = await house.directory.get({ type: entities.user, id: arrival?.userId ?? '' });
    assert.equal(user?.entity.city, 'graz');

    const english = await house.begin('B2C_1_susi');
    await prove(house, english, 'new@contoso.example');
    assert.equal(fieldOf(english.screen, 'city')?.input, 'text', 'in English nothing can be chosen');
  },
);

onEveryEngine('pages and choices are read once, until their flow changes', async (house) => {
  await set(house, { isLanguageCustomizationEnabled: true });
  await addAttribute(house, 'Hobby', 'string');
  let reads = 0;
  const counted: Directory = {
    ...house.directory,
    get(ref) {
      reads += 1;
      return house.directory.get(ref);
    },
    find(query) {
      reads += 1;
      return house.directory.find(query);
    },
  };
  const localization = createLocalization(counted);
  const look = () => localization.textsOf('B2C_1_susi', 'signuporsignin', ['en']);
  await look();
  const first = reads;
  assert.ok(first > 0);
  for (let n = 0; n < 10; n += 1) await look();
  assert.equal(reads, first);
  await put(house, 'en', 'signuporsignin', { LocalizedStrings: [text('heading', 'Hi')] });
  assert.equal((await look()).strings.get('heading'), 'Hi');
  await house.directory.update(seed, susi, { isLanguageCustomizationEnabled: false });
  assert.equal((await look()).strings.size, 0);
});
