import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type TestDatabase, testDatabase } from './support/postgres.ts';

const program = fileURLToPath(new URL('../bin/usher.mjs', import.meta.url));
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('USHER_')));

describe('what an operator of PostgreSQL meets on the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-cli-'));
  let database: TestDatabase;
  let password: string;
  let shown: string;
  before(async () => {
    database = await testDatabase();
    password = new URL(database.url).password;
    shown = database.url.replace(password, '******');
  });
  after(async () => {
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  /** Runs a command on the database; whatever it prints, the password is not in it. */
  function usher(words: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const env = { ...environment, USHER_DATABASE: database.url, USHER_DATA: folder, ...variables };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { env, encoding: 'utf8' });
    for (const text of [stdout, stderr]) assert.ok(!text.includes(password), text);
    return { code: status, out: stdout, err: stderr };
  }

  async function start(context: TestContext) {
    const env = { ...environment, USHER_DATABASE: database.url, USHER_LOG_LEVEL: 'debug' };
    const flags = ['--port', '0', '--data', folder, '--no-default-seed'];
    const child = spawn(process.execPath, [program, 'dev', ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    context.after(() => child.kill('SIGKILL'));
    const printed: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      printed.push(line);
      if (/^ready /.test(line)) break;
    }
    return {
      printed,
      async stop() {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        assert.deepEqual(await ended, [0, null], printed.join('\n'));
      },
    };
  }

  test('doctor looks and changes nothing, a start fills the database, and then doctor finds it sound', async (context) => {
    const fresh = usher(['doctor']);
    assert.equal(fresh.code, 0, fresh.out);
    assert.ok(fresh.out.includes(`${shown} will be filled at the first start (PostgreSQL `), fresh.out);
    assert.deepEqual(await database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'usher'"), []);

    const { printed, stop } = await start(context);
    assert.ok(
      printed.some((line) => line.includes('Database') && line.endsWith(shown)),
      printed.join('\n'),
    );
    assert.ok(!printed.join('\n').includes(password));
    const beside = usher(['doctor', '--json']);
    await stop();
    const findings = JSON.parse(beside.out) as readonly { readonly subject: string; readonly words: string }[];
    const [first] = findings.filter(({ subject }) => subject === 'database');
    assert.match(first?.words ?? '', /is sound \(PostgreSQL \d+.*schema usher\)$/);
  });

  test('tenants are created, listed and deleted', () => {
    const id = '6f5902ac-237e-4cfa-9f4d-4d2bd8b0f111';
    const created = usher(['tenant', 'create', 'fabrikam.example', '--id', id, '--name', 'Fabrikam']);
    assert.equal(created.code, 0, created.err);
    const twice = usher(['tenant', 'create', 'FABRIKAM.example']);
    assert.equal(twice.code, 1);
    assert.match(twice.err, /exists already/);
    const [listed] = JSON.parse(usher(['tenant', 'list', '--json']).out) as readonly { readonly id: string }[];
    assert.equal(listed?.id, id);
    assert.match(usher(['tenant', 'delete', 'fabrikam.example']).out, /^deleted 6f5902ac/);
    const none = usher(['tenant', 'list']);
    assert.deepEqual([none.code, none.out], [0, '']);
    assert.ok(none.err.includes(`no tenants in ${shown}`));
  });

  test('the URL can lie in a file, and config print shows all of it but the password', () => {
    const file = join(folder, 'database-url');
    writeFileSync(file, `${database.url}\n`);
    const variables = { USHER_DATABASE: '', USHER_DATABASE_FILE: file };
    assert.equal(usher(['tenant', 'list'], variables).code, 0);
    const printed = usher(['config', 'print'], variables).out;
    assert.match(printed, new RegExp(`^database +${shown.replaceAll('*', '\\*')} +file$`, 'm'));
  });

  test('a wrong password is a matter of configuration, a server that is away is not; both say what helps', () => {
    const wrong = new URL(database.url);
    wrong.password = 'hunter2';
    const away = new URL(database.url);
    away.port = '1';
    const cases = [
      [wrong.href, 78, /refused the password of 'postgres'/, /Check account and password/],
      [away.href, 69, /nothing listens at 127\.0\.0\.1:1/, /Start PostgreSQL there/],
    ] as const;
    for (const [url, code, words, cure] of cases) {
      for (const command of [
        ['dev', '--port', '0'],
        ['tenant', 'list'],
      ]) {
        const ended = usher(command, { USHER_DATABASE: url });
        assert.equal(ended.code, code, ended.err);
        assert.match(ended.err, words);
        assert.match(ended.err, cure);
        assert.equal(ended.err.trimEnd().split('\n').length, 1, ended.err);
      }
      const examined = usher(['doctor'], { USHER_DATABASE: url });
      assert.equal(examined.code, 1);
      assert.match(examined.out, new RegExp(`^FAIL database .*${words.source}.*\n +${cure.source}`, 'm'));
      assert.ok(!`${examined.out}${examined.err}`.includes('hunter2'));
    }
  });
});
