import { performance } from 'node:perf_hooks';
import type { Usher } from '../../test/support/usher.ts';
import { type Client, newClient } from './client.ts';
import { type Measured, measure, type Server } from './rounds.ts';
import { type Route, routes } from './routes.ts';
import { fill, type Place, places } from './stores.ts';

const connections = 16;
const most = 2;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const hint = (line: string): void => void process.stderr.write(`${line}\n`);
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(0)} s`;

const usualSizes = '1000,100000,1000000';

/**
 * How the management API answers with few and with many users. `npm run bench -- graph-scale [ENGINE[,ENGINE]] [SIZE,SIZE…] [ROUTE]`: engines are
 * the keys of `places`, a route is a part of its name.
 */
export async function graphScale([
  engines = Object.keys(places).join(),
  sizes = usualSizes,
  route = '',
]: readonly string[]): Promise<void> {
  for (const engine of engines.split(',')) await scaleOf(engine, sizes.split(',').map(Number), route);
}

async function scaleOf(engine: string, sizes: readonly number[], wanted: string): Promise<void> {
  const open = engine === 'sqlite' || engine === 'postgres' ? places[engine] : undefined;
  if (!open) throw new Error(`There is no engine '${engine}'.`);
  const place = await open();
  const running: (Usher & Running)[] = [];
  try {
    say(`\n${place.engine}, ${sizes.map((size) => size.toLocaleString('en')).join(' / ')} users`);
    for (const size of sizes) running.push(await start(place, size));
    const servers: readonly Server[] = running.map(({ size, client, pid }) => ({ size, client, pid }));
    for (const inFlight of [1, connections]) {
      say(
        `\n${inFlight === 1 ? 'one request after another' : `${inFlight} connections`}, of each size p50 and p99 in ms, CPU in µs; then the last p99 over the first`,
      );
      for (const route of routes.filter(({ name }) => name.includes(wanted))) await report(servers, route, inFlight);
    }
  } finally {
    for (const one of running) one.client.close();
    for (const one of running) await one.stop();
    await place.remove();
  }
}

interface Running {
  readonly size: number;
  readonly client: Client;
}

async function start(place: Place, size: number): Promise<Usher & Running> {
  const began = performance.now();
  const store = await place.make();
  let told = 0;
  await fill(store, size, (done) => {
    if (done - told < size / 10 || size < 100_000) return;
    told = done;
    hint(`${place.engine}: ${done.toLocaleString('en')} of ${size.toLocaleString('en')} users, ${seconds(began)}`);
  });
  const usher = await store.start();
  say(`filled with ${size.toLocaleString('en')} users in ${seconds(began)}`);
  return { ...usher, size, client: await newClient(usher, connections) };
}

async function report(servers: readonly Server[], route: Route, inFlight: number): Promise<void> {
  const measured = await measure(servers, route, inFlight);
  const cells = measured.map(
    ({ figure: { p50, p99, cpu } }) =>
      `${p50.toFixed(2).padStart(9)}${p99.toFixed(2).padStart(8)}${cpu.toFixed(0).padStart(7)}`,
  );
  const ratio = ratioOf(measured);
  const verdict = route.promised ? (ratio <= most ? '  kept' : '  NOT KEPT') : '';
  say(`${route.name.padEnd(28)}${cells.join('')}${`× ${ratio.toFixed(2)}`.padStart(10)}${verdict}`);
}

const ratioOf = (measured: readonly Measured[]): number =>
  (measured.at(-1)?.figure.p99 ?? Number.NaN) / (measured[0]?.figure.p99 ?? Number.NaN);
