import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordsOf } from './words.ts';

const texts: readonly (readonly [text: string, words: readonly string[]])[] = [
  ['', []],
  [' \t -- ', []],
  ['Adele Vance', ['adele', 'vance']],
  ['hello  hello', ['hello']],
  ['HelloWorld', ['hello', 'world']],
  ['helloWORLD', ['hello', 'world']],
  ['HELLOworld', ['helloworld']],
  ['hello.world', ['hello', 'world', 'helloworld']],
  ['hello123world', ['hello', '123', 'world']],
  ["O'Neil-Smith Jr.", ['o', 'neil', 'smith', 'oneilsmith', 'jr']],
  ['李四(David Li)', ['李四', 'david', '李四david', 'li']],
  ['Ǆaba E\u0301cole', ['ǆaba', 'école']],
];

for (const [text, words] of texts) {
  test(`words: ${JSON.stringify(text)} is ${words.length === 0 ? 'none' : words.join(', ')}`, () => {
    assert.deepEqual(wordsOf(text), words);
  });
}

test('words: a text has at most 32 of at most 64 letters, however long it is', () => {
  const many = wordsOf(Array.from({ length: 99 }, (_, n) => `w${'x'.repeat(n)}`).join(' '));
  assert.equal(many.length, 32);
  assert.equal(wordsOf('🙂x'.repeat(40))[0], 'x');
  assert.equal(wordsOf('𝒳'.repeat(99))[0], '𝒳'.repeat(64));
  assert.ok(wordsOf('A'.repeat(32_768))[0] === 'a'.repeat(64));
});
