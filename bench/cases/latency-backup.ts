import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Probed, probe, told } from '../probe.ts';
import type { Result } from '../report.ts';
import { startTarget } from '../target.ts';
import { probesOf } from './latency.ts';

const warmUp = 3000;
const span = 10_000;

/** As an operator runs it beside the server; resolves to the size of the copy in bytes. */
async function copy(databaseUrl: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-copy-'));
  try {
    const file = join(folder, 'copy.db');
    const program = join(import.meta.dirname, '../../bin/usher.mjs');
    const given = [program, 'backup', file, '--database', databaseUrl];
    const child = spawn(process.execPath, given, { stdio: ['ignore', 'ignore', 'inherit'] });
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
    return statSync(file).size;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const worstOf = (found: readonly Probed[]): number => Math.max(...found.map(({ p99 }) => p99));

/** How long others wait while a copy of the database is made. Argument: how many people are in it. */
export async function latencyBackup([size = '100000']: readonly string[]): Promise<Result> {
  const target = await startTarget(Number(size));
  try {
    const probes = await probesOf(target);
    await probe(probes, warmUp);
    const quiet = await probe(probes, span);
    const making = { done: false, copies: 0, bytes: 0 };
    const going = (async () => {
      for (; !making.done; making.copies += 1) making.bytes = await copy(target.databaseUrl);
    })();
    const busy = await probe(probes, span).finally(() => {
      making.done = true;
      return going;
    });
    const megabytes = (making.bytes / 1e6).toFixed(0);
    return {
      figures: [],
      rows: [
        {
          goal: `p99 of others while copies are made (${size} people, ${megabytes} MB)`,
          unit: 'ms',
          better: 'less',
          must: 25,
          aim: 10,
          measured: worstOf(busy),
        },
      ],
      remarks: [
        `${making.copies} copies one after another.`,
        `Without: ${quiet.map(told).join('; ')}.`,
        `Meanwhile: ${busy.map(told).join('; ')}.`,
      ],
    };
  } finally {
    await target.close();
  }
}
