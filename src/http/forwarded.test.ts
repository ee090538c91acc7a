import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { type Proxies, senders } from './forwarded.ts';

/** What is told of a request with these headers that comes from 127.0.0.1 in plain HTTP: an address, or the code of a fault. */
async function told(proxies: Proxies, headers: Readonly<Record<string, string | string[]>>): Promise<string> {
  const senderOf = senders(proxies);
  const server = createServer((incoming: IncomingMessage, out) => {
    try {
      out.end(senderOf(incoming));
    } catch (error) {
      out.end(error instanceof Error && 'code' in error ? String(error.code) : String(error));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [response] = await once(get({ port, host: '127.0.0.1', headers, agent: false }), 'response');
  const chunks = await response.toArray();
  server.close();
  return Buffer.concat(chunks).toString();
}

const here = { trusted: ['127.0.0.1'], hops: 1 };
const https = { 'x-forwarded-proto': 'https' };

test('behind a trusted proxy a request is from whom the proxy says, however the address is written', async () => {
  for (const [written, address] of [
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:50123', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
  ] as const) {
    assert.equal(await told(here, { ...https, 'x-forwarded-for': written }), address, written);
  }
  assert.equal(
    await told({ trusted: ['127.0.0.0/8'], hops: 1 }, { ...https, 'x-forwarded-for': '192.0.2.7' }),
    '192.0.2.7',
  );
});

test('what somebody wrote before the proxy added to it is not believed', async () => {
  const forged = { ...https, 'x-forwarded-for': '10.0.0.1, 198.51.100.9, 192.0.2.7' };
  assert.equal(await told(here, forged), '192.0.2.7');
  assert.equal(await told({ trusted: ['127.0.0.1'], hops: 5 }, forged), '192.0.2.7', 'who is not trusted is not asked');
  const chain = { trusted: ['127.0.0.1', '192.0.2.0/24'], hops: 2 };
  assert.equal(await told(chain, forged), '198.51.100.9');
  assert.equal(await told({ ...chain, hops: 1 }, forged), '192.0.2.7', 'no more proxies than there are');
});

test('a header that holds no address leaves the address that is known', async () => {
  for (const written of ['', 'unknown', '_hidden', '192.0.2.7.1', 'localhost', '192.0.2.7;', "' OR 1=1"]) {
    assert.equal(await told(here, { ...https, 'x-forwarded-for': written }), '127.0.0.1', written);
  }
  assert.equal(await told(here, https), '127.0.0.1');
});

test('plain HTTP is answered to trusted proxies alone, and for what came to them over HTTPS alone', async () => {
  assert.equal(
    await told({ trusted: ['192.0.2.7'], hops: 1 }, { ...https, 'x-forwarded-for': '192.0.2.7' }),
    'http.unproxied',
  );
  assert.equal(await told(here, {}), 'http.unencrypted');
  assert.equal(await told(here, { 'x-forwarded-proto': 'http' }), 'http.unencrypted');
  assert.equal(await told(here, { 'x-forwarded-proto': 'http, https' }), 'http.unencrypted');
  assert.equal(await told(here, { 'x-forwarded-proto': 'HTTPS' }), '127.0.0.1');
});
