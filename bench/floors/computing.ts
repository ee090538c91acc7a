import { performance } from 'node:perf_hooks';

/** Makes this process a floor that computes: told a count it does so many operations, some at once, and answers the milliseconds of each. */
export function computing(atOnce: number, operation: () => Promise<void>): void {
  process.on('message', async (count: number) => {
    const milliseconds: number[] = [];
    let left = count;
    const lane = async () => {
      while (left > 0) {
        left -= 1;
        const began = performance.now();
        await operation();
        milliseconds.push(performance.now() - began);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    process.send?.(milliseconds);
  });
  process.once('disconnect', () => process.exit());
  process.send?.('ready');
}
