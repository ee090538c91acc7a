import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './usher.ts';

/** A machine whose clock a test sets. */
export interface Machine {
  /** So many seconds ahead of the others; behind, when negative. */
  set(seconds: number): void;
  /** Starts something on it, one thing at a time in this process. */
  run<T>(start: () => Promise<T>): Promise<T>;
}

const preload = new URL('moved-clock.ts', import.meta.url).href;

export function machine(seconds = 0): Machine {
  const file = join(temporaryFolder(), 'clock');
  const set = (ahead: number): void => writeFileSync(file, String(ahead * 1000));
  set(seconds);
  return {
    set,
    async run(start) {
      const { NODE_OPTIONS: before = '' } = process.env;
      Object.assign(process.env, { TEST_CLOCK: file, NODE_OPTIONS: `${before} --import ${preload}` });
      try {
        return await start();
      } finally {
        delete process.env['TEST_CLOCK'];
        if (before === '') delete process.env['NODE_OPTIONS'];
        else process.env['NODE_OPTIONS'] = before;
      }
    },
  };
}
