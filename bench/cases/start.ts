import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startServe } from '../../test/support/serve.ts';
import { startUsher, type Usher } from '../../test/support/usher.ts';
import { cpuSeconds } from '../cpu.ts';
import { deploymentOf } from '../deployed.ts';
import { median, spreadOf } from '../measure.ts';
import type { Result, Row } from '../report.ts';

const rounds = 7;

interface Started {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
}

/** From the start of the process to its first token, with the RSA keys that an empty database lacks. */
async function once(open: () => Promise<Usher>): Promise<Started> {
  const began = performance.now();
  const usher = await open();
  await usher.graphToken();
  const taken = { milliseconds: performance.now() - began, cpuMilliseconds: cpuSeconds(usher.pid) * 1000 };
  await usher.stop();
  return taken;
}

/** What Node.js itself needs to run nothing. */
function bareNode(): number {
  const began = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - began;
}

/** Cold starts of `usher dev` on an empty data folder, and of `usher serve` on what that has made, in turns. */
export async function start(): Promise<Result> {
  const found = { empty: [] as Started[], existing: [] as Started[], node: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const data = mkdtempSync(join(tmpdir(), 'usher-bench-'));
    try {
      const deployed = deploymentOf(`sqlite:${join(data, 'usher.db')}`);
      found.empty.push(await once(() => startUsher({ data, args: ['--encryption-key', deployed.key] })));
      found.existing.push(await once(() => startServe(deployed)));
      found.node.push(bareNode());
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  }
  const row = (goal: string, must: number, aim: number, of: readonly Started[]): Row => {
    const times = of.map(({ milliseconds }) => milliseconds);
    return { goal, unit: 'ms', better: 'less', must, aim, measured: median(times), spread: spreadOf(times) };
  };
  const cpu = (of: readonly Started[]) => `${median(of.map(({ cpuMilliseconds }) => cpuMilliseconds)).toFixed(0)} ms`;
  return {
    figures: [],
    rows: [
      row('start on existing data, to the first token', 600, 350, found.existing),
      row('start on empty data, keys made, to the first token', 1200, 800, found.empty),
    ],
    remarks: [
      `Processor time of these starts, all threads: existing ${cpu(found.existing)}, empty ${cpu(found.empty)}. Node.js with an empty program: ${median(found.node).toFixed(0)} ms.`,
    ],
  };
}
