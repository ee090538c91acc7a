import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listenOnLoopback } from './loopback.ts';

/** A collector that keeps what it is sent, by the path it is sent to (OTLP/HTTP: `/v1/traces`, `/v1/metrics`). */
export interface OtlpReceiver {
  readonly endpoint: string;
  /** Everything so far as it came, protobuf: texts stand in it as they are. */
  received(path: '/v1/traces' | '/v1/metrics'): Buffer;
  close(): Promise<void>;
}

export async function otlpReceiver(): Promise<OtlpReceiver> {
  const bodies = new Map<string, Buffer[]>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    bodies.set(path, [...(bodies.get(path) ?? []), await buffer(request)]);
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    received: (path) => Buffer.concat(bodies.get(path) ?? []),
    close,
  };
}
