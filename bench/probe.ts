import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { ascending, quantile } from './measure.ts';

/** One question that somebody asks now and then, while something else goes on. */
export interface Probe {
  readonly name: string;
  ask(): Promise<void>;
}

export interface Probed {
  readonly name: string;
  readonly count: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

/** Asks each of them again and again for so many milliseconds, with a pause of a few between two questions. */
export async function probe(probes: readonly Probe[], milliseconds: number): Promise<readonly Probed[]> {
  const end = performance.now() + milliseconds;
  const one = async ({ name, ask }: Probe): Promise<Probed> => {
    const times: number[] = [];
    while (performance.now() < end) {
      const began = performance.now();
      await ask();
      times.push(performance.now() - began);
      await setTimeout(5);
    }
    const sorted = ascending(times);
    const [p50, p99] = [quantile(sorted, 0.5), quantile(sorted, 0.99)];
    return { name, count: sorted.length, p50, p99, worst: sorted.at(-1) ?? Number.NaN };
  };
  return Promise.all(probes.map(one));
}

export const told = ({ name, count, p50, p99, worst }: Probed): string =>
  `${name}: ${count} answers, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, worst ${worst.toFixed(0)} ms`;
