import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an API outside was sent. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Still = {
  readonly status?: number;
  readonly type?: string;
  readonly body: string | Buffer;
  readonly headers?: object;
};

/** What it sends back; a function: as it was asked; `hangs`: nothing, ever; `closes`: the connection goes away. */
export type Reaction = Still | 'hangs' | 'closes' | ((body: string) => Still | Promise<Still>);

/** A server that really listens on 127.0.0.1. */
export interface ListeningApi {
  readonly url: string;
  readonly received: readonly Received[];
  /** How it reacts from now on, call by call; the last one stays. */
  reacts(...reactions: readonly Reaction[]): void;
  /** Answers with this JSON. */
  answers(body: unknown): void;
  close(): Promise<void>;
}

export async function listeningApi(): Promise<ListeningApi> {
  const received: Received[] = [];
  let reactions: readonly Reaction[] = [];
  let calls = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const sent = Buffer.concat(chunks).toString('utf8');
      received.push({ headers: request.headers, body: sent });
      const chosen = reactions[Math.min(calls, reactions.length - 1)] ?? 'closes';
      calls += 1;
      const reaction = typeof chosen === 'function' ? await chosen(sent) : chosen;
      if (reaction === 'hangs') return;
      if (reaction === 'closes') {
        request.socket.destroy();
        return;
      }
      const { status = 200, type = 'application/json; charset=utf-8', headers = {}, body } = reaction;
      response.writeHead(status, { 'content-type': type, ...headers }).end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const reacts: ListeningApi['reacts'] = (...next) => {
    calls = 0;
    reactions = next;
  };
  return {
    url: `http://127.0.0.1:${port}/events`,
    received,
    reacts,
    answers: (body) => reacts({ body: JSON.stringify(body) }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What answers are called, without `microsoft.graph.`: the type of `data` and what an action begins with (b2c contract f.4). */
const names = {
  attributeCollectionStart: ['onAttributeCollectionStartResponseData', 'attributeCollectionStart'],
  attributeCollectionSubmit: ['onAttributeCollectionSubmitResponseData', 'attributeCollectionSubmit'],
  tokenIssuanceStart: ['onTokenIssuanceStartResponseData', 'tokenIssuanceStart'],
  emailOtpSend: ['OnOtpSendResponseData', 'OtpSend'],
  passwordSubmit: ['onPasswordSubmitResponseData', 'passwordSubmit'],
} as const;

type Members = Readonly<Record<string, unknown>>;

/** The answer of an API with one action. */
export const answering = (event: keyof typeof names, action: string, members: Members = {}, data: Members = {}) => ({
  data: {
    '@odata.type': `microsoft.graph.${names[event][0]}`,
    actions: [{ '@odata.type': `microsoft.graph.${names[event][1]}.${action}`, ...members }],
    ...data,
  },
});
