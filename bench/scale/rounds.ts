import type { Client } from './client.ts';
import type { Question, Route } from './routes.ts';

/** A running server with so many users. */
export interface Server {
  readonly size: number;
  readonly client: Client;
}

/** Milliseconds. */
export interface Figure {
  readonly p50: number;
  readonly p99: number;
}

export interface Measured {
  readonly size: number;
  readonly figure: Figure;
}

const rounds = 5;
const perRound = 400;
const warmUp = 200;

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

const ascending = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => quantile(ascending(values), 0.5);

/**
 * Asks every server in turns, round by round, so that whatever else the machine does meets all of them alike, and takes the median of the rounds.
 */
export async function measure(
  servers: readonly Server[],
  route: Route,
  inFlight: number,
): Promise<readonly Measured[]> {
  const lanes = await Promise.all(
    servers.map(async (server) => {
      const lane = await route.prepare(server);
      return { server, next: Array.from({ length: inFlight }, lane), found: [] as Figure[] };
    }),
  );
  for (const { server, next } of lanes) await round(server.client, next, warmUp);
  for (let at = 0; at < rounds; at += 1) {
    for (const { server, next, found } of lanes) {
      const sorted = ascending(await round(server.client, next, perRound));
      found.push({ p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) });
    }
  }
  return lanes.map(({ server: { size }, found }) => ({
    size,
    figure: { p50: median(found.map(({ p50 }) => p50)), p99: median(found.map(({ p99 }) => p99)) },
  }));
}

async function round(client: Client, next: readonly (() => Question)[], count: number): Promise<readonly number[]> {
  const milliseconds: number[] = [];
  let left = count;
  const lane = async (question: () => Question) => {
    while (left > 0) {
      left -= 1;
      const { check, ...asked } = question();
      const answered = await client.ask(asked);
      milliseconds.push(answered.milliseconds);
      check(answered);
    }
  };
  await Promise.all(next.map(lane));
  return milliseconds;
}
