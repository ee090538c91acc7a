import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection, type Socket, type TcpNetConnectOpts } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Face } from './face.ts';
import { createListener } from './listener.ts';
import { loopbackOrigins } from './origin.ts';

const limit = { timeout: 15_000 };

/** Says how long the body was. Behind a proxy, which is believed, as most servers are: all connections come from its address. */
async function place(t: TestContext, places: number): Promise<number> {
  const face: Face = {
    name: 'test',
    answers: () => true,
    handle: async ({ body }) => ({ status: 200, body: `${(await body()).length} bytes` }),
  };
  let port = 0;
  const listener = createListener({
    faces: [face],
    proxies: { trusted: ['127.0.0.0/8'], hops: 1 },
    origins: () => loopbackOrigins(port),
    bodyLimitBytes: 1000,
    observe: () => undefined,
    notFound: () => ({ status: 404 }),
    places,
    timeouts: { drain: 100 },
  });
  ({ port } = await listener.listen('0.0.0.0', 0));
  t.after(() => listener.close());
  return port;
}

async function connected(t: TestContext, options: TcpNetConnectOpts): Promise<Socket> {
  const socket = createConnection(options);
  socket.on('error', () => undefined);
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

const post = (port: number, length: number, begun: string): string =>
  `POST / HTTP/1.1\r\nHost: localhost:${port}\r\nX-Forwarded-Proto: https\r\nContent-Length: ${length}\r\n\r\n${begun}`;

/** All that comes until the answer is there or the connection ends. */
async function answered(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
    if (text.includes('bytes')) socket.emit('enough');
  });
  await Promise.race([once(socket, 'enough'), once(socket, 'close')]);
  return text;
}

test('who sends a body slowly waits, and keeps nobody out behind the same proxy', limit, async (t) => {
  const port = await place(t, 8);
  const slow: Socket[] = [];
  for (let one = 0; one < 4; one += 1) {
    const socket = await connected(t, { port, host: '127.0.0.1' });
    socket.write(post(port, 900, 'a'));
    slow.push(socket);
  }
  const [eldest, other] = slow;
  assert.ok(eldest && other);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const gone = once(eldest.resume(), 'close');
  const newcomer = await connected(t, { port, host: '127.0.0.1' });
  newcomer.write(post(port, 3, 'abc'));
  assert.match(await answered(newcomer), /^HTTP\/1\.1 200 .*3 bytes/s);
  await gone;
  // Nobody needs the places of the others, whose bodies may still come.
  other.write('b'.repeat(899));
  assert.match(await answered(other), /^HTTP\/1\.1 200 .*900 bytes/s);
});
