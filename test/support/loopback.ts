import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that listens on a free port of this machine. */
export interface Loopback {
  readonly port: number;
  /** Also breaks off what is under way. */
  close(): Promise<void>;
}

/** Lets a server listen until it is closed. `host`: `localhost` when it has to be found at whatever address that name has. */
export async function listenOnLoopback(server: Server, host = '127.0.0.1'): Promise<Loopback> {
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
