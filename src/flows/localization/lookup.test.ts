import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInLanguages } from './built-in-languages.ts';
import { directionOf, lookup } from './lookup.ts';

const tags = builtInLanguages.map(({ tag }) => tag);

test('lookup: a tag finds the language it names, implies, or narrows', () => {
  const expected: Readonly<Record<string, string | undefined>> = {
    'de-AT': 'de',
    'DE-Latn-AT-1996': 'de',
    'pt-BR': 'pt-br',
    pt: 'pt-br',
    'pt-PT': 'pt-pt',
    'pt-AO': 'pt-pt',
    no: 'nb',
    'nn-NO': 'nb',
    'no-NO': 'nb',
    zh: 'zh-hans',
    'zh-CN': 'zh-hans',
    'zh-SG': 'zh-hans',
    'zh-TW': 'zh-hant',
    'zh-HK': 'zh-hant',
    'zh-Hant-HK': 'zh-hant',
    'zh-Hans-TW': 'zh-hans',
    'cmn-Hans': 'zh-hans',
    'ar-EG': 'ar',
    'en-x-pirate': 'en',
    'pa-Arab-PK': undefined,
    'pa-PK': undefined,
    'sw-KE': undefined,
    e: undefined,
    '*': undefined,
    '': undefined,
    de_AT: undefined,
  };
  for (const [wanted, found] of Object.entries(expected)) assert.equal(lookup([wanted], tags), found, wanted);
});

test('lookup: the first wanted language wins, also when a later one would fit better', () => {
  assert.equal(lookup(['sw', 'de-AT', 'fr'], ['en', 'fr', 'de']), 'de');
  assert.equal(
    lookup(['zh-TW', 'zh'], ['en', 'zh-hans']),
    'zh-hans',
    'no other script for the first, but for the second',
  );
  assert.equal(lookup([], ['en']), undefined);
});

test('lookup: a language of the tenant is found in its own spelling, else its relative in another region', () => {
  assert.equal(lookup(['EN-gb'], ['en', 'en-GB']), 'en-GB');
  assert.equal(lookup(['en-US'], ['en', 'en-GB']), 'en');
  assert.equal(lookup(['en-US'], ['de', 'en-GB']), 'en-GB');
  assert.equal(lookup(['pt'], ['en', 'pt-pt']), 'pt-pt');
});

test('the direction of a language is that of its script', () => {
  assert.deepEqual(['ar', 'he', 'fa', 'ur-PK', 'pa-Arab'].map(directionOf), ['rtl', 'rtl', 'rtl', 'rtl', 'rtl']);
  assert.deepEqual(['en', 'ar-Latn', 'ja', 'az', ''].map(directionOf), ['ltr', 'ltr', 'ltr', 'ltr', 'ltr']);
});
