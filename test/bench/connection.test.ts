import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { openConnection } from '../../bench/client/connection.ts';

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** A server that does with the nth request of all connections what `turns` says at that place. */
async function serving(t: TestContext, turns: readonly ((socket: Socket) => void)[]) {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      asked.push(chunk.toString());
      turns[asked.length - 1]?.(socket);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const connection = openConnection(`http://127.0.0.1:${port}`, '');
  t.after(() => {
    connection.close();
    server.close();
  });
  return { asked, connection };
}

const answers = (socket: Socket) => void socket.write(answer);
const resets = (socket: Socket) => void socket.resetAndDestroy();

test('what meets a kept connection that is being closed is asked once more over a new one', async (t) => {
  const { asked, connection } = await serving(t, [answers, resets, answers]);
  await connection.ask({ path: '/one' });
  const { body } = await connection.ask({ method: 'POST', path: '/two', body: 'x=1' });
  assert.equal(body.toString(), 'ok');
  assert.equal(asked.length, 3);
  assert.equal(asked[1], asked[2]);
});

test('it is asked no third time', async (t) => {
  const { asked, connection } = await serving(t, [answers, resets, resets, answers]);
  await connection.ask({ path: '/one' });
  await assert.rejects(connection.ask({ path: '/two' }));
  assert.equal(asked.length, 3);
});

test('a new connection that ends, and an answer that breaks off, are failures', async (t) => {
  const { asked, connection } = await serving(t, [
    resets,
    answers,
    (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Le'),
    answers,
  ]);
  await assert.rejects(connection.ask({ path: '/one' }));
  await connection.ask({ path: '/two' });
  await assert.rejects(connection.ask({ path: '/three' }));
  assert.equal(asked.length, 3);
});
