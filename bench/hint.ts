import { performance } from 'node:perf_hooks';

const began = performance.now();

/** Says how far a long measurement has come, beside its result; with the seconds since its start. */
export function hint(line: string): void {
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
}

/** Says each tenth of something long; what is short says nothing. */
export function progressOf(what: string, all: number): (done: number) => void {
  let told = 0;
  return (done) => {
    if (all < 100_000 || done - told < all / 10) return;
    told = done;
    hint(`${what}: ${done.toLocaleString('en')} of ${all.toLocaleString('en')}`);
  };
}
