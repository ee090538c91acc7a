import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../src/cli/index.ts';

const program = fileURLToPath(new URL('../bin/usher.mjs', import.meta.url));
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('USHER_')));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function usher(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Ended {
  const env = { ...environment, ...variables };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

/** The same in this process, for what is refused before anything begins. */
async function asked(args: readonly string[], variables: Readonly<Record<string, string>>): Promise<Ended> {
  const texts = { out: '', err: '' };
  const tell = (name: 'out' | 'err') => (more: string) => {
    texts[name] += more;
  };
  const code = await run(
    args,
    { out: tell('out'), err: tell('err'), interactive: false },
    { ...environment, ...variables },
  );
  return { code, ...texts };
}

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'usher-cli-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly caFile: string;
  /** Everything on standard output until the ready line. */
  readonly lines: readonly string[];
  readonly exited: Promise<unknown[]>;
}

async function start(context: TestContext, args: readonly string[], node: string = process.execPath): Promise<Started> {
  const child = spawn(node, [program, 'dev', '--port', '0', ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (/^ready |"event":"ready"/.test(line)) break;
  }
  const last = lines.at(-1) ?? '';
  const { url, caFile } = last.startsWith('{') ? JSON.parse(last) : { url: last.slice(6), caFile: '' };
  return { child, url, caFile, lines, exited };
}

async function statusOf(url: string, ca: string): Promise<number> {
  const [response] = await once(get(url, { ca, agent: false }), 'response');
  response.resume();
  return response.statusCode;
}

test('wrong use ends with 2, wrong configuration with 78, each in one sentence', async () => {
  const cases: readonly [readonly string[], Readonly<Record<string, string>>, number, RegExp][] = [
    [['dve'], {}, 2, /no command 'dve'.*Did you mean 'dev'/],
    [['dev', '--prot', '1'], {}, 2, /no flag '--prot'.*'--port'/],
    [['dev', '--port', 'x'], {}, 2, /'--port' must be a whole number/],
    [['dev', '--host', '0.0.0.0'], {}, 78, /loopback addresses only, not on '0\.0\.0\.0'/],
    [['dev', '--seed', '/nowhere.yaml'], {}, 78, /'\/nowhere\.yaml' cannot be read/],
    [['dev', '--data', '/dev/null/x'], {}, 78, /'\/dev\/null\/x' cannot be used/],
    [['dev', '--database', 'mysql://u:hunter2@h/d'], {}, 78, /No storage engine for 'mysql:\/\/u:\*{6}@h\/d'/],
    [
      ['dev', '--database', 'postgres://u:hunter2@127.0.0.1:1/d'],
      {},
      69,
      /postgres:\/\/u:\*{6}@127.*nothing listens at 127\.0\.0\.1:1/,
    ],
    [['dev', '--database', 'postgres://u:hunter2@h/d?ssl=no'], {}, 78, /u:\*{6}@h.*no parameter 'ssl'/],
    [['version'], { USHER_PROT: '1' }, 78, /no setting 'USHER_PROT'/],
    [['config'], {}, 2, /Say 'print'/],
    [['dev', 'extra'], {}, 2, /'usher dev' does not take 'extra'\. 'usher help dev'/],
    [['doctor', 'extra'], {}, 2, /'usher doctor' does not take 'extra'/],
    [['trust', 'extra'], {}, 2, /'usher trust' does not take 'extra'/],
    [['version', 'extra'], {}, 2, /'usher version' does not take 'extra'/],
    [['help', 'dev', 'extra'], {}, 2, /'usher help' does not take 'extra'/],
    [['tenant', 'rename'], {}, 2, /no 'tenant rename'/],
    [['help', 'dve'], {}, 2, /no command 'dve'/],
  ];
  assert.equal(usher(['dve']).code, 2);
  for (const [args, variables, code, message] of cases) {
    const ended = code === 2 ? await asked(args, variables) : usher(args, variables);
    assert.equal(ended.code, code, `${args.join(' ')}: ${ended.err}`);
    assert.match(ended.err, message);
    assert.equal(ended.err.trimEnd().split('\n').length, 1, ended.err);
    assert.equal(ended.out, '');
    assert.ok(!ended.err.includes('hunter2'));
  }
});

test('help names every command and every flag of one; version tells both versions', () => {
  assert.match(usher([]).out, /^ {2}dev .*\n {2}serve .*\n {2}migrate /m);
  const { out: help } = usher(['help']);
  for (const code of [0, 1, 2, 3, 69, 78]) assert.match(help, new RegExp(`^ {2}${code} +\\w`, 'm'));
  const { out, code } = usher(['dev', '--help']);
  assert.equal(code, 0);
  for (const word of ['usher dev', '--public-url', 'USHER_ENCRYPTION_KEY_FILE', 'Default: 8443.'])
    assert.ok(out.includes(word), word);
  const versions = JSON.parse(usher(['version', '--json']).out);
  assert.match(`${versions.usher} ${versions.node}`, /^\d+\.\d+\.\d+ 24\./);
});

test('config print shows where each value comes from and masks secrets', () => {
  const key = 'ab'.repeat(32);
  const variables = { USHER_PORT: '9000', USHER_ENCRYPTION_KEY: key };
  const { out } = usher(['config', 'print', '--memory'], variables);
  assert.match(out, /^port +9000 +env$/m);
  assert.match(out, /^memory +true +flag$/m);
  assert.match(out, /^host +127\.0\.0\.1 +default$/m);
  assert.match(out, /^encryption-key +\*{6} +env$/m);
  const json = usher(['config', 'print', '--json'], variables);
  assert.deepEqual(JSON.parse(json.out).encryptionKey, { value: '******', origin: 'env' });
  assert.equal(`${out}${json.out}`.includes(key), false);
});

test('dev answers when it says ready, keeps its folder private, and ends with 0 on a signal', async (context) => {
  const data = folderFor(context);
  const { child, url, lines, exited } = await start(context, ['--data', data]);
  assert.equal(lines.at(-1), `ready ${url}`);
  assert.equal(lines.filter((line) => line.startsWith('ready')).length, 1);
  const text = lines.join('\n');
  for (const word of [
    `${url}/try/`,
    `${url}/dev/outbox/`,
    'adele@contoso.example',
    'Usher-dev-1',
    join(data, 'tls/ca.pem'),
  ])
    assert.ok(text.includes(word), word);
  assert.equal(text.includes('\u001b'), false, 'no colours where nobody reads');
  const ca = readFileSync(join(data, 'tls/ca.pem'), 'utf8');
  assert.equal(await statusOf(`${url}/try/`, ca), 200);
  assert.equal(statSync(join(data, 'secret.key')).mode & 0o777, 0o600);
  child.kill('SIGINT');
  assert.deepEqual(await exited, [0, null]);
});

test('dev keeps its key and certificate from start to start', async (context) => {
  const data = folderFor(context);
  const read = () =>
    ['secret.key', 'tls/ca.pem', 'tls/server.pem'].map((name) => readFileSync(join(data, name), 'utf8'));
  const first = await start(context, ['--data', data, '--json']);
  const kept = read();
  first.child.kill('SIGTERM');
  await first.exited;
  const second = await start(context, ['--data', data, '--json']);
  assert.deepEqual(read(), kept);
  assert.equal(second.caFile, join(data, 'tls/ca.pem'));
  second.child.kill('SIGTERM');
  assert.deepEqual(await second.exited, [0, null]);
});

test('a key that is not the one the secrets were stored with is told at the start, and by doctor', async (context) => {
  const data = folderFor(context);
  const { child, url, caFile, exited } = await start(context, ['--data', data, '--json']);
  const keys = `${url}/contoso.onmicrosoft.com/B2C_1_susi/discovery/v2.0/keys`;
  assert.equal(await statusOf(keys, readFileSync(caFile, 'utf8')), 200);
  child.kill('SIGTERM');
  await exited;
  const doctor = (): Ended => usher(['doctor', '--data', data, '--port', '0']);
  assert.match(doctor().out, /^ok +secrets /m);
  writeFileSync(join(data, 'secret.key'), Buffer.alloc(32, 7).toString('base64'));
  const ended = usher(['dev', '--data', data, '--port', '0']);
  assert.deepEqual([ended.code, ended.out], [78, '']);
  assert.match(
    ended.err,
    /^usher: '.*secret\.key' is not the key .* put that key back, or use another folder[^\n]+\n$/,
  );
  assert.equal(doctor().code, 1);
  assert.match(doctor().out, /^FAIL secrets .*secret\.key/m);
});

test('a key that others could read is closed, and told', (context) => {
  const data = folderFor(context);
  const path = join(data, 'secret.key');
  writeFileSync(path, Buffer.alloc(32, 7).toString('base64'), { mode: 0o600 });
  chmodSync(path, 0o644);
  // A taken name keeps the server from starting, so that this ends by itself.
  writeFileSync(join(data, 'tls'), '');
  const ended = usher(['dev', '--data', data, '--port', '0']);
  assert.equal(ended.code, 78);
  assert.match(ended.err, /^usher: '.*secret\.key' could be read by others[^\n]+\nusher: The folder [^\n]+\n$/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a file where the data folder belongs is told with its cure, by doctor too', (context) => {
  const file = join(folderFor(context), 'file');
  writeFileSync(file, '');
  const ended = usher(['dev', '--data', file]);
  assert.equal(ended.code, 78);
  assert.match(ended.err, /cannot be used: it is a file, not a folder; use another folder with --data\.\n$/);
  for (const data of [file, join(file, 'below')]) {
    const { code, out } = usher(['doctor', '--data', data, '--port', '0']);
    assert.equal(code, 1);
    assert.match(out, /FAIL data .*is no folder/);
    assert.doesNotMatch(out, /Restore a copy/);
  }
});

test('in memory mode nothing is left behind', async (context) => {
  const { child, caFile, exited } = await start(context, ['--memory', '--json']);
  assert.ok(existsSync(caFile));
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  assert.equal(existsSync(join(caFile, '../..')), false);
});

test('a port in use, and a database in use, are told in one sentence', async (context) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = String(typeof address === 'object' ? address?.port : 0);
  const ended = usher(['dev', '--memory', '--port', port]);
  taken.close();
  assert.deepEqual([ended.code, ended.out], [1, '']);
  assert.match(ended.err, new RegExp(`^usher: Port ${port} of 127\\.0\\.0\\.1 is in use: [^\\n]+\\n$`));
  const data = folderFor(context);
  await start(context, ['--data', data, '--json']);
  const second = usher(['tenant', 'create', 'other.example.com', '--data', data]);
  assert.equal(second.code, 78);
  assert.match(
    second.err,
    /another process has it open.* Stop it, or use another file with --data or --database, or --memory\.\n$/,
  );
  assert.equal(usher(['tenant', 'create', '--data', data]).code, 2, 'usage is told before the database is touched');
});

test('a public URL is answered for, and printed first', async (context) => {
  const data = folderFor(context);
  const { url, caFile } = await start(context, [
    '--data',
    data,
    '--json',
    '--public-url',
    'https://login.contoso.example',
  ]);
  assert.equal(url, 'https://login.contoso.example');
  assert.ok(existsSync(caFile));
});

test('tenants are created, listed and deleted', (context) => {
  const data = folderFor(context);
  const id = '0F5D2B2E-0c65-4e7f-8325-4da6a181ca8b';
  const run = (...args: readonly string[]): Ended => usher(['tenant', ...args, '--data', data]);
  const created = JSON.parse(
    run('create', 'Fabrikam.example', 'fabrikam.onmicrosoft.com', '--id', id, '--name', 'Fabrikam', '--json').out,
  );
  assert.deepEqual(
    [created.id, created.displayName, created.domains],
    [id.toLowerCase(), 'Fabrikam', ['fabrikam.example', 'fabrikam.onmicrosoft.com']],
  );
  assert.equal(run('create', 'fabrikam.example').code, 1);
  assert.equal(run('create').code, 2);
  assert.equal(run('create', 'no domain').code, 2);
  assert.equal(run('create', 'x.example', '--id', '1').code, 2);
  assert.match(run('list').out, /fabrikam\.example, fabrikam\.onmicrosoft\.com {2}Fabrikam/);
  assert.equal(JSON.parse(run('list', '--json').out).length, 1);
  assert.equal(run('delete', 'nobody.example').code, 1);
  assert.equal(run('delete', 'FABRIKAM.example').code, 0);
  assert.deepEqual(run('list'), { code: 0, out: '', err: `no tenants in sqlite:${join(data, 'usher.db')}\n` });
});

test('a listing of a folder that is not there says so and makes none', (context) => {
  const typo = join(folderFor(context), 'typo');
  const run = (...args: readonly string[]): Ended => usher(['tenant', ...args, '--data', typo]);
  assert.deepEqual(run('list'), { code: 0, out: '', err: `no tenants in sqlite:${join(typo, 'usher.db')}\n` });
  assert.equal(run('list', '--json').out, '[]\n');
  assert.match(run('delete', 'x.example').err, /no tenant 'x\.example'/);
  assert.equal(run('create').code, 2);
  assert.equal(existsSync(typo), false);
});

test('doctor finds nothing to mend on a fresh folder, and says what is wrong with a bad one', (context) => {
  const data = folderFor(context);
  const findings = (): readonly { readonly level: string; readonly subject: string; readonly cure?: string }[] =>
    JSON.parse(usher(['doctor', '--data', data, '--port', '0', '--json']).out);
  assert.deepEqual(
    findings().filter(({ level }) => level === 'fail'),
    [],
  );
  writeFileSync(join(data, 'usher.db'), 'this is no database, and long enough to be seen as one '.repeat(20));
  writeFileSync(join(data, 'secret.key'), 'x');
  chmodSync(join(data, 'secret.key'), 0o644);
  assert.deepEqual(
    findings()
      .filter(({ level }) => level === 'fail')
      .map(({ subject }) => subject),
    ['key', 'database'],
  );
  const ended = usher(['doctor', '--data', data, '--port', '0']);
  assert.equal(ended.code, 1);
  assert.match(ended.out, /FAIL key .*\n +chmod 600 /);
});

test('damaged certificates and missing programs are told in plain words', (context) => {
  const data = folderFor(context);
  mkdirSync(join(data, 'tls'));
  for (const name of ['ca.pem', 'server.pem']) writeFileSync(join(data, 'tls', name), 'no certificate');
  const trust = usher(['trust', '--dry-run', '--data', data]);
  assert.deepEqual([trust.code, trust.out], [1, '']);
  assert.match(trust.err, /^usher: The certificate at '[^\n]+' cannot be read: [^\n]+\n$/);
  const findings = JSON.parse(
    usher(['doctor', '--data', data, '--port', '0', '--json'], { PATH: data, CHROMIUM: '' }).out,
  );
  const warned = (findings as { level: string; subject: string }[]).filter(({ level }) => level === 'warn');
  assert.deepEqual(warned.map(({ subject }) => subject).sort(), ['browser', 'certificate', 'trust']);
});

test('trust shows what it would run and runs nothing with --dry-run', async (context) => {
  const data = folderFor(context);
  const none = usher(['trust', '--dry-run', '--data', data]);
  assert.deepEqual([none.code, none.out], [1, '']);
  assert.match(none.err, /start 'usher dev' once/);
  const { child, exited } = await start(context, ['--data', data, '--json']);
  child.kill('SIGTERM');
  await exited;
  const shown = usher(['trust', '--dry-run', '--data', data]);
  if (shown.code === 0) assert.match(shown.out, /ca\.pem/);
  else assert.match(shown.err, /No store of trusted certificates/);
});

/** A Node.js on this machine that is too old to run the sources, if there is one. */
function oldNode(): string | undefined {
  return ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
    if (!existsSync(path)) return false;
    const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout;
    return Number(/^v(\d+)/.exec(version)?.[1] ?? 99) < 24;
  });
}

const old = oldNode();

test('an older Node.js hands over to the bundled one, with signals and exit code', {
  skip: old === undefined,
}, async (context) => {
  const node = old ?? '';
  const told = spawnSync(node, [program, 'version', '--json'], { env: environment, encoding: 'utf8' });
  assert.match(JSON.parse(told.stdout).node, /^24\./);
  assert.equal(spawnSync(node, [program, 'dve'], { env: environment }).status, 2);
  const { child, exited, caFile } = await start(context, ['--memory', '--json'], node);
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  assert.equal(existsSync(caFile), false, 'the server itself ended too');
});
