import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { seeded, startUsher, temporaryFolder, type Usher } from './support/usher.ts';

const root = new URL('../', import.meta.url);
const data = temporaryFolder();
let usher: Usher;
before(async () => {
  usher = await startUsher({ data, args: ['--log-level', 'error'] });
  await usher.graphToken();
});
after(() => usher?.stop());

/** A command on the SQLite file that a server has open. */
async function run(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const given = ['bin/usher.mjs', ...words, '--data', data];
  const child = spawn(process.execPath, given, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: Number(code), out, err };
}

test('commands that only look work beside the server of a SQLite file, and see what it has just written', async () => {
  const made = await usher.graph('POST', '/beta/identity/apiConnectors', {
    displayName: 'Just made',
    targetUrl: 'https://api.example.com/check',
    authenticationConfiguration: {
      '@odata.type': '#microsoft.graph.basicAuthentication',
      username: 'usher',
      password: 'a long word',
    },
  });
  assert.equal(made.status, 201);
  const looks: readonly (readonly [told: string, ...words: string[]])[] = [
    [seeded.flow, 'flow', 'list'],
    ['password', 'flow', 'explain', seeded.flow],
    ['Just made', 'connector', 'list'],
    ['RS256', 'keys', 'list'],
    [seeded.tenantId, 'tenant', 'list'],
  ];
  for (const [told, ...words] of looks) {
    const { code, out, err } = await run(...words);
    assert.equal(code, 0, `${words}: ${err}`);
    assert.ok(out.includes(told), `${words}: ${out}`);
  }
});

test('commands that write say who has the file and what to do, and the server goes on', async () => {
  for (const words of [
    ['tenant', 'create', 'other.example.com'],
    ['keys', 'rotate'],
    ['flow', 'run', seeded.flow],
  ]) {
    const { code, err } = await run(...words);
    assert.notEqual(code, 0, `${words}`);
    assert.match(err, /another process has it open.*Stop it/, `${words}`);
  }
  assert.equal((await usher.graph('POST', '/v1.0/applications', { displayName: 'after' })).status, 201);
});
