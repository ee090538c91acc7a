import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { connect as open, type Socket, type TcpNetConnectOpts } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { clientHello } from '../../test/support/client-hello.ts';
import type { Face } from './face.ts';
import { createListener, type Listener, type Timeouts } from './listener.ts';
import { loopbackOrigins } from './origin.ts';
import { testTls } from './testing/tls.ts';

const limit = { timeout: 15_000 };
const short: Partial<Timeouts> = { handshake: 300, headers: 300, request: 600, idle: 300 };

interface Place {
  readonly listener: Listener;
  readonly port: number;
  /** Requests that a face was given. */
  readonly asked: string[];
  /** When a face was asked, and when slow ones may answer. */
  readonly moments: EventEmitter;
}

async function place(
  t: TestContext,
  options: { readonly timeouts?: Partial<Timeouts>; readonly places?: number } = {},
): Promise<Place> {
  const asked: string[] = [];
  const moments = new EventEmitter().setMaxListeners(0);
  const face: Face = {
    name: 'test',
    answers: () => true,
    async handle({ url: { pathname }, body }) {
      asked.push(pathname);
      moments.emit('asked');
      if (pathname === '/slow') await once(moments, 'release');
      if (pathname === '/huge') return { status: 200, body: Buffer.alloc(64 * 1024 * 1024) };
      return { status: 200, body: await body() };
    },
  };
  let port = 0;
  const listener = createListener({
    faces: [face],
    tls: testTls,
    origins: () => loopbackOrigins(port),
    bodyLimitBytes: 1000,
    observe: () => undefined,
    notFound: () => ({ status: 404 }),
    ...options,
  });
  ({ port } = await listener.listen('0.0.0.0', 0));
  t.after(() => {
    moments.emit('release');
    return listener.close();
  });
  return { listener, port, asked, moments };
}

async function reached(t: TestContext, options: TcpNetConnectOpts): Promise<Socket> {
  const raw = open(options);
  t.after(() => raw.destroy());
  await once(raw, 'connect');
  return raw;
}

async function secured(socket: Socket): Promise<TLSSocket> {
  const made = connect({ socket, rejectUnauthorized: false });
  await once(made, 'secureConnect');
  return made;
}

/** `from`: every address of 127.0.0.0/8 is this machine. */
async function connected(t: TestContext, port: number, from = '127.0.0.1'): Promise<TLSSocket> {
  const raw = open({ port, host: '127.0.0.1', localAddress: from });
  const socket = connect({ socket: raw, rejectUnauthorized: false });
  // Who is turned away may be so at any moment.
  for (const one of [raw, socket]) one.on('error', () => undefined);
  t.after(() => raw.destroy());
  await new Promise<void>((resolve) => {
    socket.once('secureConnect', resolve);
    raw.once('close', () => resolve());
  });
  return socket;
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));

