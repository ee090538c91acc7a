import type { IncomingHttpHeaders } from 'node:http';
import { type Answering, listeningApi } from './listening-api.ts';

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

/** An API for authentication events that really listens. */
export interface EventApi {
  readonly url: string;
  readonly received: readonly Received[];
  /** How it reacts from now on, call by call; the last one stays. */
  reacts(...reactions: readonly Reaction[]): void;
  /** Answers with this JSON. */
  answers(body: unknown): void;
  close(): Promise<void>;
}

const reacting =
  (chosen: Reaction): Answering =>
  async (response, { text }, request) => {
    const reaction = typeof chosen === 'function' ? await chosen(text) : chosen;
    if (reaction === 'hangs') return;
    if (reaction === 'closes') {
      request.socket.destroy();
      return;
    }
    const { status = 200, type = 'application/json; charset=utf-8', headers = {}, body } = reaction;
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  };

export async function eventApi(): Promise<EventApi> {
  const api = await listeningApi();
  const reacts: EventApi['reacts'] = (...reactions) => {
    let calls = 0;
    api.answering = (...call) => {
      const chosen = reactions[Math.min(calls, reactions.length - 1)] ?? 'closes';
      calls += 1;
      return reacting(chosen)(...call);
    };
  };
  reacts();
  return {
    url: `http://127.0.0.1:${api.port}/events`,
    get received() {
      return api.calls.map(({ headers, text: body }) => ({ headers, body }));
    },
    reacts,
    answers: (body) => reacts({ body: JSON.stringify(body) }),
    close: api.close,
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
