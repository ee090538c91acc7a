/** The list of guards is of code that stands there, and a few of them are really taken out; `npm run test:guards` takes out all. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { withoutGuard } from './guard-run.ts';
import { titleOf } from './guards/guard.ts';
import { guards } from './guards.ts';

const root = new URL('../../', import.meta.url).pathname;
const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8');

test('every guard stands in its file once, is something else when it is gone, and has its test', () => {
  assert.ok(guards.length >= 60, `${guards.length} guards`);
  for (const guard of guards) {
    const source = read(guard.file);
    assert.notEqual(withoutGuard(guard, source), source, titleOf(guard));
    const tests = read(guard.test).replaceAll("\\'", "'");
    assert.ok(guard.named === undefined || tests.includes(guard.named), `${guard.test}: ${guard.named}`);
  }
});

test('code that is not there, or twice, is told and not passed over', () => {
  const [guard = assert.fail()] = guards;
  assert.throws(() => withoutGuard(guard, ''), /stands 0 times/);
  assert.throws(() => withoutGuard(guard, guard.code + guard.code), /stands 2 times/);
});

async function runGuards(words: readonly string[]) {
  // A test runner that finds this variable believes to be inside of another one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ['test/security/run-guards.ts', ...words], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { output, status: child.exitCode };
}

test('a few guards, taken out, are missed by their tests', { timeout: 120_000 }, async () => {
  const sample = guards.filter(({ file }) => /redirect-uris\.ts$|away\.ts$/.test(file));
  assert.ok(sample.length >= 4);
  const { output, status } = await runGuards(['redirect-uris.ts', 'away.ts']);
  assert.equal(status, 0, output);
  assert.match(output, new RegExp(`${sample.length} guards: ${sample.length} are missed by a test, 0 are not`));
});

test('a run that tries nothing fails', async () => {
  const { status, output } = await runGuards(['no such guard']);
  assert.equal(status, 1);
  assert.match(output, /^0 guards|\n0 guards/);
});
