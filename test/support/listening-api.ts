import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from './loopback.ts';

/** What an API was sent. */
export interface ApiCall {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The text, parsed. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** How an API answers; the body was read before. */
export type Answering = (response: ServerResponse, call: ApiCall, request: IncomingMessage) => void;

/** An API that really listens on loopback, and does what a test says. */
export interface ListeningApi {
  readonly origin: string;
  readonly port: number;
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

const raw =
  (content: string | Buffer, type = 'application/json'): Answering =>
  (response) =>
    void response.writeHead(200, { 'content-type': type }).end(content);

/** Stops in the middle of a sentence. */
const half: Answering = (response, _, request) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"version"', () => request.socket.destroy());
};

/** Says something all the time and never comes to an end. */
const drip: Answering = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(timer));
};

/** How an API of any kind can fail, whatever it was asked. */
export const failing = {
  hangs: () => undefined,
  'closes the connection': (_, __, request) => void request.socket.destroy(),
  'closes it in the middle of the answer': half,
  drips: drip,
  'answers 500': json({}, 500),
  'sends it inside': (response) => void response.writeHead(302, { location: 'http://127.0.0.1/' }).end(),
  'answers 3 MB': raw(Buffer.alloc(3_000_000, ' ')),
  'answers HTML': raw('<html></html>', 'text/html'),
  'answers what is no UTF-8': raw(Buffer.from([0x22, 0xc3, 0x28, 0x22])),
  'answers what is no JSON': raw('{'),
} as const satisfies Readonly<Record<string, Answering>>;

/** `tls`: over HTTPS. */
export async function listeningApi(tls?: ServerOptions): Promise<ListeningApi> {
  let connections = 0;
  const calls: ApiCall[] = [];
  const listener: RequestListener = async (request, response) => {
    const sent = await text(request);
    const { method, url, headers } = request;
    const call = { method, url, headers, text: sent, body: JSON.parse(sent || '{}') };
    calls.push(call);
    api.answering(response, call, request);
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  server.on(tls ? 'secureConnection' : 'connection', () => {
    connections += 1;
  });
  const { port, close } = await listenOnLoopback(server);
  const api: ListeningApi = {
    origin: `${tls ? 'https' : 'http'}://localhost:${port}`,
    port,
    calls,
    get connections() {
      return connections;
    },
    answering: goOn(),
    close,
  };
  return api;
}
