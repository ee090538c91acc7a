/**
 * `npm run bench`: the figures behind our claims, on the machine it runs on. Each case drives a running `usher dev` over
 * loopback and reports operations per second and the CPU time of the server's process per operation, all threads, which
 * repeats within about ten per cent where wall time does not. `npm run bench -- sign-in` runs the cases whose name matches.
 * `npm run bench -- graph-scale` takes minutes and runs only when asked for: see `scale/graph-scale.ts`; so does `enumeration`.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { startUsher, type Usher } from '../test/support/usher.ts';
import { cases } from './cases.ts';
import { cpuSeconds } from './cpu.ts';
import { enumeration } from './enumeration.ts';
import { graphScale } from './scale/graph-scale.ts';
import { startUp } from './start-up.ts';

function residentMegabytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

async function measure(usher: Usher, run: () => Promise<void>, count: number, inFlight: number) {
  const cpu = cpuSeconds(usher.pid);
  const started = performance.now();
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await run();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const seconds = (performance.now() - started) / 1000;
  return { perSecond: count / seconds, cpuMicroseconds: ((cpuSeconds(usher.pid) - cpu) * 1e6) / count };
}

const wanted = process.argv[2] ?? '';

async function runCases(): Promise<void> {
  if ('start-up'.includes(wanted)) await startUp();
  const usher = await startUsher();
  try {
    process.stdout.write(`resident memory, idle after start: ${residentMegabytes(usher.pid).toFixed(0)} MB\n\n`);
    process.stdout.write(`${'case'.padEnd(44)}${'per second'.padStart(12)}${'CPU µs each'.padStart(14)}\n`);
    for (const { name, prepare, count, inFlight } of cases) {
      if (!name.includes(wanted)) continue;
      const run = await prepare(usher);
      await measure(usher, run, Math.ceil(count / 10), inFlight);
      const { perSecond, cpuMicroseconds } = await measure(usher, run, count, inFlight);
      process.stdout.write(
        `${name.padEnd(44)}${perSecond.toFixed(0).padStart(12)}${cpuMicroseconds.toFixed(0).padStart(14)}\n`,
      );
    }
    process.stdout.write(`\nresident memory, after the load: ${residentMegabytes(usher.pid).toFixed(0)} MB\n`);
  } finally {
    await usher.stop();
  }
}

process.stdout.write(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node.js ${process.version}\n\n`);
if (wanted === 'graph-scale') await graphScale(process.argv.slice(3));
else if (wanted === 'enumeration') await enumeration();
else await runCases();
