import { performance } from 'node:perf_hooks';
import type { Usher } from '../../test/support/usher.ts';
import { cpuSeconds } from '../cpu.ts';
import { ascending, median, quantile } from '../measure.ts';
import type { Client } from './client.ts';
import type { Going, Route } from './routes.ts';

/** A running server with so many users. */
export interface Server {
  readonly size: number;
  readonly client: Client;
  readonly usher: Usher;
}

export interface Figure {
  /** Milliseconds from the request to the end of its answer. */
  readonly p50: number;
  readonly p99: number;
  /** Of the server's process, all threads, for one answer; in microseconds. */
  readonly cpu: number;
}

export interface Measured {
  readonly size: number;
  readonly figure: Figure;
}

const rounds = 10;
const perRound = 200;
const warmUp = 100;
/** After so many milliseconds of one route the rounds that are there have to do, if they are a few. */
const longest = 60_000;
const few = 3;

/**
 * Asks every server in turns, a few questions each, so that whatever else the machine does meets all of them alike, and takes the median of the rounds.
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
  const share = route.heavy ? 10 : 1;
  for (const { server, next } of lanes) await round(server.client, next, warmUp / share);
  const block = Math.min(inFlight === 1 ? 20 : 100, perRound / share);
  const end = performance.now() + longest;
  const goesOn = (at: number) => at < few || performance.now() < end;
  for (let at = 0; at < rounds && goesOn(at); at += 1) {
    const taken = lanes.map(({ server }) => ({ cpu: -cpuSeconds(server.usher.pid), milliseconds: [] as number[] }));
    for (let asked = 0; asked < perRound / share; asked += block) {
      for (const [index, { server, next }] of lanes.entries()) {
        taken[index]?.milliseconds.push(...(await round(server.client, next, block)));
      }
    }
    for (const [index, { cpu, milliseconds }] of taken.entries()) {
      const lane = lanes[index];
      if (!lane) continue;
      const sorted = ascending(milliseconds);
      const used = ((cpu + cpuSeconds(lane.server.usher.pid)) * 1e6) / sorted.length;
      lane.found.push({ p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), cpu: used });
    }
  }
  return lanes.map(({ server: { size }, found }) => {
    const middle = (name: keyof Figure) => median(found.map((figure) => figure[name]));
    return { size, figure: { p50: middle('p50'), p99: middle('p99'), cpu: middle('cpu') } };
  });
}

/** Milliseconds of one question, or of one act. */
async function timed(client: Client, going: Going): Promise<number> {
  if (typeof going === 'function') {
    const { check, ...asked } = going();
    const answered = await client.ask(asked);
    check(answered);
    return answered.milliseconds;
  }
  const began = performance.now();
  await going.act();
  return performance.now() - began;
}

async function round(client: Client, next: readonly Going[], count: number): Promise<readonly number[]> {
  const milliseconds: number[] = [];
  let left = count;
  const lane = async (going: Going) => {
    while (left > 0) {
      left -= 1;
      milliseconds.push(await timed(client, going));
    }
  };
  await Promise.all(next.map(lane));
  return milliseconds;
}
