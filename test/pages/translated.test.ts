import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Screen } from '../../src/flows/index.ts';
import { printHtml } from '../../src/http/index.ts';
import { createWords, signedOutPage } from '../../src/pages/index.ts';
import { plainLook } from '../../src/pages/look.ts';
import { renderScreen } from '../../src/pages/render.ts';
import { createVoice, languageLibrary, type WordTable } from '../../src/pages/words.ts';
import { unescapeHtml } from '../support/visitor.ts';
import { screens } from './screens.ts';

const { read } = languageLibrary();

/** Every text in brackets, so that what stands outside them was translated by nobody. */
const bracketed: WordTable = Object.fromEntries(Object.entries(read('en')).map(([id, text]) => [id, `⟦${text}⟧`]));
const words = createWords({ tags: ['en', 'eo'], read: (tag) => (tag === 'eo' ? bracketed : read('en')) });

const [tenantName, displayName] = ['Contoso', 'Woodgrove'];

/** What a page shows that is nobody's to translate: names, values, and what administrators wrote; no ids, which no page may show. */
function givenIn(value: unknown): readonly string[] {
  // Secrets are shown in groups of four.
  if (typeof value === 'string')
    return [value, ...(/^[A-Z2-7]{8,}$/.test(value) ? (value.match(/.{1,4}/g) ?? []) : [])];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => (name === 'id' ? [] : givenIn(part)));
}

/** Attributes that people read or hear. */
const spoken = /\s(?:aria-label|alt|title|placeholder|data-[\w-]*(?:show|hide|copied|text|label)[\w-]*)="([^"]*)"/g;

/** What can be read on a page, without lists of countries and months, which come with the language. */
function readable(html: string): string {
  const body = html.replace(/<(style|script|option|svg)\b[\s\S]*?<\/\1>/g, ' ');
  const heard = [...body.matchAll(spoken)].map(([, text = '']) => text);
  return unescapeHtml([body.replace(/<[^>]*>/g, ' '), ...heard].join('\n'));
}

const foreignIn = (html: string, given: readonly string[]): readonly string[] => {
  const longestFirst = [...given].filter((text) => text.trim().length > 1).sort((a, b) => b.length - a.length);
  const rest = longestFirst.reduce((text, one) => text.replaceAll(one, ' '), readable(html));
  // From the inside out, since texts fill the places of others.
  let outside = rest;
  for (let before = ''; before !== outside; ) {
    before = outside;
    outside = outside.replace(/⟦[^⟦⟧]*⟧/g, ' ');
  }
  return outside.match(/\p{L}{3,}/gu) ?? [];
};

const pageOf = (screen: Screen): string =>
  printHtml(
    renderScreen(screen, {
      voice: createVoice(words, ['eo']),
      look: plainLook,
      own: {},
      tenantName,
      client: { appId: '1', displayName },
      csrf: 'token',
      revision: 1,
    }),
  );

for (const [name, screen] of Object.entries(screens)) {
  test(`${name}: nothing stands on the page that cannot be translated`, () => {
    assert.deepEqual(foreignIn(pageOf(screen), [tenantName, displayName, ...givenIn(screen)]), []);
  });
}

test('what nobody translated is found', () => {
  assert.deepEqual(foreignIn('<p>⟦Sign in to ⟦Shop⟧⟧ Sign up</p><img alt="Logo"><option>May</option>', []), [
    'Sign',
    'Logo',
  ]);
  assert.ok(readable(String(signedOutPage(['eo'], words).body)).includes('⟦You are signed out⟧'));
});
