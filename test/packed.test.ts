import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seeded } from './support/usher.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The environment of a person outside of the checkout: npm's own variables and the checkout's programs are gone. */
const outside = Object.fromEntries(
  Object.entries({
    ...process.env,
    PATH: (process.env['PATH'] ?? '')
      .split(delimiter)
      .filter((folder) => !folder.startsWith(root) && !folder.includes('node_modules'))
      .join(delimiter),
  }).filter(([name]) => !/^(npm_|NODE_|USHER_)/i.test(name) || name.startsWith('npm_config_registry')),
);

function npm(folder: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, env: outside, encoding: 'utf8' });
  assert.equal(status, 0, `npm ${args.join(' ')}: ${stderr}`);
  return stdout;
}

async function discovery(url: string, ca: string): Promise<{ readonly issuer: string }> {
  const path = `/${seeded.tenant}/${seeded.flow}/v2.0/.well-known/openid-configuration`;
  const [response] = await once(get(`${url}${path}`, { ca, agent: false }), 'response');
  assert.equal(response.statusCode, 200);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

test('the packed package, installed in an empty folder, starts and answers over TLS', {
  timeout: 170_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-packed-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // The build that `npm pack` runs first prints a line of its own.
  const printed = npm(root, 'pack', '--silent', '--json', '--pack-destination', folder);
  const [{ filename, files }] = JSON.parse(printed.slice(printed.search(/^\[/m)));
  const packed = (files as readonly { readonly path: string }[]).map(({ path }) => path);
  assert.deepEqual(
    packed.filter((path) => /\.ts$|\.test\.|^(src|test|data)\//.test(path)),
    [],
  );

  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`);
  assert.equal(existsSync(join(folder, 'node_modules/usher/src')), false);

  const program = join(folder, 'node_modules/.bin/usher');
  const child = spawn(program, ['dev', '--memory', '--port', '0', '--json'], {
    cwd: folder,
    env: outside,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { event, url, caFile } = JSON.parse(line);
  assert.equal(event, 'ready');
  const { issuer } = await discovery(url, readFileSync(caFile, 'utf8'));
  assert.equal(issuer, `${url}/${seeded.tenantId}/v2.0/`);
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  assert.equal(existsSync(caFile), false, 'the temporary folder is removed');
});
