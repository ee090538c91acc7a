import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Draft, entities, type Place, type Ref } from '../../model/index.ts';
import { builtInLanguages, namedLanguage } from '../localization/built-in-languages.ts';
import { createFlow, type House, seed } from '../testing/harness.ts';
import { admin, createGuestFlow, guests, onEveryEngine, susi } from '../testing/on-every-engine.ts';

const { userFlowLanguageConfiguration } = entities;

const languagesOf = (flow: Ref): Place => ({ parent: flow, navigation: 'languages' });
const language = (id: string, flow: Ref = susi) => ({
  type: userFlowLanguageConfiguration,
  id,
  within: languagesOf(flow),
});
const customize = ({ directory }: House) => directory.update(admin, susi, { isLanguageCustomizationEnabled: true });

async function enabled({ directory }: House, flow: Ref = susi): Promise<readonly string[]> {
  const filter = { op: 'eq', path: ['isEnabled'], value: true } as const;
  const query = { type: userFlowLanguageConfiguration, within: [languagesOf(flow)], filter, limit: 100 };
  return (await directory.find(query)).items.map(({ entity }) => entity.id);
}

onEveryEngine('a flow has the 37 built-in languages under their own names, and begins with English', async (house) => {
  const query = { type: userFlowLanguageConfiguration, within: [languagesOf(susi)], limit: 100 };
  const { items } = await house.directory.find(query);
  assert.equal(items.length, 37);
  assert.deepEqual(items.find(({ entity }) => entity.id === 'de')?.entity, {
    id: 'de',
    isEnabled: false,
    displayName: 'Deutsch',
  });
  assert.deepEqual(await enabled(house), ['en']);
  assert.equal((await house.directory.get(language('PT-BR')))?.entity.displayName, 'Português (Brasil)');
  assert.equal(await house.directory.get(language('sw')), undefined);
  assert.equal(await house.directory.get(language('de', { ...susi, id: 'B2C_1_none' })), undefined);
});

onEveryEngine('the default language a flow is created with is enabled, and stays so', async (house) => {
  await house.directory.create(admin, susi.type, {
    id: 'german',
    userFlowType: 'signIn',
    userFlowTypeVersion: 3,
    defaultLanguageTag: 'DE',
  });
  const german = { ...susi, id: 'B2C_1_german' };
  assert.deepEqual(await enabled(house, german), ['de', 'en']);
  await house.directory.update(admin, german, { defaultLanguageTag: 'en' });
  assert.deepEqual(await enabled(house, german), ['de', 'en']);
});

onEveryEngine('guests are spoken to in every built-in language, and in no other', async (house) => {
  await createGuestFlow(house);
  assert.equal((await enabled(house, guests)).length, 37);
  const refused = { code: 'flows.builtInLanguagesOnly', status: 400 };
  await assert.rejects(house.directory.put(admin, language('de', guests), { isEnabled: false }), refused);
  await assert.rejects(house.directory.put(admin, language('es-ES', guests), {}), refused);
  await assert.rejects(house.directory.remove(admin, language('de', guests)), { code: 'flows.builtInLanguage' });
});

onEveryEngine('languages are changed and added only while the flow customizes them', async (house) => {
  const { directory } = house;
  const refused = { code: 'flows.customizationOff', status: 400 };
  await assert.rejects(directory.put(admin, language('es-ES'), {}), refused);
  await assert.rejects(directory.put(admin, language('de'), { isEnabled: true }), refused);
  await customize(house);

  const made = await directory.put(admin, language('es-ES'), { id: 'es-ES', isEnabled: true });
  assert.equal(made.created, true);
  assert.deepEqual(made.entity, { id: 'es-ES', isEnabled: true, displayName: 'Spanish (Spain)' });
  assert.equal((await directory.put(admin, language('es-es'), { isEnabled: false })).created, false);
  assert.equal((await directory.get(language('ES-ES')))?.entity.isEnabled, false);
  assert.equal((await directory.put(admin, language('es-ES'), {})).entity.isEnabled, true);

  const german = await directory.put(admin, language('de'), {});
  assert.deepEqual([german.created, german.entity.displayName], [false, 'Deutsch']);
  assert.deepEqual(await enabled(house), ['de', 'en', 'es-ES']);
});

