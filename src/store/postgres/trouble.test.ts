import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type OwnServer, startPostgres, type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { offerTls } from '../../../test/support/postgres-tls.ts';
import { Fault, silent, systemClock } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { inspectPostgres } from './inspect.ts';
import { postgresDatabase } from './postgres.ts';

const types = [entities.user];
/** It may go by itself. */
const away = 'store.unreachable';

/** What a start says, and the doctor; both say the same. */
async function refusals(url: string): Promise<readonly Fault[]> {
  const tries = [
    () => postgresDatabase(url, { clock: systemClock, observe: silent, types }),
    () => inspectPostgres(url, types),
  ];
  const found: Fault[] = [];
  for (const attempt of tries) {
    const error: unknown = await attempt().then(
      () => undefined,
      (thrown) => thrown,
    );
    assert.ok(error instanceof Fault, String(error));
    found.push(error);
  }
  return found;
}

describe('postgres: a database that cannot be used is refused with the cause and what helps', () => {
  let server: OwnServer;
  let database: TestDatabase;
  let folder: string;
  before(async () => {
    server = await startPostgres();
    database = await testDatabase(server);
    folder = mkdtempSync(join(tmpdir(), 'usher-trouble-'));
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  /** The URL with some of it changed, and a password that must not be told. */
  function changed(change: (url: URL) => void): string {
    const url = new URL(database.url);
    change(url);
    return url.href;
  }

  async function expect(url: string, words: RegExp, cure: RegExp, code = 'store.unusable'): Promise<void> {
    for (const { code: found, message, data } of await refusals(url)) {
      assert.equal(found, code, message);
      assert.match(String(data['words']), words);
      assert.match(String(data['cure']), cure);
      assert.ok(message.includes(String(data['words'])) && message.includes(String(data['cure'])));
      assert.ok(!message.includes(new URL(url).password), 'without the password');
      assert.ok(!/\.\.|undefined/.test(message), message);
    }
  }

  test('a wrong password, an unknown account', async () => {
    await expect(
      changed((url) => {
        url.password = 'hunter2!';
      }),
      /refused the password of 'postgres'/,
      /percent-encoded/,
    );
    await expect(
      changed((url) => {
        url.username = 'nobody';
      }),
      /'nobody', or knows no such account/,
      /account and password/,
    );
  });

  test('an unknown database, an account without rights', async () => {
    await expect(
      changed((url) => {
        url.pathname = '/nowhere';
      }),
      /no database 'nowhere'/,
      /CREATE DATABASE "nowhere" OWNER "postgres"/,
    );
    await database.query("CREATE ROLE closed PASSWORD 'p4ssw0rd'");
    const closed = changed((url) => {
      url.username = 'closed';
      url.password = 'p4ssw0rd';
    });
    await expect(closed, /'closed' may not log in/, /ALTER ROLE "closed" LOGIN/);
    await database.query('ALTER ROLE closed LOGIN CONNECTION LIMIT 0');
    await expect(closed, /no connection left: too many connections for role "closed"/, /pool_size/, away);
  });

  test('nothing that listens, a name that nobody has, something else that listens', async (t) => {
    await expect('postgres://me:hunter2!@127.0.0.1:1/d', /nothing listens at 127\.0\.0\.1:1/, /Start PostgreSQL/, away);
    const unknown = 'postgres://me:hunter2!@nowhere.invalid/d?sslmode=disable';
    await expect(unknown, /no host 'nowhere\.invalid'/, /name service/, away);
    await expect('postgres://me:hunter2!@h/d?host=/nowhere', /no socket .* in '\/nowhere'/, /folder/, away);
    const rude = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    t.after(() => rude.close());
    await new Promise((resolve) => rude.once('listening', resolve));
    const address = rude.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await expect(`postgres://me:hunter2!@127.0.0.1:${port}/d`, /ended the connection/, /that it is PostgreSQL/, away);
  });

  test('something that listens and never answers is given up in time', async (t) => {
    const mute = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    t.after(() => mute.close());
    await new Promise((resolve) => mute.once('listening', resolve));
    const address = mute.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const url = `postgres://me:hunter2!@127.0.0.1:${port}/d?connect_timeout=1`;
    await expect(url, /did not answer within 1 s/, /firewall/, away);
  });

  test('a database that cannot hold every name', async () => {
    await database.query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    const latin = changed((url) => {
      url.pathname = '/latin';
    });
    await expect(latin, /encoding is LATIN1/, /ENCODING 'UTF8'/);
  });

  test('encryption that one side wants and the other does not, a certificate that proves nothing', async () => {
    const remote = (mode: string) =>
      changed((url) => {
        url.hostname = 'localhost';
        url.searchParams.set('sslmode', mode);
      });
    await expect(remote('require'), /offers no encryption/, /ssl = on/);

    const certificate = await offerTls(server, { name: 'db.example', only: true });
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, certificate);
    await expect(remote('disable'), /lets nobody in without encryption/, /verify-full/);
    await expect(remote('verify-full'), /signed by nobody that this machine trusts/, /sslrootcert=FILE/);
    await expect(`${remote('verify-full')}&sslrootcert=${ca}`, /not for 'localhost'/, /name that is in it/);
    for (const good of [`${remote('verify-ca')}&sslrootcert=${ca}`, remote('require')]) {
      const opened = await postgresDatabase(good, { clock: systemClock, observe: silent, types });
      await opened.close();
    }
  });
});
