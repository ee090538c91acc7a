import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf } from '../kernel/index.ts';
import { createPlaces, type Place } from './places.ts';
import { readyEvent } from './server.ts';

/** How long a connection may go on, in milliseconds, whatever its peer sends meanwhile. */
export interface Patience {
  /** Until its handshake is done. */
  readonly handshake: number;
  /** From an answer, or the end of the handshake, until the next request has been read as far as its headers. */
  readonly waiting: number;
  /** From when an answer was written until its peer has taken all of it. */
  readonly taking: number;
}

/** The open connections of a server: how many there may be, how long each, and how they end. */
export interface Connections {
  /** False: nobody answers this request, its connection ends. Otherwise the connection is busy from its last byte until the response is closed. */
  begin(request: IncomingMessage, response: ServerResponse): boolean;
  /** Closes those without a request under way; the others close after their answer. */
  closeIdle(): void;
  closeAll(): void;
  open(): number;
}

/** Requests under way on one connection at once. Who sends the next one before the answer (pipelining) is rare, and never this far ahead. */
const mostAhead = 10;

/** Milliseconds between looks at how long each has taken, and what is added to the bounds that Node holds by itself. */
const lookMilliseconds = 1_000;

/** A server that is closing waits so long for what begins, in milliseconds. */
const lastWait = 2_000;

interface Answer {
  readonly response: ServerResponse;
  /** The request has come with all of its body. */
  isAsked: boolean;
}

interface Connection {
  readonly socket: Socket;
  readonly place: Place;
  isOpen: boolean;
  isReady: boolean;
  /** Requests under way, the eldest first. */
  readonly answers: Answer[];
  /** Since when it waits for its peer; of the clock of `performance`. */
  since: number;
}

/** What tells a TLS connection and the one below it apart from all others: one port of a peer may lead to several addresses of this machine. */
const nameOf = ({ remoteAddress, remotePort, localAddress }: Socket): string =>
  [remoteAddress, remotePort, localAddress].join(' ');

/** A body follows the headers (RFC 9112 §6.3). */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** Whoever sends a body waits for nothing of ours: if there is need, somebody else gets the place. */
function settle({ answers, place }: Connection): void {
  if (answers.some(({ isAsked }) => isAsked)) place.works();
  else place.waits();
}

/** Whether it has gone on for too long. */
function isOver(connection: Connection, patience: Patience, isClosing: boolean, now: number): boolean {
  const { answers, isReady } = connection;
  const eldest = answers[0]?.response;
  if (eldest && !eldest.writableEnded) {
    connection.since = now;
    return false;
  }
  const allowed = eldest ? patience.taking : isReady ? patience.waiting : patience.handshake;
  const bound = isClosing && !eldest ? Math.min(allowed, lastWait) : allowed;
  return now - connection.since > bound;
}

/**
 * Watches over a server before it listens. `count`: places, of which no address has more than there are free ones; one more takes the place of
 * whoever has waited longest, and where nobody waits it is closed at once, before any TLS.
 */
export function watchConnections(server: Server, patience: Patience, count: number): Connections {
  const places = createPlaces(count);
  const all = new Map<string, Connection>();
  /** By what carries requests: the socket itself, or the TLS above it. */
  const carried = new WeakMap<Socket, Connection>();
  let isClosing = false;

  function enter(socket: Socket): void {
    const name = nameOf(socket);
    const place = places.enter(networkOf(socket.remoteAddress ?? ''), () => socket.destroy());
    if (!place) {
      socket.destroy();
      return;
    }
    const connection = { socket, place, isOpen: true, isReady: false, answers: [], since: performance.now() };
    all.set(name, connection);
    socket.once('close', () => {
      connection.isOpen = false;
      place.leave();
      if (all.get(name) === connection) all.delete(name);
    });
  }

  function rest(connection: Connection): void {
    connection.since = performance.now();
    connection.place.waits();
  }

  const look = (): void => {
    const now = performance.now();
    for (const connection of all.values())
      if (isOver(connection, patience, isClosing, now)) connection.socket.destroy();
  };
  const timer = setInterval(look, Math.min(lookMilliseconds, patience.waiting)).unref();
  server.once('close', () => clearInterval(timer));
  server.on('connection', enter);
  server.on(readyEvent(server), (socket: Socket) => {
    const connection = all.get(nameOf(socket));
    if (!connection) return;
    connection.isReady = true;
    carried.set(socket, connection);
    rest(connection);
  });
  return {
    begin(request, response) {
      const { socket } = request;
      const connection = carried.get(socket);
      if (!connection?.isOpen || connection.answers.length >= mostAhead) socket.destroy();
      if (!connection || socket.destroyed) return false;
      const answer = { response, isAsked: !hasBody(request) };
      connection.answers.push(answer);
      settle(connection);
      if (!answer.isAsked) {
        request.on('end', () => {
          answer.isAsked = true;
          settle(connection);
        });
      }
      // Told once, so nobody has to stop listening.
      response.on('close', () => {
        connection.answers.splice(connection.answers.indexOf(answer), 1);
        connection.since = performance.now();
        settle(connection);
      });
      return true;
    },
    closeIdle() {
      isClosing = true;
      for (const { socket, isReady, answers } of all.values()) if (isReady && answers.length === 0) socket.destroy();
    },
    closeAll() {
      for (const { socket } of all.values()) socket.destroy();
    },
    open: () => all.size,
  };
}
