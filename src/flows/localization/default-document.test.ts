import assert from 'node:assert/strict';
import { test } from 'node:test';
import { englishWords } from '../testing/english.ts';
import { flowWords } from '../words.ts';
import { defaultDocument } from './default-document.ts';
import { localize } from './localize.ts';
import { pageTextsOf } from './page-texts.ts';
import { allPages } from './pages.ts';
import { saidByPages } from './said-by-pages.ts';

const words = { ...englishWords, text: (id: string, _: unknown, [tag]: readonly string[]) => `${tag}: ${id}` };
const collected = {
  email: { label: { id: 'attribute.email' }, proof: true },
  asksEmail: false,
  attributes: [],
};
const documentOf = (page: (typeof allPages)[number]) => defaultDocument(page, 'de', collected, words);
const stringsOf = (page: (typeof allPages)[number]) => documentOf(page).LocalizedStrings ?? [];

test('a default document says what the server says in that language, and names nothing twice', () => {
  for (const page of allPages) {
    const strings = stringsOf(page).filter(({ ElementType }) => ElementType !== 'ClaimsProvider');
    for (const { Value, StringId } of strings) assert.match(Value, /^de: /, `${page.id} ${StringId}`);
    const keys = strings.map(({ ElementType, ElementId, StringId }) => `${ElementType} ${ElementId} ${StringId}`);
    assert.equal(new Set(keys).size, keys.length, page.id);
  }
});

test('whatever a default document names can be said otherwise: what is uploaded reaches a message of ours', () => {
  const known = new Set([...flowWords, ...[...saidByPages.values()].flat()]);
  let checked = 0;
  for (const page of allPages) {
    for (const string of stringsOf(page)) {
      if (string.ElementType === 'ClaimsProvider' || string.ElementType === 'ClaimType') continue;
      const changed = { LocalizedStrings: [{ ...string, Override: true, Value: 'mine' }] };
      const screen = { id: page.words ?? page.id, heading: { literal: '' }, messages: [], fields: [], actions: [] };
      const said = Object.keys(localize(screen, pageTextsOf(JSON.stringify(changed))).words);
      assert.ok(
        said.some((id) => known.has(id)),
        `${page.id} ${string.StringId}`,
      );
      checked += 1;
    }
  }
  assert.ok(checked > 50, `${checked}`);
});

test('pages with a proof name its buttons under the ids of B2C', () => {
  const page = allPages.find(({ id }) => id === 'localaccountsignup');
  assert.ok(page);
  const ids = stringsOf(page).map(({ StringId }) => StringId);
  for (const id of [
    'ver_but_send',
    'ver_but_verify',
    'ver_but_resend',
    'ver_but_edit',
    'ver_input',
    'ver_info_msg',
    'day',
  ]) {
    assert.ok(ids.includes(id), id);
  }
});
