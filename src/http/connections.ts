import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { readyEvent } from './server.ts';

/** The open connections of a server, so that it can be closed without waiting for idle ones. */
export interface Connections {
  /** Closes those without a request under way; the others close after their answer. */
  closeIdle(): void;
  closeAll(): void;
}

export function watchConnections(server: Server): Connections {
  const all = new Set<Socket>();
  /** Requests under way by connection, once its handshake is done. */
  const busy = new Map<Socket, number>();
  server.on('connection', (socket: Socket) => {
    all.add(socket);
    socket.once('close', () => all.delete(socket));
  });
  server.on(readyEvent(server), (socket: Socket) => {
    busy.set(socket, 0);
    socket.once('close', () => busy.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.once('close', () => {
      if (busy.has(socket)) busy.set(socket, (busy.get(socket) ?? 1) - 1);
    });
  });
  return {
    closeIdle() {
      for (const [socket, requests] of busy) if (requests === 0) socket.destroy();
    },
    closeAll() {
      for (const socket of all) socket.destroy();
    },
  };
}
