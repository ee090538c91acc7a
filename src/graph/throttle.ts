import { type Caller, createBudget, type Draw } from '../kernel/index.ts';
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

/** One bucket for each limit and each caller that it counts apart. `now` gives seconds that never go back. */
export function createThrottle(throttling: Throttling, now?: () => number): Throttle {
  const limits = limitsOf(throttling);
  const budget = createBudget(now);

  return {
    admit(visit) {
      const draws = limits.flatMap((limit, index): readonly Draw[] => {
        const counted = keyOf(limit, visit);
        return counted === undefined ? [] : [{ key: `${index} ${counted}`, rate: limit }];
      });
      const retryAfterSeconds = budget.draw(draws);
      if (retryAfterSeconds > 0) throw faults.throttled({ retryAfterSeconds });
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
