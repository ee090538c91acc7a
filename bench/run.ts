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
import { machine, printed, type Result } from './report.ts';
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
  'latency-scan': latencyScan,
  'flows-scale': flowsScale,
};

/** Those that print as they go. */
const printing: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  'graph-scale': graphScale,
  enumeration,
};

const given = process.argv.slice(2);
const [name = '', ...args] = given.filter((argument) => !argument.startsWith('--'));
const bench = inTurns[name];

function print(result: Result): void {
  const about = {
    command: `npm run bench -- ${given.join(' ')}`,
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
  };
  const text = given.includes('--json')
    ? JSON.stringify({ ...about, ...result }, null, 2)
    : `${about.machine}, ${about.date}\n${about.command}\n\n${printed(result)}`;
  process.stdout.write(`${text}\n`);
}

if (bench) {
  print(
    await runBench(
      bench,
      { isPeerWanted: given.includes('--peer') },
      given.includes('--quick') ? quickPace : usualPace,
      args[0],
    ),
  );
} else if (own[name]) {
  print(await own[name](args));
} else if (printing[name]) {
  process.stdout.write(`${machine()}\n\n`);
  await printing[name](args);
} else {
  const names = [...Object.keys(inTurns), ...Object.keys(own), ...Object.keys(printing)].join(', ');
  process.stderr.write(`usage: npm run bench -- NAME [WORD] [--quick] [--json]\n\nNames: ${names}\n`);
  process.exitCode = 2;
}
