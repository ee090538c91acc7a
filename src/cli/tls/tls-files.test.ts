import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openTls } from './tls-files.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 21);

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'usher-tls-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const namesOf = (cert: string): readonly string[] => new X509Certificate(cert).subjectAltName?.split(', ') ?? [];

test('the first start makes an authority and a certificate, later starts keep both', (context) => {
  const folder = folderFor(context);
  const first = openTls(folder, [], now);
  assert.equal(first.newAuthority, true);
  assert.equal(first.caFile, join(folder, 'ca.pem'));
  assert.ok(new X509Certificate(first.tls.cert).verify(new X509Certificate(readFileSync(first.caFile)).publicKey));
  const second = openTls(folder, [], now + 300 * day);
  assert.deepEqual([second.tls, second.newAuthority], [first.tls, false]);
});

test('keys are readable by their owner only', (context) => {
  const folder = folderFor(context);
  openTls(folder, [], now);
  for (const name of ['ca-key.pem', 'server-key.pem'])
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
});

test('a certificate with less than 30 days left is renewed under the same authority', (context) => {
  const folder = folderFor(context);
  const first = openTls(folder, [], now);
  const ca = readFileSync(first.caFile, 'utf8');
  const renewed = openTls(folder, [], now + 368 * day);
  assert.notEqual(renewed.tls.cert, first.tls.cert);
  assert.equal(renewed.newAuthority, false);
  assert.equal(readFileSync(first.caFile, 'utf8'), ca);
  assert.ok(Date.parse(new X509Certificate(renewed.tls.cert).validTo) > now + 700 * day);
});

test('an authority that nears its end is replaced, and says so', (context) => {
  const folder = folderFor(context);
  openTls(folder, [], now);
  assert.equal(openTls(folder, [], now + 3630 * day).newAuthority, true);
});

test('a public host makes a new authority that may sign for it, once', (context) => {
  const folder = folderFor(context);
  openTls(folder, [], now);
  const wider = openTls(folder, ['https://login.contoso.example', 'https://192.0.2.7:8443'], now);
  assert.equal(wider.newAuthority, true);
  assert.ok(namesOf(wider.tls.cert).includes('DNS:login.contoso.example'));
  assert.ok(namesOf(wider.tls.cert).includes('IP Address:192.0.2.7'));
  assert.equal(openTls(folder, ['https://login.contoso.example'], now).newAuthority, false);
  assert.equal(openTls(folder, [], now).newAuthority, false);
});

test('damaged or foreign files are replaced', (context) => {
  const folder = folderFor(context);
  const first = openTls(folder, [], now);
  writeFileSync(join(folder, 'server.pem'), 'junk');
  assert.notEqual(openTls(folder, [], now).tls.key, first.tls.key);
  const other = openTls(folderFor(context), [], now);
  writeFileSync(join(folder, 'server-key.pem'), other.tls.key);
  const mended = openTls(folder, [], now);
  assert.ok(new X509Certificate(mended.tls.cert).verify(new X509Certificate(readFileSync(mended.caFile)).publicKey));
});
