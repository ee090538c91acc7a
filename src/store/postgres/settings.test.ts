import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Fault } from '../../kernel/index.ts';
import { settingsOf } from './settings.ts';

test('settings: everything in a URL is read, and what is absent is the usual', () => {
  assert.deepEqual(settingsOf('postgres://me:p%40ss%2Fword@127.0.0.1:6543/usher'), {
    places: [{ host: '127.0.0.1', port: 6543, tls: false }],
    ...{ database: 'usher', user: 'me', password: 'p@ss/word' },
    ...{ applicationName: 'usher', schema: 'usher', poolSize: 10, connectTimeoutSeconds: 5 },
    shown: 'postgres://me:******@127.0.0.1:6543/usher',
  });
  const full = settingsOf('postgresql://me@[::1]/?schema=other&pool_size=3&application_name=one&connect_timeout=2');
  const { places, database, schema, poolSize, applicationName, connectTimeoutSeconds } = full;
  const [place] = places;
  assert.deepEqual(
    [place?.host, place?.port, database, schema, poolSize, applicationName, connectTimeoutSeconds],
    ['::1', 5432, 'me', 'other', 3, 'one', 2],
  );
  assert.equal(settingsOf('postgres://me@localhost/d?host=/run/postgresql').places[0]?.host, '/run/postgresql');
});

test('settings: several servers are named as libpq does, each with a port and protection of its own', () => {
  const url = 'postgres://me:p,w@db-1.example:6001,[::1]:6002,127.0.0.1/usher?target_session_attrs=read-write';
  const verified = { rejectUnauthorized: true };
  assert.deepEqual(settingsOf(url).places, [
    { host: 'db-1.example', port: 6001, tls: verified },
    { host: '::1', port: 6002, tls: false },
    { host: '127.0.0.1', port: 5432, tls: false },
  ]);
  assert.equal(settingsOf(url).password, 'p,w');
  assert.ok(!settingsOf(url).shown.includes('p,w'));
});

test('settings: a connection that leaves this machine is encrypted, and the server must prove its name', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-settings-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, 'CA');
  const tlsOf = (rest: string) => settingsOf(`postgres://me:p@${rest}`).places[0]?.tls;
  assert.deepEqual(tlsOf('db.example/d'), { rejectUnauthorized: true });
  assert.deepEqual(tlsOf(`127.0.0.1/d?sslrootcert=${ca}`), { ca: 'CA', rejectUnauthorized: true });
  assert.deepEqual(tlsOf('db.example/d?sslmode=require'), { rejectUnauthorized: false });
  assert.equal(tlsOf('db.example/d?sslmode=disable'), false);
  const anyName = tlsOf('db.example/d?sslmode=verify-ca');
  assert.ok(anyName);
  assert.equal(anyName.rejectUnauthorized, true);
  assert.equal(typeof anyName.checkServerIdentity, 'function');
});

test('settings: what cannot be meant is refused in words that do not hold the password', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['postgres://me:hunter2@h/d?ssl=1', /no parameter 'ssl'.*sslmode/],
    ['postgres://me:hunter2@h/d?sslmode=prefer', /sslmode must be one of disable, require, verify-ca, verify-full/],
    ['postgres://me:hunter2@h/d?sslrootcert=/nowhere.pem', /'\/nowhere\.pem' cannot be read/],
    ['postgres://me:hunter2@h/d?schema=a%22b', /schema must be lower-case/],
    ['postgres://me:hunter2@h/d?pool_size=0', /pool_size must be a whole number from 1 to 200/],
    ['postgres://me:hunter2@h/d?connect_timeout=x', /connect_timeout must be a whole number/],
    ['postgres://:hunter2@h/d', /names no user/],
    ['postgres://me:hunter2@h:x/d', /no URL/],
    ['postgres://me:hunter2@h,h:x/d', /no URL/],
    ['postgres://me:hunter2@a,b/d?target_session_attrs=any', /target_session_attrs can only be read-write/],
    ['postgres://me:hunter2@1,2,3,4,5,6,7,8,9/d', /more than 8 hosts/],
    ['postgres://me:a/hunter2@h/d', /no URL.*percent-encoded/],
    ['postgres://me:1/hunter2@h/d', /names no user.*percent-encoded/],
    ['postgres://me:1#hunter2@h/d', /names no user.*percent-encoded/],
  ];
  for (const [url, words] of cases) {
    assert.throws(
      () => settingsOf(url),
      (error) => {
        assert.ok(error instanceof Fault && error.code === 'store.unusable', String(error));
        assert.match(error.message, words);
        assert.ok(!error.message.includes('hunter2'), error.message);
        return true;
      },
    );
  }
});
