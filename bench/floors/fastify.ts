import type { RequestListener } from 'node:http';
import { libraryModule } from './libraries.ts';

interface Reply {
  type(mediaType: string): Reply;
  send(body: string): Reply;
}

/** The part of a request that a floor reads. */
export interface Asked {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

interface Fastify {
  get(path: string, handle: (asked: Asked, reply: Reply) => Promise<unknown>): void;
  ready(): Promise<unknown>;
  readonly routing: RequestListener;
}

/** Fastify with its own settings. */
export async function newFastify(): Promise<Fastify> {
  const { default: fastify } = (await libraryModule('fastify')) as { readonly default: () => Fastify };
  return fastify();
}
