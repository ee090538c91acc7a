import { constants } from 'node:os';

/**
 * A terminal and a launcher may both deliver one Ctrl-C, and npm a third time, so only what comes later than this counts as
 * a second wish, in milliseconds.
 */
const sameWish = 500;

/** Resolves to the first SIGINT or SIGTERM. A later one ends the process at once with 128 + its number. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (first === undefined) {
        first = performance.now();
        resolve(signal);
      } else if (performance.now() - first > sameWish) {
        process.exit(128 + (constants.signals[signal] ?? 0));
      }
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });
}
