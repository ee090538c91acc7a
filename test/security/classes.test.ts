/** Every class of attack is held by tests that exist, and by code that a test misses when it is gone. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { attackClasses } from './classes.ts';
import { guards } from './guards.ts';

const root = new URL('../../', import.meta.url).pathname;
const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8').replaceAll("\\'", "'");

test('there are thirty-two classes, each with what happened, where, and the tests that hold it', () => {
  assert.deepEqual(
    attackClasses.map(({ number }) => number),
    Array.from({ length: 32 }, (_, index) => index + 1),
  );
  for (const { number, known, at, happened, heldBy } of attackClasses) {
    assert.ok(known.length > 0 && at !== '' && happened.endsWith('.') && heldBy.length > 0, `class ${number}`);
  }
});

test('every test that holds a class exists under its name', () => {
  const missing = attackClasses.flatMap(({ number, heldBy }) =>
    heldBy
      .filter(({ file, named }) => !read(file).includes(named))
      .map(({ file, named }) => `${number} ${file}: ${named}`),
  );
  assert.deepEqual(missing, []);
});

test('every class has a guard whose absence a test notices', () => {
  const guarded = new Set(guards.map(({ attack }) => attack));
  const without = attackClasses.filter(({ number }) => !guarded.has(number)).map(({ number }) => number);
  assert.deepEqual(without, []);
});

test('every file of this suite says first what it is about', () => {
  const files = globSync('test/security/*.test.ts', { cwd: root });
  assert.ok(files.length > 5);
  for (const file of files) assert.match(read(file), /^\/\*\* [A-Z]/, `${file} says first what it is about`);
});
