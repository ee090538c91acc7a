import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { addressBytes, createAuthority, type Issued, issueCertificate } from './certificate.ts';

const hosts = ['localhost', '*.localhost', '127.0.0.1', '::1'];

/** The error a client that trusts only `ca` meets when it asks `server` for `host`, or undefined. */
async function refusal(server: Issued, ca: string, host: string): Promise<string | undefined> {
  const listening = createServer(server, (_, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const sent = get({
    host: '127.0.0.1',
    port,
    ca,
    servername: /^[\d.:]+$/.test(host) ? '' : host,
    headers: { host },
    agent: false,
  });
  const [kind] = await Promise.race([
    once(sent, 'response').then(([response]) => {
      response.resume();
      return [undefined];
    }),
    once(sent, 'error').then(([error]) => [String(error.code)]),
  ]).catch((error: { code: string }) => [error.code]);
  listening.closeAllConnections();
  listening.close();
  return kind;
}

test('a client that trusts the authority accepts the server under its name and its address', async () => {
  const authority = createAuthority(hosts);
  const server = issueCertificate(authority, hosts);
  for (const host of ['localhost', '127.0.0.1']) {
    assert.equal(await refusal(server, authority.cert, host), undefined, host);
  }
});

test('a client that trusts another authority, or asks for another name, refuses', async () => {
  const authority = createAuthority(hosts);
  const server = issueCertificate(authority, hosts);
  assert.equal(await refusal(server, createAuthority(hosts).cert, 'localhost'), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  assert.equal(await refusal(server, authority.cert, 'example.com'), 'ERR_TLS_CERT_ALTNAME_INVALID');
});

test('what the authority signs for any other name is not trusted', async () => {
  const authority = createAuthority(hosts);
  const stolen = issueCertificate(authority, ['bank.example']);
  assert.notEqual(await refusal(stolen, authority.cert, 'bank.example'), undefined);
  const wider = createAuthority([...hosts, 'bank.example']);
  assert.equal(await refusal(issueCertificate(wider, ['bank.example']), wider.cert, 'bank.example'), undefined);
});

test('the certificates say what they are for and how long', () => {
  const now = Date.UTC(2026, 10, 21);
  const authority = createAuthority(hosts, now);
  const server = new X509Certificate(issueCertificate(authority, hosts, now).cert);
  const ca = new X509Certificate(authority.cert);
  assert.equal(ca.ca, true);
  assert.equal(server.ca, false);
  assert.ok(server.checkIssued(ca) && server.verify(ca.publicKey));
  assert.equal(
    server.subjectAltName,
    'DNS:localhost, DNS:*.localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  );
  assert.deepEqual(server.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.equal(Date.parse(server.validTo) - now, 397 * 86_400_000);
  assert.equal(Date.parse(ca.validTo) - now, 3650 * 86_400_000);
});

test('dates from 2050 on are written in the long form', () => {
  const now = Date.UTC(2049, 6, 1);
  assert.equal(new X509Certificate(createAuthority(hosts, now).cert).validToDate.getUTCFullYear(), 2059);
});

test('addresses become their bytes', () => {
  assert.deepEqual([...addressBytes('192.168.0.1')], [192, 168, 0, 1]);
  assert.equal(addressBytes('2001:db8::8:800:200c:417a').toString('hex'), '20010db80000000000080800200c417a');
  assert.equal(addressBytes('::').toString('hex'), '0'.repeat(32));
});
