import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { resolveConfig } from './config.ts';
import { optionNames, optionOf, variableOf } from './options.ts';

const key = '0123456789abcdef'.repeat(4);

test('a flag counts more than the environment, and that more than the default', () => {
  const environment = { USHER_PORT: '9000', USHER_BODY_LIMIT: '70000' };
  const { config, origins } = resolveConfig('dev', ['--port', '9001', '--memory'], environment);
  assert.deepEqual([config.port, origins.port], [9001, 'flag']);
  assert.deepEqual([config.bodyLimit, origins.bodyLimit], [70_000, 'env']);
  assert.deepEqual([config.host, origins.host], ['127.0.0.1', 'default']);
  assert.equal(config.memory, true);
});

test('a flag takes its value after a space or an equals sign, and what is no flag stays in order', () => {
  const { config, positionals } = resolveConfig('tenant', ['create', '--name=A=B', 'x.example', '--', '--id'], {});
  assert.equal(config.name, 'A=B');
  assert.deepEqual(positionals, ['create', 'x.example', '--id']);
});

test('repeatable settings collect: flags one by one, the variable separated by commas', () => {
  assert.deepEqual(resolveConfig('dev', ['--seed', 'a.yaml', '--seed', 'b.json'], {}).config.seed, [
    'a.yaml',
    'b.json',
  ]);
  assert.deepEqual(resolveConfig('dev', [], { USHER_SEED: 'a.yaml, b.json' }).config.seed, ['a.yaml', 'b.json']);
});

test('an unknown flag is refused with the nearest known one', () => {
  assert.throws(() => resolveConfig('dev', ['--prot', '1'], {}), {
    code: 'config.unknownFlag',
    message: "There is no flag '--prot'. Did you mean '--port'?",
  });
  assert.throws(() => resolveConfig('dev', ['--dry-run'], {}), {
    message: "There is no flag '--dry-run' of 'usher dev'.",
  });
  assert.throws(() => resolveConfig('dev', ['-x'], {}), { code: 'config.unknownFlag' });
});

test('an unknown variable is refused, but not those of exec', () => {
  assert.throws(() => resolveConfig('dev', [], { USHER_PROT: '1' }), {
    code: 'config.unknownVariable',
    message: "There is no setting 'USHER_PROT'. Did you mean 'USHER_PORT'?",
  });
  const exec = { USHER_URL: 'x', USHER_CA_FILE: 'x', USHER_OUTBOX_URL: 'x', USHER_TENANT_ID: 'x', OTHER: 'x' };
  assert.equal(resolveConfig('dev', [], exec).config.port, 8443);
  assert.throws(() => resolveConfig('dev', [], { USHER_PORT_FILE: '/x' }), { code: 'config.unknownVariable' });
});

test('values that cannot be meant are refused', () => {
  for (const [flag, value] of [
    ['--port', '65536'],
    ['--port', '80a'],
    ['--port', '-1'],
    ['--log-level', 'loud'],
    ['--public-url', 'http://login.example'],
    ['--public-url', 'https://login.example/path'],
    ['--hash-memory', '1024'],
    ['--encryption-key', 'short'],
  ] as const) {
    assert.throws(() => resolveConfig('dev', [flag, value], {}), { code: 'config.badFlag' }, `${flag} ${value}`);
  }
  for (const argv of [['--port'], ['--port', '--memory'], ['--data=']]) {
    assert.throws(() => resolveConfig('dev', argv, {}), { code: 'config.missingValue' });
  }
  assert.throws(() => resolveConfig('dev', ['--memory=perhaps'], {}), { code: 'config.unexpectedValue' });
  assert.throws(() => resolveConfig('dev', ['--port', '1', '--port', '2'], {}), { code: 'config.repeatedFlag' });
  assert.throws(() => resolveConfig('dev', ['--memory', '--database', 'sqlite:x'], {}), { code: 'config.conflict' });
  assert.throws(() => resolveConfig('dev', [], { USHER_PORT: 'x' }), { code: 'config.badVariable' });
});

test('an empty variable is none, and a variable of another command is left alone', () => {
  assert.deepEqual(resolveConfig('dev', [], { USHER_PORT: '' }).origins.port, 'default');
  assert.equal(resolveConfig('version', [], { USHER_PORT: 'x' }).config.port, 8443);
});

test('a secret is read from a file, and never shown', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'key');
  writeFileSync(path, `${key}\n`);
  const { config, origins } = resolveConfig('dev', [], { USHER_ENCRYPTION_KEY_FILE: path });
  assert.deepEqual([config.encryptionKey?.toString('hex'), origins.encryptionKey], [key, 'file']);
  const both = { USHER_ENCRYPTION_KEY_FILE: path, USHER_ENCRYPTION_KEY: key };
  assert.throws(() => resolveConfig('dev', [], both), { code: 'config.bothVariables' });
  assert.throws(() => resolveConfig('dev', [], { USHER_ENCRYPTION_KEY_FILE: `${path}x` }), {
    code: 'config.unreadableFile',
  });
  assert.throws(
    () => resolveConfig('dev', [], { USHER_ENCRYPTION_KEY: 'hunter2' }),
    (error: Error) => {
      return !error.message.includes('hunter2') && error.message.includes('******');
    },
  );
});

test('every default is a value the option itself accepts, and every option says what it is', () => {
  for (const name of optionNames) {
    const option = optionOf(name);
    assert.match(option.sentence, /\.$/, name);
    assert.ok(option.commands.length > 0, name);
    assert.match(variableOf(name), /^USHER_[A-Z_]+$/);
    if (option.repeatable || option.default === undefined) continue;
    assert.deepEqual(option.read(String(option.default)), option.default, name);
  }
});
