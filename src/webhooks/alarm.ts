import type { Clock, EpochSeconds } from '../kernel/index.ts';

/** Rings once, at the earliest of the times it was set for. Does not keep the process alive. */
export interface Alarm {
  set(at: EpochSeconds): void;
}

/** Rings early when it is set for later than this, in seconds: clocks may be set. */
const longest = 60;

export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let waits: { readonly timer: NodeJS.Timeout; readonly until: EpochSeconds } | undefined;

  return {
    set(at) {
      const now = clock.now();
      const until = Math.min(at, now + longest);
      // One that should have rung by a clock that was moved on is set anew.
      if (waits && waits.until > now && waits.until <= until) return;
      clearTimeout(waits?.timer);
      const go = (): void => {
        waits = undefined;
        ring();
      };
      waits = { until, timer: setTimeout(go, Math.max(0, until - now) * 1000).unref() };
    },
  };
}
