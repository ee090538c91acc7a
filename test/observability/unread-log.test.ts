import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

const root = new URL('../../', import.meta.url);

/** Bytes that the kernel and the server keep for a reader, together, and some. */
const plenty = 3_000_000;

/** Writes lines for as long as nobody reads them, then says how it is, and ends when it is told to. */
const program = `
  import { createLog } from './src/cli/logger.ts';
  const log = await createLog('info');
  let written = 0;
  while (written < ${plenty}) {
    for (let line = 0; line < 1000; line += 1) {
      log({ kind: 'http.answered', method: 'GET', route: '/x', status: 200, milliseconds: 1, correlationId: 'c' });
      written += 150;
    }
    await new Promise(setImmediate);
  }
  process.stdout.write('written ' + Math.round(process.memoryUsage().rss / 1e6) + '\\n');
  process.stdin.once('data', () => {
    log({ kind: 'warning', message: 'the last line' });
    process.stdin.destroy();
  });
`;

const fewLines = `
  import { createLog } from './src/cli/logger.ts';
  const log = await createLog('info');
  for (let line = 0; line < 10; line += 1) log({ kind: 'warning', message: 'something' });
  process.stdout.write('still here');
`;

test('a log that nobody reads stops nothing, takes a bounded amount of memory, and says afterwards what was lost', async (t) => {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [said] = await Promise.race([
    once(child.stdout, 'data'),
    wait(20_000, undefined, { ref: false }).then(() => assert.fail('it waits for a reader')),
  ]);
  assert.match(String(said), /^written \d+/);
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    const isKnown = log.includes('were dropped');
    log += chunk.toString();
    // Once only: it reads no further.
    if (!isKnown && log.includes('were dropped')) child.stdin.write('end\n');
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 0);
  const lines = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const dropped = lines.find(({ message }) => /lines of the log were dropped/.test(message ?? ''));
  const lost = Number.parseInt(dropped.message, 10);
  assert.ok(lost > 1_000 && log.length < 2_000_000, `${lost} lost, ${log.length} kept`);
  assert.equal(lines.filter(({ kind }) => kind === 'http.answered').length + lost, plenty / 150);
  assert.equal(lines.at(-1).message, 'the last line');
});

test('a log whose reader has gone stops nothing either', async (t) => {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  child.stderr.destroy();
  await once(child.stdout, 'data');
  child.stdin.write('end\n');
  assert.equal((await once(child, 'close'))[0], 0);
});

test('a log on a device without room stops nothing either', { skip: !existsSync('/dev/full') }, async (t) => {
  const full = openSync('/dev/full', 'w');
  t.after(() => closeSync(full));
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', fewLines], {
    cwd: root,
    stdio: ['ignore', 'pipe', full],
  });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  assert.equal((await once(child, 'close'))[0], 0);
  assert.equal(said, 'still here');
});
