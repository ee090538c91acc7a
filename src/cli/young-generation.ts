import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Bytes of the young generation from which it grows no more. */
const enough = 32 * 1024 * 1024;

/**
 * Allows, up to a bound, what `src/main.ts` forbade while modules were loaded. A server that is asked for pages of entities fills a few
 * megabytes with each answer, and then collecting them took a fifth of the work; one that is idle stays as small as it was. Sixteen sign-ins at
 * once outlive many collections of a small one, each of which waits for threads that others keep from the cores. Without the bound V8
 * takes another 90 MB under load and gives none back.
 */
export function letYoungGenerationGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
  const collections = new PerformanceObserver(() => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    if (young && young.space_size < enough) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    collections.disconnect();
  });
  collections.observe({ entryTypes: ['gc'] });
}
