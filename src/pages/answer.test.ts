import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toInput } from './answer.ts';

const read = (fields: Readonly<Record<string, string>>) => toInput(new Map(Object.entries(fields)));

test('the own fields of the page do not reach the step', () => {
  assert.deepEqual(read({ csrf: 'x', revision: '3', action: 'next', email: 'a@b.example' }), {
    action: 'next',
    values: { email: 'a@b.example' },
  });
  assert.deepEqual(read({}), { action: '', values: {} });
});

test('the parts of a date become one value, an empty date an empty one', () => {
  const date = (day: string, month: string, year: string) =>
    read({ 'born.day': day, 'born.month': month, 'born.year': year }).values['born'];
  assert.equal(date('7', '03', ' 1990 '), '1990-03-07');
  assert.equal(date('', '', ''), '');
  assert.equal(date('31', '', '1990'), '1990--31');
});

test('ticked boxes become a list; a group with none of them an empty value', () => {
  assert.equal(read({ 'topics.choice': '', 'topics.choice.0': 'a', 'topics.choice.2': 'c' }).values['topics'], 'a,c');
  assert.equal(read({ 'topics.choice': '' }).values['topics'], '');
});

test('names that mean something to JavaScript are ordinary names', () => {
  const { values } = read({ constructor: 'y' });
  assert.equal(Object.getPrototypeOf(values), Object.prototype);
  assert.equal(values['constructor'], 'y');
  const own = Object.getOwnPropertyDescriptor(toInput(new Map([['__proto__', 'z']])).values, '__proto__');
  assert.equal(own?.value, 'z');
});