onEveryEngine('only a language of its own can be taken from a flow', async (house) => {
  const { directory } = house;
  await customize(house);
  await directory.put(admin, language('en-GB'), {});
  await directory.put(admin, language('de'), {});
  for (const id of ['de', 'fr']) {
    await assert.rejects(directory.remove(admin, language(id)), { code: 'flows.builtInLanguage', status: 400 });
  }
  await directory.update(admin, susi, { defaultLanguageTag: 'EN-gb' });
  await assert.rejects(directory.remove(admin, language('en-GB')), { code: 'flows.defaultLanguage', status: 400 });
  await directory.update(admin, susi, { defaultLanguageTag: 'en' });
  await directory.remove(admin, language('en-GB'));
  await assert.rejects(directory.remove(admin, language('en-GB')), { status: 404 });
});

onEveryEngine('a name that no language has is refused', async (house) => {
  await customize(house);
  for (const id of ['xx', 'de_AT', 'iw', 'de-1-2', 'en-GB-u-ca-buddhist', 'mul', 'zz-ZZ']) {
    await assert.rejects(
      house.directory.put(admin, language(id), {}),
      { code: 'flows.badLanguageTag', status: 400 },
      id,
    );
  }
});

onEveryEngine('a flow has at most 100 languages of its own', async (house) => {
  await customize(house);
  const regions = builtInLanguages
    .filter(({ tag }) => !tag.includes('-'))
    .flatMap(({ tag }) => ['AT', 'BE', 'CH', 'DE'].map((region) => `${tag}-${region}`));
  for (const id of regions.slice(0, 100)) await house.directory.put(admin, language(id), {});
  await assert.rejects(house.directory.put(admin, language('en-US'), {}), { code: 'flows.tooManyLanguages' });
  await house.directory.put(admin, language('de'), { isEnabled: false });
});

onEveryEngine('the default language is an enabled one, and cannot be switched off', async (house) => {
  const { directory } = house;
  const set = (defaultLanguageTag: string | null) => directory.update(admin, susi, { defaultLanguageTag });
  const notEnabled = { code: 'flows.languageNotEnabled', status: 400 };
  for (const tag of ['de', 'es-ES']) await assert.rejects(set(tag), notEnabled, tag);
  await assert.rejects(set('xx'), { code: 'flows.badLanguageTag', status: 400 });
  await customize(house);
  await directory.put(admin, language('es-ES'), { isEnabled: false });
  await assert.rejects(set('es-ES'), notEnabled);
  await directory.put(admin, language('es-ES'), {});
  assert.equal((await set('es-ES')).entity.defaultLanguageTag, 'es-ES');
  await assert.rejects(directory.put(admin, language('es-ES'), { isEnabled: false }), {
    code: 'flows.defaultLanguage',
  });
  assert.equal((await set(null)).entity.defaultLanguageTag, null);
  await directory.put(admin, language('es-ES'), { isEnabled: false });
});

onEveryEngine('a new flow speaks a built-in language first; a seed brings others with it', async (house) => {
  const draft = { id: 'spain', userFlowType: 'signIn', userFlowTypeVersion: 3, defaultLanguageTag: 'es-ES' };
  await assert.rejects(house.directory.create(admin, susi.type, draft), { code: 'flows.languageNotEnabled' });
  const languages = [{ draft: { id: 'es-ES', isEnabled: true } }, { draft: { id: 'de', isEnabled: true } }];
  const whole: Draft<typeof susi.type> = { ...draft, userFlowType: 'signIn', isLanguageCustomizationEnabled: true };
  await house.directory.create(seed, susi.type, whole, { contained: { languages } });
  assert.deepEqual(await enabled(house, { ...susi, id: 'B2C_1_spain' }), ['de', 'en', 'es-ES']);
});

onEveryEngine('other settings of a flow can be changed whatever its default language is', async (house) => {
  await createFlow(house, 'odd', { defaultLanguageTag: 'es-ES' });
  const odd = { ...susi, id: 'B2C_1_odd' };
  const { entity } = await house.directory.update(admin, odd, {
    isJavaScriptEnabled: true,
    defaultLanguageTag: 'es-es',
  });
  assert.equal(entity.isJavaScriptEnabled, true);
});

test('a language is named in English with what narrows it', () => {
  const named: Readonly<Record<string, string>> = {
    'en-GB': 'English (United Kingdom)',
    'zh-Hant-TW': 'Chinese (Traditional, Taiwan)',
    ar: 'Arabic',
    'DE-at': 'German (Austria)',
  };
  for (const [tag, name] of Object.entries(named)) assert.equal(namedLanguage(tag)?.displayName, name, tag);
  assert.equal(namedLanguage('DE-at')?.tag, 'de-AT');
});
