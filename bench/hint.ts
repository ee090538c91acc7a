import { performance } from 'node:perf_hooks';

const began = performance.now();

/** Says how far a long measurement has come, beside its result; with the seconds since its start. */
export function hint(line: string): void {
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
}
