import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../src/cli/index.ts';
import { certificateFor } from './support/certificate.ts';
import { writeCertificate } from './support/serve.ts';
import { temporaryFolder } from './support/usher.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const database = `sqlite:${file('usher.db')}`;
const key = randomBytes(32).toString('hex');
const origin = 'https://login.contoso.example';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function usher(argv: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  const code = await run(argv, { ...terminal, interactive: false }, variables);
  return { code, out: out.join(''), err: err.join('') };
}

/** In a process of its own, for what gets further than reading its settings. */
function usherProcess(...argv: readonly string[]): Ended {
  const program = fileURLToPath(new URL('../bin/usher.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], { encoding: 'utf8' });
  return { code: status ?? -1, out: stdout, err: stderr };
}

before(() => writeCertificate(folder));

/** The flags of a server that would start, but for the database. */
const sound: Readonly<Record<string, string>> = {
  '--database': database,
  '--encryption-key': key,
  '--public-url': origin,
  '--tls-cert': file('server.pem'),
  '--tls-key': file('server-key.pem'),
  '--port': '0',
  '--log-level': 'silent',
};

/** With other values; a flag without one is left out. */
const flags = (changes: Readonly<Record<string, string | undefined>> = {}): readonly string[] =>
  Object.entries({ ...sound, ...changes }).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));

test('what would be unsafe is refused with 78 and one sentence that says what to set', async () => {
  const cases: readonly [Parameters<typeof flags>[0], readonly string[], RegExp][] = [
    [{ '--database': undefined }, [], /needs a database\. Set --database/],
    [{ '--database': 'memory:' }, [], /kept in memory is lost/],
    [{}, ['--memory'], /kept in memory is lost|exclude each other/],
    [{ '--public-url': undefined }, [], /under which address.*Set --public-url/],
    [{ '--encryption-key': undefined }, [], /openssl rand -hex 32.*USHER_ENCRYPTION_KEY_FILE/],
    [{ '--provider-origin': 'Google=http://localhost:9000' }, [], /--provider-origin lets another server stand in/],
    [{ '--tls-cert': undefined }, [], /needs a certificate\. Set --tls-cert and --tls-key, or --behind-proxy/],
    [{ '--tls-key': undefined }, [], /needs a certificate/],
    [{}, ['--behind-proxy'], /Take away --behind-proxy, or --tls-cert and --tls-key/],
    [{ '--tls-cert': undefined, '--tls-key': undefined }, ['--behind-proxy'], /Set --trusted-proxy/],
    [{ '--workers': '2' }, [], /one process writes a SQLite file/],
    [{ '--port': '65535' }, [], /Set --management-port/],
    [{ '--port': '9443', '--management-port': '9443' }, [], /a port of its own/],
  ];
  for (const [changes, more, sentence] of cases) {
    const { code, out, err } = await usher(['serve', ...flags(changes), ...more]);
    const expected = more.includes('--memory') ? 2 : 78;
    assert.equal(code, expected, `${JSON.stringify(changes)} ${more}: ${err}`);
    assert.match(err, sentence);
    assert.equal(err.trimEnd().split('\n').length, 1, err);
    assert.equal(out, '');
    assert.ok(!err.includes(key));
  }
});

test('variables are refused like flags', async () => {
  const provider = { USHER_PROVIDER_ORIGIN: 'Google=http://localhost:9000' };
  assert.equal((await usher(['serve', ...flags()], provider)).code, 78);
  for (const kept of [{ USHER_MEMORY: 'true' }, { USHER_DATABASE: 'memory:' }]) {
    const { code, err } = await usher(['serve', ...flags({ '--database': undefined })], kept);
    assert.equal(code, 78);
    assert.match(err, /kept in memory is lost/);
  }
});

test('wrong values of the settings are told as usage', async () => {
  for (const [flag, value] of [
    ['--trusted-proxy', 'everybody'],
    ['--trusted-proxy', '10.0.0.0/33'],
    ['--trusted-proxy', '10.0.0.1:80'],
    ['--proxy-hops', '0'],
    ['--workers', '0'],
    ['--drain-delay', '-1'],
    ['--management-port', '65536'],
    ['--public-url', 'http://login.contoso.example'],
    ['--no-default-seed', undefined],
  ] as const) {
    const { code, err } = await usher(['serve', ...flags({ [flag]: undefined }), flag, ...(value ? [value] : [])]);
    assert.equal(code, 2, `${flag} ${value}: ${err}`);
  }
});

test('a certificate that cannot be used is told with its path', () => {
  const other = certificateFor('localhost');
  writeFileSync(file('other-key.pem'), other.key);
  writeFileSync(file('no.pem'), 'no certificate');
  for (const [changes, sentence] of [
    [{ '--tls-cert': file('missing.pem') }, /missing\.pem' cannot be used: ENOENT/],
    [{ '--tls-cert': file('no.pem') }, /no\.pem' cannot be used/],
    [{ '--tls-key': file('no.pem') }, /no\.pem' cannot be used/],
    [
      { '--tls-key': file('other-key.pem') },
      /server\.pem' cannot be used: the key in '.*other-key\.pem' belongs to another/,
    ],
  ] as const) {
    const { code, err } = usherProcess('serve', ...flags(changes));
    assert.equal(code, 78, err);
    assert.match(err, sentence);
    assert.equal(err.trimEnd().split('\n').length, 1, err);
  }
});

test('tables are made by migrate alone, and never by serve', () => {
  const status = () => usherProcess('migrate', 'status', '--database', database);
  assert.equal(status().code, 3);
  const refused = usherProcess('serve', ...flags());
  assert.equal(refused.code, 78, refused.err);
  assert.match(refused.err, /it has no tables yet\. Run 'usher migrate up'/);
  assert.equal(existsSync(file('usher.db')), false, 'nothing was made');
  const up = usherProcess('migrate', 'up', '--database', database, '--json');
  assert.deepEqual([up.code, JSON.parse(up.out)], [0, { database, state: 'current', changed: true }]);
  const again = usherProcess('migrate', 'up', '--database', database, '--json');
  assert.deepEqual([again.code, JSON.parse(again.out)], [0, { database, state: 'current', changed: false }]);
  assert.equal(status().code, 0);
  assert.equal(usherProcess('migrate', 'down', '--database', database).code, 2);
});

test('doctor looks at the certificate of production, and config print knows its settings', async () => {
  const given = ['--data', folder, '--database', database, '--encryption-key', key];
  const pair = (certificate: string) => ['--tls-cert', file(certificate), '--tls-key', file('server-key.pem')];
  const found = (certificate: string): readonly Readonly<Record<string, string>>[] =>
    JSON.parse(usherProcess('doctor', '--json', '--port', '0', ...given, ...pair(certificate)).out);
  const levelOf = (findings: ReturnType<typeof found>, subject: string) =>
    findings.find((one) => one['subject'] === subject)?.['level'];
  // It is valid for an hour.
  assert.equal(levelOf(found('server.pem'), 'certificate'), 'warn');
  assert.equal(levelOf(found('missing.pem'), 'certificate'), 'fail');
  const { out } = await usher(['config', 'print', '--workers', '4'], { USHER_TRUSTED_PROXY: '10.0.0.0/8,192.0.2.1' });
  assert.match(out, /^workers +4 +flag$/m);
  assert.match(out, /^trusted-proxy +10\.0\.0\.0\/8,192\.0\.2\.1 +env$/m);
});
