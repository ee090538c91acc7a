import { type Caller, createLru } from '../kernel/index.ts';
import { faults } from './faults.ts';
import { type Limit, limitsOf, type Throttling } from './throttle-limits.ts';

/** Who asks, and for what. */
export interface Visit {
  readonly tenantId: string;
  readonly caller: Caller;
  /** First segment of the path. */
  readonly area: string;
}

/** Counts requests against limits, in the memory of this process. */
export interface Throttle {
  /** Throws `graph.throttled` when a limit is reached; such a request counts against none. */
  admit(visit: Visit): void;
}

interface Bucket {
  readonly tokens: number;
  /** Seconds, of the same clock as the throttle's. */
  readonly at: number;
}

/** Counters kept; one more forgets the one used longest ago, which has filled up again by then unless somebody has this many applications. */
const mostBuckets = 20_000;

const monotonic = (): number => performance.now() / 1_000;

/**
 * One bucket for each limit and each caller that it counts apart: it holds a period's requests and fills up evenly, so that a burst
 * is served and a steady stream is held to the limit. `now` gives seconds that never go back.
 */
export function createThrottle(throttling: Throttling, now: () => number = monotonic): Throttle {
  const limits = limitsOf(throttling);
  const buckets = createLru<Bucket>(mostBuckets);

  function filled(key: string, { requests, seconds }: Limit, at: number): number {
    const bucket = buckets.get(key);
    if (!bucket) return requests;
    return Math.min(requests, bucket.tokens + ((at - bucket.at) * requests) / seconds);
  }

  return {
    admit(visit) {
      const at = now();
      const counted = limits.flatMap((limit, index) => {
        const key = keyOf(limit, visit);
        return key === undefined ? [] : [{ limit, key: `${index} ${key}` }];
      });
      const levels = counted.map(({ limit, key }) => filled(key, limit, at));
      const waits = counted.map(({ limit }, index) => ((1 - (levels[index] ?? 0)) * limit.seconds) / limit.requests);
      const retryAfterSeconds = Math.max(0, ...waits);
      if (retryAfterSeconds > 0) throw faults.throttled({ retryAfterSeconds });
      counted.forEach(({ key }, index) => {
        buckets.set(key, { tokens: (levels[index] ?? 0) - 1, at });
      });
    },
  };
}

/** What a limit counts together; undefined when it does not concern the visit. */
function keyOf({ per, areas }: Limit, { tenantId, caller, area }: Visit): string | undefined {
  if (caller.kind === 'system' || (areas && !areas.includes(area.toLowerCase()))) return undefined;
  switch (per) {
    case 'tenant':
      return tenantId;
    case 'application':
      return `${tenantId} ${caller.appId}`;
    default:
      return per satisfies never;
  }
}
