import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { flowWords } from '../flows/index.ts';
import { passwordMessages } from '../identity/index.ts';
import { createVoice, createWords, readLanguages, type WordTable } from './words.ts';

const tables = readLanguages();

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
    for (const [, id = ''] of text.matchAll(/['"`]((?:page|errorPage|signedOut)\.[\w.]+)['"`]/g)) ids.add(id);
  }
  for (const what of ['send', 'verify', 'resend', 'edit', 'sent', 'verified']) ids.add(`page.verification.${what}`);
  for (const kind of ['trouble', 'notFound', 'expired', 'tooLarge', 'notRunnable']) {
    for (const part of ['heading', 'help']) ids.add(`errorPage.${kind}.${part}`);
  }
  for (const part of ['day', 'year']) ids.add(`page.${part}`);
  return ids;
}

const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();

test('every language has a text for every id that a journey or a page can show', () => {
  const wanted = [...journeyIds, ...ownIds()];
  assert.ok(ownIds().size > 25, 'the source was read');
  for (const [tag, table] of tables) {
    assert.deepEqual(
      wanted.filter((id) => (table[id] ?? '').trim() === ''),
      [],
      `missing in ${tag}.json`,
    );
  }
});

test('no language has an id that nothing shows, or a placeholder that English lacks', () => {
  const known = new Set([...journeyIds, ...ownIds()]);
  const english = tables.get('en') ?? {};
  for (const [tag, table] of tables) {
    assert.deepEqual(
      Object.keys(table).filter((id) => !known.has(id)),
      [],
      `unused in ${tag}.json`,
    );
    for (const [id, text] of Object.entries(table)) {
      assert.deepEqual(placeholders(text), placeholders(english[id] ?? ''), `${tag}.json: ${id}`);
    }
  }
});

test('the placeholders of the pages are filled by the pages', () => {
  const filled: Readonly<Record<string, readonly string[]>> = {
    'page.title': ['heading', 'tenant'],
    'page.titleError': ['title'],
    'page.continueTo': ['app'],
  };
  for (const id of ownIds()) assert.deepEqual(placeholders(tables.get('en')?.[id] ?? ''), filled[id] ?? [], id);
});

const several = new Map<string, WordTable>([
  ['en', { greeting: 'Hello {name}', only: 'English' }],
  ['de', { greeting: 'Hallo {name}' }],
  ['pt-br', { greeting: 'Olá {name}' }],
  ['ar', { greeting: 'مرحبا {name}' }],
]);

test('the first wanted language there is gets chosen, without regard to case and to what it narrows', () => {
  const { choose } = createWords(several);
  assert.equal(choose(['fr', 'de-AT', 'pt-BR']).tag, 'de');
  assert.equal(choose(['PT-br']).tag, 'pt-br');
  assert.equal(choose(['zh-Hans-CN']).tag, 'en');
  assert.equal(choose([]).tag, 'en');
  assert.deepEqual(choose(['ar-EG']), { tag: 'ar', direction: 'rtl' });
});

test('a text the language lacks is said in English, and an unknown id as it is', () => {
  const words = createWords(several);
  assert.equal(words.text('greeting', { name: 'Ada' }, ['de']), 'Hallo Ada');
  assert.equal(words.text('only', {}, ['de']), 'English');
  assert.equal(words.text('nowhere', {}, ['de']), 'nowhere');
  assert.equal(words.text('greeting', {}, ['de']), 'Hallo {name}');
});

test('a value that is a text itself is translated first, and its braces are not filled again', () => {
  const voice = createVoice(createWords(several), ['de']);
  assert.equal(
    voice.tell({ id: 'greeting', values: { name: { id: 'greeting', values: { name: '{name}' } } } }),
    'Hallo Hallo {name}',
  );
  assert.equal(voice.tell({ literal: '{name}' }), '{name}');
});
