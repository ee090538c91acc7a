import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createManagement } from './management.ts';
import { managementPage } from './page.ts';

const page = managementPage({
  path: '/livez',
  tell: async () => true,
  answer: () => ({ status: 200, contentType: 'text/plain', body: 'alive' }),
});

test('connections that say nothing keep no probe out', { timeout: 20_000 }, async (t) => {
  const management = createManagement({ pages: [page], ask: async () => [true] });
  const { port } = await management.listen('127.0.0.1', 0);
  t.after(() => management.close());
  const flood = Array.from({ length: 150 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  t.after(() => {
    for (const socket of flood) socket.destroy();
  });
  await Promise.all(flood.map((socket) => once(socket, 'connect')));
  for (let count = 0; count < 3; count += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/livez`);
    assert.deepEqual([response.status, await response.text()], [200, 'alive']);
  }
});
