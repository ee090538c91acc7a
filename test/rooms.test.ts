import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const root = new URL('../', import.meta.url).pathname;
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

function cruise(folder: string): Cruise {
  const args = [cruiser, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src'];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  assert.ok(stdout, stderr);
  return JSON.parse(stdout) as Cruise;
}

/** One violation each, and the rule that must name it. */
const planted: readonly [file: string, line: string, rule: string][] = [
  [
    'src/kernel/planted.ts',
    "import type { Store } from '../store/index.ts';\nexport type Planted = Store;",
    'room-kernel',
  ],
  ['src/model/planted.ts', "export const planted = () => import('../directory/index.ts');", 'room-model'],
  ['src/graph/planted.ts', "export { oidcFace } from '../oidc/index.ts';", 'room-graph'],
  ['src/directory/planted.ts', "export { fold } from '../model/query.ts';", 'front-door'],
  ['src/flows/planted.ts', "export { createFlows } from './index.ts';", 'own-door'],
  ['src/identity/planted.ts', "export { DatabaseSync } from 'node:sqlite';", 'drivers-stay-in-store'],
  [
    'src/flows/planted-saml.ts',
    "export { SAML } from '@node-saml/node-saml';",
    'federation-protocols-stay-in-federation',
  ],
  ['src/store/planted.ts', "export { conformance } from './testing/conformance.ts';", 'no-test-in-source'],
  ['src/http/planted.ts', "export { nothing } from './does-not-exist.ts';", 'resolvable'],
  ['src/connectors/planted.ts', "export * from './planted-too.ts';", 'no-cycles-in-a-room'],
];

test('the wall reads every source file, and of each kind of violation it catches the planted one and no other', (t) => {
  const copy = mkdtempSync(join(tmpdir(), 'usher-rooms-'));
  t.after(() => rmSync(copy, { recursive: true, force: true }));
  for (const file of ['src', 'package.json', 'tsconfig.json', 'rooms.mjs', '.dependency-cruiser.mjs']) {
    cpSync(join(root, file), join(copy, file), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
  for (const [file, line] of planted) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), `${line}\n`);
  }
  writeFileSync(join(copy, 'src/connectors/planted-too.ts'), "export * from './planted.ts';\n");
  const { modules, summary } = cruise(copy);
  const read = new Set(modules.map(({ source }) => source));
  const unread = globSync('src/**/*.ts', { cwd: copy }).filter((file) => !read.has(file));
  assert.deepEqual(unread, []);
  assert.ok(read.size > 100, `only ${read.size} modules were read`);

  const caught = summary.violations.map(({ from, rule }) => `${from} ${rule.name}`);
  for (const [file, , rule] of planted) {
    // A cycle is reported at one of its ends.
    const seen = caught.some((one) => one.startsWith(file.replace('.ts', '')) && one.endsWith(` ${rule}`));
    assert.ok(seen, `${file} passed ${rule}`);
  }
  // What tests import from outside of src/ is not in the copy.
  assert.deepEqual(
    caught.filter((one) => !/\/planted|\.test\.ts |\/testing\//.test(one)),
    [],
  );
});
