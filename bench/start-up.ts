import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { seeded, startUsher } from '../test/support/usher.ts';

/** From the start of the `usher` process to its first answered request, in milliseconds. */
async function once(data: string): Promise<number> {
  const started = performance.now();
  const usher = await startUsher({ data });
  const path = `/${seeded.tenant}/${seeded.flow}/v2.0/.well-known/openid-configuration`;
  await (await fetch(`${usher.url}${path}`)).json();
  const milliseconds = performance.now() - started;
  await usher.stop();
  return milliseconds;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Five cold starts on an empty data folder and five on an existing one; prints the medians. */
export async function startUp(): Promise<void> {
  const empty: number[] = [];
  const existing: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const data = mkdtempSync(join(tmpdir(), 'usher-bench-'));
    try {
      empty.push(await once(data));
      existing.push(await once(data));
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  }
  process.stdout.write(`start to first answer, empty data:    ${median(empty).toFixed(0)} ms (median of 5)\n`);
  process.stdout.write(`start to first answer, existing data: ${median(existing).toFixed(0)} ms (median of 5)\n`);
}
