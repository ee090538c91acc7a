import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../run.ts';

async function usher(...argv: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  const code = await run(argv, { ...terminal, interactive: false }, {});
  return { out: out.join(''), err: err.join(''), code };
}

test('the description of a version is printed as JSON and nothing else, that of beta unless told otherwise', async () => {
  for (const [argv, version] of [
    [['openapi'], 'beta'],
    [['openapi', 'v1.0'], 'v1.0'],
  ] as const) {
    const { out, err, code } = await usher(...argv);
    assert.deepEqual([code, err], [0, '']);
    assert.equal(JSON.parse(out).info.version, version);
  }
});

test('a version that is not there is told in one sentence', async () => {
  const { out, err, code } = await usher('openapi', 'v3');
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /no version 'v3'.*usher help openapi/);
});
