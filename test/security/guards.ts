import type { Guard } from './guards/guard.ts';
import { isolation } from './guards/isolation.ts';
import { journeys } from './guards/journeys.ts';
import { protocol } from './guards/protocol.ts';
import { providers } from './guards/providers.ts';
import { server } from './guards/server.ts';

/** Every guard that a test has to miss when it is gone; `run-guards.ts` takes them out one at a time. */
export const guards: readonly Guard[] = [...journeys, ...providers, ...protocol, ...server, ...isolation];
