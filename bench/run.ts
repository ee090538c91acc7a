/**
 * `npm run bench -- <name> [--json]`: the figures behind our claims, on the machine it runs on, each beside a floor that is measured in turns with
 * it. `docs/performance.md` says what is measured and how.
 */

import { type OpenBench, runBench } from './bench.ts';
import { connector } from './cases/connector.ts';
import { discovery } from './cases/discovery.ts';
import { durability } from './cases/durability.ts';
import { flood } from './cases/flood.ts';
import { flowsScale } from './cases/flows-scale.ts';
import { graph } from './cases/graph.ts';
import { journeys } from './cases/journeys.ts';
import { latency, latencyScan } from './cases/latency.ts';
import { page } from './cases/page.ts';
import { start } from './cases/start.ts';
import { clientCredentials, refresh } from './cases/tokens.ts';
import { enumeration } from './enumeration.ts';
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
  'latency-scan': latencyScan,
  'graph-scale': graphScale,
};

/** Need minutes and gigabytes, so `all` leaves them out. */
const apart = ['latency-scan', 'graph-scale'];

const given = process.argv.slice(2);
const [name = '', ...args] = given.filter((argument) => !argument.startsWith('--'));

async function resultOf(name: string): Promise<Result | undefined> {
  const [bench, alone] = [inTurns[name], own[name]];
  const pace = given.includes('--quick') ? quickPace : usualPace;
  if (bench) return runBench(bench, { isPeerWanted: given.includes('--peer') }, pace, args[0]);
  return alone?.(args);
}

function about() {
  const date = new Date().toISOString().slice(0, 10);
  return { command: `npm run bench -- ${given.join(' ')}`, date, machine: machine() };
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** `all`: one after another, then every goal in one table. */
async function runAll(): Promise<void> {
  const results: Record<string, Result> = {};
  for (const name of [...Object.keys(own), ...Object.keys(inTurns)].filter((one) => !apart.includes(one))) {
    process.stderr.write(`${name} …\n`);
    const result = await resultOf(name);
    if (result) results[name] = result;
  }
  if (given.includes('--json')) return say(JSON.stringify({ ...about(), results }, null, 2));
  for (const [name, result] of Object.entries(results)) say(`\n## ${name}\n\n${printed(result)}`);
  say(`\n${table(Object.values(results).flatMap(({ rows }) => rows))}`);
}

async function runOne(): Promise<void> {
  const result = await resultOf(name);
  if (!result) {
    const names = ['all', ...Object.keys(inTurns), ...Object.keys(own), 'enumeration'].join(', ');
    process.stderr.write(`usage: npm run bench -- NAME [WORD] [--quick] [--peer] [--json]\n\nNames: ${names}\n`);
    process.exitCode = 2;
  } else if (given.includes('--json')) say(JSON.stringify({ ...about(), ...result }, null, 2));
  else say(printed(result));
}

if (!given.includes('--json')) say(`${about().machine}, ${about().date}\n${about().command}\n`);
if (name === 'enumeration') await enumeration();
else if (name === 'all') await runAll();
else await runOne();
