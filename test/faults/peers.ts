import { connect as open, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { clientHello } from '../support/client-hello.ts';
import type { Usher } from '../support/usher.ts';

/** Addresses of this machine: people come from 127.0.0.1, others from as many others as they like. */
export const addressOf = (stranger: number): string => `127.0.1.${1 + (stranger % 250)}`;

/** A connection to a server, which may be closed at any moment. */
export function reach({ port }: Pick<Usher, 'port'>, from: string): Socket {
  return open({ host: '127.0.0.1', port, localAddress: from }).on('error', () => undefined);
}

/** The same with TLS, once it can carry requests; undefined when it was closed before. */
export function reachSecurely(usher: Pick<Usher, 'port'>, from: string): Promise<TLSSocket | undefined> {
  const options = { host: '127.0.0.1', port: usher.port, localAddress: from, servername: 'localhost' };
  const socket = connect({ ...options, rejectUnauthorized: false }).on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('secureConnect', () => resolve(socket));
    socket.once('close', () => resolve(undefined));
  });
}

/** The head of a request; with `length`, of one that announces a body. */
export function headOf({ host }: Pick<Usher, 'host'>, path: string, length?: number): string {
  const announced = length === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${length}\r\n`;
  return `${length === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1\r\nHost: ${host}\r\n${announced}`;
}

const dripMilliseconds = 500;

function drip(socket: Socket, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => {
    socket.write(bytes.subarray(at % bytes.length, (at % bytes.length) + 1));
    at += 1;
  }, dripMilliseconds);
  socket.once('close', () => clearInterval(timer));
}

const hello = await clientHello();

/** A way to keep a connection for as long as one is let. */
export interface Manner {
  readonly name: string;
  /** Seconds after which docs/limits.md and docs/faults.md say that it is over. */
  readonly seconds: number;
  /** Begins; resolves to a socket whose end is the server's doing, undefined when it was turned away. */
  begin(usher: Usher, from: string): Promise<Socket | undefined>;
}

async function asking(usher: Usher, from: string, act: (socket: TLSSocket) => void): Promise<Socket | undefined> {
  const socket = await reachSecurely(usher, from);
  if (socket) act(socket.resume());
  return socket;
}

const body = Buffer.from('{"displayName":"x"}'.repeat(50));

export const manners: readonly Manner[] = [
  { name: 'TLS is never begun', seconds: 5, begin: async (usher, from) => reach(usher, from).resume() },
  {
    name: 'TLS is begun byte by byte',
    seconds: 5,
    async begin(usher, from) {
      const socket = reach(usher, from).resume();
      drip(socket, hello.subarray(0, 200));
      return socket;
    },
  },
  { name: 'nothing is asked', seconds: 10, begin: (usher, from) => asking(usher, from, () => undefined) },
  {
    name: 'headers come byte by byte',
    seconds: 10,
    begin: (usher, from) =>
      asking(usher, from, (socket) => drip(socket, Buffer.from(`${headOf(usher, '/')}X: ${'x'.repeat(500)}`))),
  },
  {
    name: 'nothing but ends of lines comes after an answer',
    seconds: 21,
    begin: (usher, from) =>
      asking(usher, from, (socket) => {
        socket.write(`${headOf(usher, '/nothing')}\r\n`);
        drip(socket, Buffer.from('\r\n'));
      }),
  },
  {
    name: 'a body comes byte by byte',
    seconds: 30,
    begin: (usher, from) =>
      asking(usher, from, (socket) => {
        socket.write(`${headOf(usher, '/dev/clock', body.length)}\r\n`);
        drip(socket, body);
      }),
  },
];

/** Asks over and over as much as fits, and reads none of the answers. */
export async function neverReading(usher: Usher, from: string): Promise<Socket | undefined> {
  const socket = await reachSecurely(usher, from);
  if (!socket) return undefined;
  socket.pause();
  const asks = setInterval(() => socket.write(`${headOf(usher, '/beta/$metadata')}\r\n`.repeat(4)), dripMilliseconds);
  socket.once('close', () => clearInterval(asks));
  return socket;
}

/** Sends thousands of requests ahead of their answers; resolves to how many were answered when the server ends it. */
export async function pipelining(usher: Usher, from: string): Promise<number> {
  const socket = await reachSecurely(usher, from);
  if (!socket) return 0;
  let answers = 0;
  socket.on('data', (chunk: Buffer) => {
    answers += chunk.toString('latin1').match(/HTTP\/1\.1 \d/g)?.length ?? 0;
  });
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(`${headOf(usher, '/beta/$metadata')}\r\n`.repeat(20_000));
  await ended;
  return answers;
}