const get = (port: number, path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`;

/** All that comes until the server closes. */
async function heard(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
  await closed(socket);
  return Buffer.concat(chunks).toString();
}

/** Sends one byte of it after the other, over and over when `again`, until the connection ends. */
function drip(socket: Socket, bytes: Buffer, again = false): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at < bytes.length || again) socket.write(bytes.subarray(at % bytes.length, (at % bytes.length) + 1));
    at += 1;
  }, 50);
  socket.once('close', () => clearInterval(timer));
}

// Each has a listener of its own, and waits for what is to end.
describe('connections of a listener', { concurrency: true }, () => {
  test(
    'a TLS handshake that is begun and never finished ends in time, also when it comes in drops',
    limit,
    async (t) => {
      const { port } = await place(t, { timeouts: short });
      const silent = open(port, '127.0.0.1');
      const dripping = open(port, '127.0.0.1').on('error', () => undefined);
      drip(dripping, await clientHello());
      assert.deepEqual(await Promise.all([heard(silent), heard(dripping)]), ['', '']);
    },
  );

  test('drops of nothing between two requests do not keep a connection', limit, async (t) => {
    const { port, asked } = await place(t, { timeouts: short });
    const socket = await connected(t, port);
    socket.write(get(port, '/'));
    drip(socket, Buffer.from('\r\n'), true);
    assert.match(await heard(socket), /^HTTP\/1\.1 200 /);
    assert.deepEqual(asked, ['/']);
  });

  test('an answer that is taken slower and slower is cut off', limit, async (t) => {
    const { port, listener, moments } = await place(t, { timeouts: { stalled: 60_000, taking: 500 } });
    const socket = await connected(t, port);
    const taking = setInterval(() => socket.read(1), 50);
    socket.once('close', () => clearInterval(taking));
    t.after(() => clearInterval(taking));
    socket.on('readable', () => undefined);
    const begun = once(moments, 'asked');
    socket.write(get(port, '/huge'));
    await begun;
    assert.equal(listener.connections(), 1);
    // Would wait for the answer to be taken.
    await listener.close();
  });

  test(
    'who sends many requests ahead of their answers is cut off, and the rest of them is not looked at',
    limit,
    async (t) => {
      const { port, asked } = await place(t);
      const socket = await connected(t, port);
      socket.write(get(port, '/slow').repeat(2_000));
      assert.equal(await heard(socket), '');
      assert.equal(asked.length, 10);
    },
  );

  test('a few requests ahead are answered in their order', limit, async (t) => {
    const { port } = await place(t);
    const socket = await connected(t, port);
    const last = get(port, '/').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
    socket.write(get(port, '/').repeat(4) + last);
    assert.equal((await heard(socket)).match(/^HTTP\/1\.1 200 /gm)?.length, 5);
  });

  test(
    'one address has half of the places, then its longest waiting connection makes room; others are let in',
    limit,
    async (t) => {
      const { port, listener } = await place(t, { places: 10 });
      const flood: TLSSocket[] = [];
      for (let count = 0; count < 5; count += 1) flood.push(await connected(t, port, '127.0.0.2'));
      const [first] = flood;
      assert.ok(first);
      const gone = closed(first);
      const sixth = await connected(t, port, '127.0.0.2');
      await gone;
      assert.equal(listener.connections(), 5);
      const other = await connected(t, port, '127.0.0.3');
      for (const socket of [sixth, other]) {
        const answered = once(socket, 'data');
        socket.write(get(port, '/'));
        assert.match(String(await answered), /^HTTP\/1\.1 200 /);
      }
      assert.equal(flood.filter((socket) => socket.destroyed).length, 1);
    },
  );

  test(
    'an address whose connections all have a request under way gets no further one, and loses none',
    limit,
    async (t) => {
      const { port, listener, moments, asked } = await place(t, { places: 4 });
      const busy = [await connected(t, port), await connected(t, port)];
      for (const socket of busy) {
        const begun = once(moments, 'asked');
        socket.write(get(port, '/slow'));
        await begun;
      }
      const refused = await connected(t, port);
      assert.equal(refused.destroyed, true);
      assert.equal(listener.connections(), 2);
      const answers = busy.map((socket) => once(socket, 'data'));
      moments.emit('release');
      for (const answer of answers) assert.match(String(await answer), /^HTTP\/1\.1 200 /);
      assert.equal(asked.length, 2);
    },
  );

  test('a listener about to close tells every connection that this was its last answer', limit, async (t) => {
    const { port, listener } = await place(t);
    const socket = await connected(t, port);
    const before = once(socket, 'data');
    socket.write(get(port, '/'));
    assert.doesNotMatch(String(await before), /connection: close/i);
    listener.retire();
    socket.write(get(port, '/'));
    assert.match(await heard(socket), /connection: close/i);
  });

  test('a listener that closes does not wait for those who have a connection and say nothing', limit, async (t) => {
    const { port, listener } = await place(t);
    const silent = open(port, '127.0.0.1').on('error', () => undefined);
    await once(silent, 'connect');
    const socket = await connected(t, port);
    const gone = Promise.all([closed(silent), closed(socket.resume())]);
    await listener.close();
    await gone;
  });

  test('one port of a peer may lead to two addresses of the server', limit, async (t) => {
    const { port } = await place(t);
    const first = await reached(t, { port, host: '127.0.0.1', localAddress: '127.0.0.5' });
    const { localPort = 0 } = first;
    const second = await reached(t, { port, host: '127.0.0.2', localAddress: '127.0.0.5', localPort });
    const [one, other] = [await secured(first), await secured(second)];
    other.end(get(port, '/other').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    assert.match(await heard(other), /^HTTP\/1\.1 200 /);
    one.write(get(port, '/one').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    assert.match(await heard(one), /^HTTP\/1\.1 200 /);
  });
});
