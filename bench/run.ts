/**
 * `npm run bench -- <name> [--json]`: the figures behind our claims, on the machine it runs on, each beside a floor that is measured in turns with
 * it. `docs/performance.md` says what is measured and how.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compared, readRun } from './against.ts';
import { measureAll } from './all.ts';
import { type OpenBench, runBench } from './bench.ts';
import { connector } from './cases/connector.ts';
import { discovery } from './cases/discovery.ts';
import { durability } from './cases/durability.ts';
import { flood } from './cases/flood.ts';
import { flowsScale } from './cases/flows-scale.ts';
import { graph } from './cases/graph.ts';
import { journeys } from './cases/journeys.ts';
import { latency, latencyScan } from './cases/latency.ts';
import { latencyBackup } from './cases/latency-backup.ts';
import { page } from './cases/page.ts';
import { start } from './cases/start.ts';
import { clientCredentials, refresh } from './cases/tokens.ts';
import { enumeration } from './enumeration.ts';
import { hint } from './hint.ts';
import { quickPace, usualPace } from './measure.ts';
import { machine, printed, type Result, table } from './report.ts';
import { graphScale } from './scale/graph-scale.ts';

/** Measured in turns with their floors; one more argument is a word of what alone is to be measured. */
const inTurns: Readonly<Record<string, OpenBench>> = {
  journeys,
  refresh,
  'client-credentials': clientCredentials,
  discovery,
  graph,
  connector,
  page,
  durability,
};

/** Those that go their own way. */
const own: Readonly<Record<string, (args: readonly string[]) => Promise<Result>>> = {
  start,
  latency,
  flood,
  'flows-scale': flowsScale,
  'latency-backup': latencyBackup,
  'latency-scan': latencyScan,
  'graph-scale': graphScale,
};

/** Need minutes and gigabytes, so `all` leaves them out. */
const apart = ['latency-backup', 'latency-scan', 'graph-scale'];

const { values: wish, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    peer: { type: 'boolean', default: false },
    into: { type: 'string' },
    against: { type: 'string' },
  },
});
const [name = '', ...args] = positionals;

async function resultOf(name: string): Promise<Result | undefined> {
  const [bench, alone] = [inTurns[name], own[name]];
  if (bench) return runBench(bench, { isPeerWanted: wish.peer }, wish.quick ? quickPace : usualPace, args[0]);
  return alone?.(args);
}

const about = {
  command: `npm run bench -- ${process.argv.slice(2).join(' ')}`,
  date: new Date().toISOString().slice(0, 10),
  machine: machine(),
} as const;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const sayJson = (value: unknown): void => say(JSON.stringify(value, null, 2));

/** `all`: one after another, then every goal in one table. */
async function runAll(): Promise<void> {
  // Read first: a quarter of an hour later is too late to learn that it is the wrong file.
  const before = wish.against === undefined ? undefined : readRun(wish.against);
  const folder = wish.into ?? mkdtempSync(join(tmpdir(), 'usher-bench-run-'));
  const names = [...Object.keys(own), ...Object.keys(inTurns)].filter((one) => !apart.includes(one));
  const options = [...(wish.quick ? ['--quick'] : []), ...(wish.peer ? ['--peer'] : [])];
  const results = await measureAll(names, folder, options);
  const run = { ...about, results };
  writeFileSync(join(folder, 'all.json'), JSON.stringify(run, null, 2));
  hint(`everything is in ${folder}`);
  if (wish.json) sayJson(run);
  else {
    for (const [name, result] of Object.entries(results)) say(`\n## ${name}\n\n${printed(result)}`);
    say(`\n${table(Object.values(results).flatMap(({ rows }) => rows))}`);
  }
  if (before) process.stderr.write(`\n${compared(run, before)}\n`);
}

const usage = `usage: npm run bench -- NAME [WORD] [--quick] [--peer] [--json]
       npm run bench -- all [--into FOLDER] [--against FILE] [--quick] [--peer] [--json]

Names: ${['all', ...Object.keys(inTurns), ...Object.keys(own), 'enumeration'].join(', ')}
`;

async function runOne(): Promise<void> {
  const result = await resultOf(name);
  if (!result) {
    process.stderr.write(usage);
    process.exitCode = 2;
  } else if (wish.json) sayJson({ ...about, ...result });
  else say(printed(result));
}

if (!wish.json) say(`${about.machine}, ${about.date}\n${about.command}\n`);
if (name === 'enumeration') await enumeration();
else if (name === 'all') await runAll();
else await runOne();
