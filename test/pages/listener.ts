import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Face, taken } from '../../src/http/index.ts';
import { newId } from '../../src/kernel/index.ts';

export interface Listener {
  readonly origin: string;
  close(): Promise<void>;
}

/** Carries faces over plain HTTP on a free loopback port: pages alone, without the rest of the server. */
export async function listen(faces: readonly Face[]): Promise<Listener> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const face = faces.find((one) => one.answers(url));
    const reply = await face?.handle({
      method: request.method ?? 'GET',
      url,
      headers: request.headers,
      body: async () => Buffer.concat(chunks),
      remoteAddress: '127.0.0.1',
      correlationId: newId(),
      raw: { request, response },
    });
    if (reply === taken) return;
    response.writeHead(reply?.status ?? 404, reply?.headers as Record<string, string> | undefined).end(reply?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  assert.ok(port > 0);
  return {
    origin: `http://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
