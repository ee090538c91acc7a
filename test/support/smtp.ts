import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { setDefaultCACertificates } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { certificateFor } from './certificate.ts';

/** A letter as it went over the wire. */
export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body, with CRLF. */
  readonly source: string;
  readonly encrypted: boolean;
}

export interface MailServer {
  readonly port: number;
  readonly received: readonly Received[];
  /** Connections that were opened so far. */
  readonly connections: number;
}

const portOf = (server: { address(): unknown }): number => (server.address() as { readonly port: number }).port;

/** A mail server on the loopback address, by default with STARTTLS and a certificate for `localhost` that this process trusts. */
export async function startMailServer(
  t: { after(end: () => Promise<void>): void },
  options: SMTPServerOptions & { untrusted?: boolean } = {},
): Promise<MailServer> {
  const { certificate: cert, key } = certificateFor('localhost');
  setDefaultCACertificates(options.untrusted ? [] : [cert]);
  const received: Received[] = [];
  let connections = 0;
  const server = new SMTPServer({
    cert,
    key,
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 1,
    onConnect(_, done) {
      connections += 1;
      done();
    },
    async onData(stream, { envelope, secure }, done) {
      const chunks = await stream.toArray();
      const { mailFrom, rcptTo } = envelope;
      const from = mailFrom ? mailFrom.address : '';
      const to = rcptTo.map(({ address }) => address);
      received.push({ from, to, source: Buffer.concat(chunks).toString(), encrypted: secure });
      done();
    },
    ...options,
  });
  // A client that gives up breaks its connection.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  t.after(() => new Promise<void>((resolve) => server.close(resolve)));
  return {
    port: portOf(server.server),
    received,
    get connections() {
      return connections;
    },
  };
}

/** The one-time code in a letter. */
export function codeIn(letter: Received | undefined, to: string): string {
  const [code] =
    /(?<=[\s>])\d{6,8}(?=[\s<.])/.exec(letter?.source.slice(letter.source.indexOf('\r\n\r\n')) ?? '') ?? [];
  assert.ok(code, `no code was mailed to ${to}`);
  return code;
}

/** A listener that does with each connection what `handle` says; whatever stays open is closed with the test. */
export async function startSocketServer(t: TestContext, handle: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return portOf(server);
}
