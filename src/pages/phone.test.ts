import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countriesIn, joinPhone, printPhone, splitPhone } from './phone.ts';

test('country and number become one value, however the number is written', () => {
  for (const number of ['030 901820', '(030) 90 18-20', '+49 30 901820']) {
    assert.equal(joinPhone({ country: 'DE', number }), '+4930901820', number);
  }
  assert.equal(joinPhone({ country: '+1', number: '(202) 555-0123' }), '+12025550123');
  assert.equal(joinPhone({ country: '+7', number: '8 (495) 123-45-67' }), '+74951234567');
});

test('a number that begins with the code of another country counts, not the country chosen', () => {
  assert.equal(joinPhone({ country: 'US', number: '+44 20 7946 0958' }), '+442079460958');
});

test('what cannot be read comes back as it was typed, with its country', () => {
  const sent = { country: 'AT', number: '12 x' };
  assert.equal(joinPhone(sent), '+43 12 x');
  assert.deepEqual(splitPhone('+43 12 x', 'en'), sent);
  assert.equal(joinPhone({ country: 'nowhere', number: '12' }), '12');
  assert.deepEqual(splitPhone('12', 'de'), { country: 'DE', number: '12' });
});

test('nothing entered is nothing, whatever country is chosen', () => {
  assert.equal(joinPhone({ country: 'DE', number: '  ' }), '');
  assert.equal(joinPhone({ country: '', number: '' }), '');
});

test('a value goes back into its two controls and comes out the same', () => {
  const parts = splitPhone('+442079460958', 'en');
  assert.equal(parts.country, 'GB');
  assert.equal(joinPhone(parts), '+442079460958');
});

test('a number that stays as it is goes out in groups and comes back the same, also one that cannot be read', () => {
  assert.equal(printPhone('+442079460958'), '+44 20 7946 0958');
  for (const number of ['+442079460958', '+4930901820']) {
    assert.equal(joinPhone({ country: '', number: printPhone(number) }), number);
  }
  assert.equal(joinPhone({ country: '', number: printPhone('12 x') }), '12 x');
});

test('the country offered first is where the language of the page is at home', () => {
  for (const [tag, country] of [
    ['de', 'DE'],
    ['de-AT', 'AT'],
    ['pt-BR', 'BR'],
    ['ar', 'EG'],
    ['en', 'US'],
  ] as const) {
    assert.equal(splitPhone('', tag).country, country, tag);
  }
});

test('countries are named and sorted in the language of the page, each with its code', () => {
  const german = countriesIn('de').map(({ label }) => label.replace(/[\u2066\u2069]/g, ''));
  assert.ok(german.includes('Österreich (+43)'));
  assert.ok(german.indexOf('Österreich (+43)') < german.indexOf('Peru (+51)'));
  assert.ok(countriesIn('ja').some(({ code, label }) => code === 'DE' && label.startsWith('ドイツ')));
  assert.ok(countriesIn('en').length > 200);
});
