import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createOutside } from '../connectors/index.ts';
import { createCalls } from './oauth2-calls.ts';

test('all calls of a sign-in together have one end, however many there are', async (t) => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).write('{');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
  const calls = createCalls(createOutside({ allowLoopback: true }), (one) => one, 300);
  const late = { kind: 'failed', reason: 'the provider did not answer in time' };
  assert.deepEqual(await calls.object({ url }), late);
  const before = asked;
  assert.deepEqual(await calls.list({ url }), late);
  assert.equal(asked, before);
});
