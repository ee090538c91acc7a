/** The list of what OWASP ASVS 5.0 asks for is whole, and the tests that it names exist. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url).pathname;
const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8');

interface Row {
  readonly number: string;
  readonly level: number;
  readonly held: string;
}

const rows: readonly Row[] = [
  ...read('docs/asvs.md').matchAll(/^\| (\d+\.\d+\.\d+) \| ([123]) \| [^|]+ \| ([^|]+) \|$/gm),
].map(([, number = '', level = '', held = '']) => ({ number, level: Number(level), held }));

/** Requirements of each section, and of each level of a chapter, in version 5.0. */
const sections: Readonly<Record<string, number>> = {
  ...{ '6.1': 3, '6.2': 12, '6.3': 8, '6.4': 6, '6.5': 8, '6.6': 4, '6.7': 2, '6.8': 4 },
  ...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 3, '7.6': 2 },
  ...{ '9.1': 3, '9.2': 4 },
  ...{ '10.1': 2, '10.2': 3, '10.3': 5, '10.4': 16, '10.5': 5, '10.6': 2, '10.7': 3 },
};
const levels: Readonly<Record<string, readonly number[]>> = {
  '6': [13, 22, 12],
  '7': [6, 12, 1],
  '9': [4, 3, 0],
  '10': [5, 24, 7],
};

test('every requirement of the four chapters is answered once, at its level', () => {
  const expected = Object.entries(sections).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
  );
  assert.deepEqual(
    rows.map(({ number }) => number),
    expected,
  );
  for (const [chapter, counts] of Object.entries(levels)) {
    const own = rows.filter(({ number }) => number.startsWith(`${chapter}.`));
    assert.deepEqual(
      [1, 2, 3].map((level) => own.filter((row) => row.level === level).length),
      counts,
      `V${chapter}`,
    );
  }
});

test('each is held by a test that exists, or says why by none', () => {
  let named = 0;
  for (const { number, held } of rows) {
    const proofs = [...held.matchAll(/`((?:src|test)\/[\w./-]+\.test\.ts)`(?:: “([^”]+)”)?/g)];
    named += proofs.length;
    for (const [, file = '', name = ''] of proofs)
      assert.ok(read(file).replaceAll("\\'", "'").includes(name), `${number}: ${file}: ${name}`);
    for (const [document] of held.matchAll(/\b(?:docs|src)\/[\w/-]+\.(?:md|ts)\b/g))
      assert.ok(existsSync(`${root}${document}`) || document.endsWith('.test.ts'), `${number}: ${document}`);
    if (proofs.length === 0)
      assert.match(held, /^(?:Not met|Does not apply|Of the operator|There is no such step): ?.{15}/, number);
  }
  assert.ok(named >= 100, `${named} tests`);
});
