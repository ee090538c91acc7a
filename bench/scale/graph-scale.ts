import type { Usher } from '../../test/support/usher.ts';
import { hint, progressOf } from '../hint.ts';
import type { Result, Row } from '../report.ts';
import { type Client, newClient } from './client.ts';
import { type Measured, measure, type Server } from './rounds.ts';
import { routes } from './routes.ts';
import { fill, type Place, places } from './stores.ts';

const connections = 16;

const usualSizes = '1000,100000,1000000';

/**
 * How the server answers with few and with many users. `npm run bench -- graph-scale [ENGINE[,ENGINE]] [SIZE,SIZE…] [ROUTE]`: engines are
 * the keys of `places`, a route is a part of its name.
 */
export async function graphScale([
  engines = Object.keys(places).join(),
  sizes = usualSizes,
  route = '',
]: readonly string[]): Promise<Result> {
  const results: Result[] = [];
  for (const engine of engines.split(',')) results.push(await scaleOf(engine, sizes.split(',').map(Number), route));
  return {
    figures: [],
    rows: results.flatMap(({ rows }) => rows),
    remarks: results.flatMap(({ remarks = [] }) => remarks),
  };
}

async function scaleOf(engine: string, sizes: readonly number[], wanted: string): Promise<Result> {
  const open = engine === 'sqlite' || engine === 'postgres' ? places[engine] : undefined;
  if (!open) throw new Error(`There is no engine '${engine}'.`);
  const place = await open();
  const servers: Server[] = [];
  const rows: Row[] = [];
  const all = sizes.map((size) => size.toLocaleString('en')).join(' / ');
  const remarks = [`${place.engine}, ${all} users: p50 and p99 in ms, CPU in µs an answer, of each size.`];
  const say = (line: string) => {
    remarks.push(line);
    hint(line);
  };
  const asked = routes
    .filter(({ name }) => name.includes(wanted))
    .flatMap((route) => [1, connections].map((inFlight) => ({ route, inFlight })));
  try {
    for (const size of sizes) servers.push(await start(place, size));
    for (const { route, inFlight } of asked) {
      const measured = await measure(servers, route, inFlight);
      const name = `${route.name}, ${inFlight} at once`;
      say(`${name}: ${measured.map(cells).join(' · ')}`);
      if (route.promised) rows.push(rowOf(`${place.engine}, ${name}`, measured));
    }
    return { figures: [], rows, remarks };
  } finally {
    for (const { client } of servers) client.close();
    for (const { usher } of servers) await usher.stop();
    await place.remove();
  }
}

async function start(place: Place, size: number): Promise<Server> {
  const store = await place.make();
  await fill(store, size, progressOf(`${place.engine}, users`, size));
  const usher: Usher = await store.serve();
  const client: Client = await newClient(usher, connections);
  hint(`${place.engine}: a server with ${size.toLocaleString('en')} users runs`);
  return { size, client, usher };
}

const cells = ({ figure: { p50, p99, cpu } }: Measured): string =>
  `${p50.toFixed(2)} ${p99.toFixed(2)} ${cpu.toFixed(0)}`;

const rowOf = (name: string, measured: readonly Measured[]): Row => ({
  goal: `p99 with the most users ÷ with the fewest: ${name}`,
  unit: '×',
  better: 'less',
  must: 2,
  aim: 1.5,
  measured: (measured.at(-1)?.figure.p99 ?? Number.NaN) / (measured[0]?.figure.p99 ?? Number.NaN),
});
