import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { builtInLanguages, flowWords, lengthOf } from '../flows/index.ts';
import { passwordMessages } from '../identity/index.ts';
import { languageFlaws, placeholdersOf, wrongForm } from './testing/language-flaws.ts';
import { sameAsEnglish } from './testing/same-as-english.ts';
import { createVoice, createWords, type Library, languageLibrary, sharedId, textIn } from './words.ts';

const library = languageLibrary();

/** What journeys say, with what the password rules have to say in them. */
const journeyIds = [...flowWords, ...passwordMessages];

/** Ids that the pages themselves say, read from their source: whatever looks like one of our ids. */
function ownIds(): ReadonlySet<string> {
  const ids = new Set<string>();
  const folder = new URL('./', import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.[jt]s$/.test(name) && !name.includes('.test.'),
  );
  for (const name of sources) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    for (const [, id = ''] of text.matchAll(/['"`]((?:page|errorPage|signedOut|device)\.[\w.]+)['"`]/g)) ids.add(id);
  }
  const letter = readFileSync(new URL('../invitation-letter.ts', import.meta.url), 'utf8');
  for (const [id = ''] of letter.matchAll(/mail\.invitation\.\w+/g)) ids.add(id);
  for (const what of ['send', 'verify', 'resend', 'edit', 'sent', 'verified']) ids.add(`page.verification.${what}`);
  for (const kind of ['trouble', 'notFound', 'expired', 'tooLarge', 'tooMany', 'notRunnable']) {
    for (const part of ['heading', 'help']) ids.add(`errorPage.${kind}.${part}`);
  }
  for (const part of ['day', 'year']) ids.add(`page.${part}`);
  for (const kind of ['enter', 'confirm', 'done', 'denied']) {
    for (const part of ['heading', 'intro']) ids.add(`device.${kind}.${part}`);
  }
  for (const problem of ['unknown', 'tooMany']) ids.add(`device.${problem}`);
  return ids;
}

const english = library.read('en');

test('English has a text for every id that a journey or a page can show, and no other', () => {
  const wanted = [...journeyIds, ...ownIds()];
  assert.ok(ownIds().size > 25, 'the source was read');
  const missing = wanted.filter((id) => textIn(english, id) === undefined);
  assert.deepEqual([...new Set(missing)], [], 'missing in en.json');
  const used = new Set(wanted.map((id) => (Object.hasOwn(english, id) ? id : sharedId(id))));
  const unused = Object.keys(english).filter((id) => !used.has(id));
  assert.deepEqual(unused, [], 'unused in en.json');
});

test('English is well formed, and a text that several pages share stands once', () => {
  const wrong = Object.entries(english).map(([id, text]) => [id, wrongForm(text)] as const);
  assert.deepEqual(
    wrong.filter(([, flaw]) => flaw !== undefined),
    [],
  );
  const seen = new Map<string, string>();
  const twice: string[] = [];
  for (const [id, text] of Object.entries(english)) {
    const key = `${sharedId(id)} ${text}`;
    const other = seen.get(key);
    if (other !== undefined) twice.push(`${id} and ${other}: one ${sharedId(id)} is enough`);
    seen.set(key, id);
  }
  assert.deepEqual(twice, []);
});

for (const tag of library.tags.filter((one) => one !== 'en')) {
  test(`the translation into ${tag} is whole`, () => {
    const text = readFileSync(new URL(`./languages/${tag}.json`, import.meta.url), 'utf8');
    assert.deepEqual(languageFlaws({ tag, text }, english, sameAsEnglish[tag]), []);
  });
}

test('every language file is of a language that user flows have, and so is every excuse', () => {
  const builtIn = builtInLanguages.map(({ tag }) => tag);
  assert.deepEqual(
    [...library.tags, ...Object.keys(sameAsEnglish)].filter((tag) => !builtIn.includes(tag)),
    [],
  );
});

test('the placeholders of the pages are filled by the pages', () => {
  const filled: Readonly<Record<string, readonly string[]>> = {
    'page.title': ['heading', 'tenant'],
    'page.titleError': ['title'],
    'page.continueTo': ['app'],
    'device.asks': ['app'],
    'mail.invitation.email_subject': ['tenant'],
    'mail.invitation.email_greeting': ['name'],
    'mail.invitation.email_message': ['tenant'],
  };
  for (const id of ownIds()) assert.deepEqual(placeholdersOf(textIn(english, id) ?? ''), filled[id] ?? [], id);
});

const several: Library = {
  tags: ['ar', 'de', 'en', 'pt-br'],
  read: (tag) =>
    ({
      en: {
        'form.greeting': 'Hello {name}',
        'form.only': 'English',
        '*.wait': 'Wait: {time}',
        'form.heading': 'Form',
        '*.sum': '{n}',
      },
      de: { 'form.greeting': 'Hallo {name}', '*.wait': 'Warten: {time}', '*.sum': '{n}' },
      'pt-br': { 'form.greeting': 'Olá {name}' },
      ar: { 'form.greeting': 'مرحبا {name}' },
    })[tag] ?? {},
};

test('the first wanted language there is gets chosen, without regard to case and to what it narrows', () => {
  const { choose } = createWords(several);
  assert.equal(choose(['fr', 'de-AT', 'pt-BR']).tag, 'de-AT');
  assert.equal(choose(['PT-br']).tag, 'PT-br');
  assert.equal(choose(['zh-Hans-CN']).tag, 'en');
  assert.equal(choose([]).tag, 'en');
  assert.deepEqual(choose(['ar-EG']), { tag: 'ar-EG', direction: 'rtl' });
});

test('a text the language lacks is said in English, and an unknown id as it is', () => {
  const words = createWords(several);
  assert.equal(words.text('form.greeting', { name: 'Ada' }, ['de-CH']), 'Hallo Ada');
  assert.equal(words.text('form.only', {}, ['de']), 'English');
  assert.equal(words.text('form.nowhere', {}, ['de']), 'form.nowhere');
  assert.equal(words.text('constructor', {}, ['de']), 'constructor');
  assert.equal(words.text('form.greeting', {}, ['de']), 'Hallo {name}');
});

test('a shared text serves every page that has none of its own, in the language before English', () => {
  const words = createWords(several);
  const time = { amount: 30, unit: 'second' } as const;
  assert.equal(words.text('form.wait', { time }, ['de']), 'Warten: 30 Sekunden');
  assert.equal(words.text('other.page.wait', { time }, ['pt']), 'Wait: 30 seconds');
  assert.equal(words.text('form.heading', {}, ['de']), 'Form');
});

test('numbers and lengths of time are written as the language does, text as it is', () => {
  const words = createWords(several);
  assert.equal(words.text('form.sum', { n: 1234.5 }, ['de']), '1.234,5');
  assert.equal(words.text('form.sum', { n: 1234.5 }, ['de-CH']), "1'234.5");
  assert.equal(words.text('form.sum', { n: lengthOf(60) }, ['en']), '1 minute');
  assert.equal(words.text('form.sum', { n: lengthOf(90) }, ['en']), '90 seconds');
  assert.equal(words.text('form.sum', { n: '007' }, ['de']), '007');
});

test('places are filled by name, and by number as administrators of B2C write them', () => {
  const library = { tags: ['en'], read: () => ({ 'form.two': '{1} {0} {b} {2} {toString}' }) };
  assert.equal(createWords(library).text('form.two', { a: 'A', b: 'B' }, []), 'B A B {2} {toString}');
});

test('a language is read when it is first spoken, and once', () => {
  const read: string[] = [];
  const words = createWords({
    ...several,
    read(tag) {
      read.push(tag);
      return several.read(tag);
    },
  });
  assert.deepEqual(read, ['en']);
  for (const locales of [['de'], ['de-AT'], ['DE'], ['fr'], []]) words.text('form.greeting', {}, locales);
  assert.deepEqual(read, ['en', 'de']);
});

test('a value that is a text itself is translated first, and its braces are not filled again', () => {
  const voice = createVoice(createWords(several), ['de']);
  assert.equal(
    voice.tell({ id: 'form.greeting', values: { name: { id: 'form.greeting', values: { name: '{name}' } } } }),
    'Hallo Hallo {name}',
  );
  assert.equal(voice.tell({ id: 'form.sum', values: { n: 2000 } }), '2.000');
  assert.equal(voice.tell({ literal: '{name}' }), '{name}');
});

test('what the flow says takes the place of our texts, is filled in alike, and may be in a language we do not speak', () => {
  const own = { 'form.greeting': 'Grüezi {0} & <b>{name}</b>', 'form.sum': '{n} Stück' };
  const swiss = createVoice(createWords(several), ['de-CH'], own);
  assert.equal(swiss.tell({ id: 'form.greeting', values: { name: 'Ada' } }), 'Grüezi Ada & <b>Ada</b>');
  assert.equal(swiss.say('form.sum', { n: 1234.5 }), "1'234.5 Stück");
  assert.equal(swiss.say('form.wait', { time: 'x' }), 'Warten: x');
  const hebrew = createVoice(createWords(several), ['he'], own);
  assert.deepEqual([hebrew.tag, hebrew.direction], ['he', 'rtl']);
  assert.equal(hebrew.say('form.only'), 'English');
  assert.equal(createVoice(createWords(several), ['he']).tag, 'en');
});

test('a name in letters of the other direction stays apart', () => {
  const words = createWords(several);
  assert.equal(words.text('form.greeting', { name: 'Ada' }, ['ar']), 'مرحبا \u2068Ada\u2069');
  assert.equal(words.text('form.greeting', { name: 'عمر 1' }, ['ar']), 'مرحبا عمر 1');
  assert.equal(words.text('form.greeting', { name: 'عمر' }, ['en']), 'Hello \u2068عمر\u2069');
  assert.equal(createVoice(words, ['ar']).tell({ literal: 'Ask us.' }), '\u2068Ask us.\u2069');
  assert.equal(createVoice(words, ['en']).tell({ literal: 'Ask us.' }), 'Ask us.');
  assert.equal(words.text('form.greeting', { name: '123456' }, ['ar']), 'مرحبا 123456');
});
