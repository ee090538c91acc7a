import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entityTags, headerElements, opaqueTag } from './header-list.ts';

const read = (text: string) =>
  headerElements(text).map(({ name, value, parameters }) => [name, value, Object.fromEntries(parameters)]);

test('elements of a list are read with values, quoted texts and parameters', () => {
  assert.deepEqual(read('Return=Minimal; Foo="a,b;c\\"d" ;bar, , respond-async ,wait = 10'), [
    ['return', 'Minimal', { foo: 'a,b;c"d', bar: '' }],
    ['respond-async', undefined, {}],
    ['wait', '10', {}],
  ]);
  assert.deepEqual(read('text/*;q=0.3;q=1, */*;'), [
    ['text/*', undefined, { q: '0.3' }],
    ['*/*', undefined, {}],
  ]);
  assert.deepEqual(read(''), []);
});

test('a malformed element counts for nothing and spoils no other', () => {
  for (const bad of ['a b', 'a=b c', '=x', 'a=', 'a;b c', 'a="b"c', 'a;="x"', '(x)', 'ä', 'a\u0000']) {
    assert.deepEqual(read(`${bad}, ok`), [['ok', undefined, {}]], bad);
  }
  assert.deepEqual(read('ok, a="never closed, b'), [['ok', undefined, {}]]);
});

test('of a list without end only the beginning is looked at, and quickly', () => {
  assert.equal(headerElements(Array(10_000).fill('a').join(',')).length, 50);
  const started = process.cpuUsage().user;
  headerElements(`a="${'\\"'.repeat(8_000)}`);
  headerElements(`${' \t'.repeat(8_000)}x=`);
  entityTags('" '.repeat(8_000));
  assert.ok(process.cpuUsage().user - started < 1_000_000, 'less than a second of work');
});

test('entity tags are a star or a list, weak or not, and may hold commas', () => {
  assert.equal(entityTags(' * '), '*');
  assert.deepEqual(entityTags('W/"7", "a,b" ,, W/""'), ['"7"', '"a,b"', '""']);
  assert.equal(opaqueTag('W/"7"'), '"7"');
  assert.equal(opaqueTag('"7"'), '"7"');
  for (const bad of [
    '',
    ' ',
    ',',
    '7',
    'w/"7"',
    '"7',
    '"7" "8"',
    '*, "7"',
    '"a b"',
    '"7"x',
    Array(60).fill('"7"').join(),
  ]) {
    assert.equal(entityTags(bad), undefined, bad);
  }
});
