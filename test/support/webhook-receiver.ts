import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { listenOnLoopback } from './loopback.ts';

/** One call as a receiver sees it. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body, parsed. */
  readonly told: { readonly type: string; readonly data: Readonly<Record<string, unknown>> } & Readonly<
    Record<string, unknown>
  >;
}

export interface Receiver {
  readonly url: string;
  readonly calls: readonly Received[];
  /** Resolves when so many calls have come in, and to them. */
  received(count: number): Promise<readonly Received[]>;
  /** How the next calls are answered, counted from 1; with 204 unless told. */
  answer(how: (response: ServerResponse, count: number) => void): void;
}

/** A server on a free port of this machine that takes every call. */
export async function listen(t: Pick<TestContext, 'after'>): Promise<Receiver> {
  const calls: Received[] = [];
  let waiting: { readonly count: number; readonly go: () => void }[] = [];
  let respond = (response: ServerResponse, _count: number): void => void response.writeHead(204).end();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    calls.push({ headers: request.headers, body, told: JSON.parse(body) });
    respond(response, calls.length);
    for (const { count, go } of waiting) if (calls.length >= count) go();
    waiting = waiting.filter(({ count }) => calls.length < count);
  });
  const { port, close } = await listenOnLoopback(server);
  t.after(close);
  return {
    url: `http://127.0.0.1:${port}/hook`,
    calls,
    async received(count) {
      if (calls.length < count) await new Promise<void>((go) => waiting.push({ count, go }));
      return calls;
    },
    answer(how) {
      respond = how;
    },
  };
}
