import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countriesIn, countryCodeOf } from './countries.ts';

test('countries: all of them, named and ordered as the language does', () => {
  const [english, german] = [countriesIn(['en']), countriesIn(['de-CH', 'en'])];
  assert.equal(english.length, 249);
  assert.equal(new Set(english.map(({ code }) => code)).size, 249);
  assert.ok(english.every(({ code, name }) => /^[A-Z]{2}$/.test(code) && name !== code));
  assert.equal(german.find(({ code }) => code === 'AT')?.name, 'Österreich');
  const names = german.map(({ name }) => name);
  assert.ok(names.indexOf('Österreich') < names.indexOf('Peru'), 'Ö is sorted as O');
  assert.equal(countriesIn([]).length, 249);
  assert.equal(countriesIn(['xx']).find(({ code }) => code === 'DE')?.name, 'Germany');
});

test('countries: a country is known by its code and by its name in English and in the language of the page', () => {
  for (const text of ['DE', 'de', ' Germany ', 'germany', 'Deutschland']) {
    assert.equal(countryCodeOf(text, ['de']), 'DE', text);
  }
  for (const text of ['', 'Deutschland', 'XX', 'Ger']) assert.equal(countryCodeOf(text, ['en']), undefined, text);
});
