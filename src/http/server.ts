import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';

/** Key and certificate chain in PEM. */
export interface Tls {
  readonly key: string;
  readonly cert: string;
}

/** How the server reads what comes; milliseconds and bytes. */
interface Reading {
  readonly handshakeTimeout: number;
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  readonly connectionsCheckingInterval: number;
  readonly maxHeaderSize: number;
}

const minVersion = 'TLSv1.2';

/** With `tls` one that speaks HTTPS, else plain HTTP for a proxy that does. */
export function createHttpServer(tls: Tls | undefined, reading: Reading, handle: RequestListener): Server {
  if (!tls) return createPlainServer(reading, handle);
  const server = createTlsServer({ ...tls, minVersion, ...reading }, handle);
  // Nothing can be said before the handshake is done: it would wait for that, and keep the connection.
  return server.on('tlsClientError', (_, socket) => socket.destroy());
}

/** Shows another certificate from now on; connections that are open keep theirs. */
export function renewTls(server: Server, tls: Tls): void {
  if (server instanceof TlsServer) server.setSecureContext({ ...tls, minVersion });
}

/** When a connection can carry a request: once its handshake is done, if there is one. */
export const readyEvent = (server: Server): 'secureConnection' | 'connection' =>
  server instanceof TlsServer ? 'secureConnection' : 'connection';
