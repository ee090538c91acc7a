import type { OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { performance } from 'node:perf_hooks';
import type { Usher } from '../../test/support/usher.ts';

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  /** Below the origin, or a whole link that an answer gave. */
  readonly path: string;
  readonly body?: unknown;
  /** `ConsistencyLevel: eventual`. */
  readonly eventual?: boolean;
}

export interface Answered {
  readonly status: number;
  readonly body: string;
  /** From the request to the end of its answer. */
  readonly milliseconds: number;
}

/** A client of Graph that keeps its connections open. */
export interface Client {
  ask(asked: Asked): Promise<Answered>;
  close(): void;
}

/** `fetch` costs the client more than the server needs for an answer, and both have the same processors here. */
export async function newClient(usher: Usher, connections: number): Promise<Client> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  const authorization = `Bearer ${await usher.graphToken()}`;
  return {
    ask({ method = 'GET', path, body, eventual }) {
      const sent = body === undefined ? undefined : JSON.stringify(body);
      const headers: OutgoingHttpHeaders = { authorization };
      if (sent !== undefined) headers['content-type'] = 'application/json';
      if (sent !== undefined) headers['content-length'] = Buffer.byteLength(sent);
      if (eventual) headers['consistencylevel'] = 'eventual';
      return new Promise((resolve, reject) => {
        const began = performance.now();
        const going = request(new URL(path, usher.url), { agent, method, headers }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.once('error', reject);
          answer.once('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              body: Buffer.concat(chunks).toString(),
              milliseconds: performance.now() - began,
            }),
          );
        });
        going.once('error', reject);
        going.end(sent);
      });
    },
    close: () => agent.destroy(),
  };
}
