import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Face } from '../../src/http/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { listenOnLoopback } from '../support/loopback.ts';

export interface Listener {
  readonly origin: string;
  close(): Promise<void>;
}

/** Carries faces over plain HTTP on a free loopback port: pages alone, without the rest of the server. */
export async function listen(faces: readonly Face[]): Promise<Listener> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const face = faces.find((one) => one.answers(url));
    const reply = await face?.handle({
      method: request.method ?? 'GET',
      url,
      headers: request.headers,
      body: async () => body,
      remoteAddress: '127.0.0.1',
      correlationId: newId(),
      route: face.routeOf?.(url) ?? '',
    });
    response.writeHead(reply?.status ?? 404, reply?.headers as Record<string, string> | undefined).end(reply?.body);
  });
  const { port, close } = await listenOnLoopback(server);
  return { origin: `http://localhost:${port}`, close };
}
