import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What an API was sent. */
export interface ApiCall {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How an API answers; the body was read before. */
export type Answering = (response: ServerResponse, call: ApiCall, request: IncomingMessage) => void;

/** An API that really listens on loopback, and does what a test says. */
export interface ListeningApi {
  readonly origin: string;
  readonly calls: ApiCall[];
  /** Connections so far. */
  readonly connections: number;
  answering: Answering;
  close(): Promise<void>;
}

/** Answers with JSON. */
export const json =
  (body: unknown, status = 200): Answering =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

export const goOn = (claims: Readonly<Record<string, unknown>> = {}): Answering =>
  json({ version: '1.0.0', action: 'Continue', ...claims });

export const blocking = (userMessage: string): Answering =>
  json({ version: '1.0.0', action: 'ShowBlockPage', userMessage });

export const complaining = (userMessage: string): Answering =>
  json({ version: '1.0.0', status: 400, action: 'ValidationError', userMessage }, 400);

/** `tls`: over HTTPS. */
export async function listeningApi(tls?: ServerOptions): Promise<ListeningApi> {
  let connections = 0;
  const calls: ApiCall[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    const call = { method, url, headers, body: JSON.parse(Buffer.concat(chunks).toString() || '{}') };
    calls.push(call);
    api.answering(response, call, request);
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  server.on(tls ? 'secureConnection' : 'connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const api: ListeningApi = {
    origin: `${tls ? 'https' : 'http'}://localhost:${port}`,
    calls,
    get connections() {
      return connections;
    },
    answering: goOn(),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return api;
}
