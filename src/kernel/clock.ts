/** Seconds since 1970-01-01T00:00:00Z, the unit of JWT `exp` (RFC 7519 §2 NumericDate). */
export type EpochSeconds = number;

export interface Clock {
  now(): EpochSeconds;
  /**
   * Says what time it is, in milliseconds since 1970, as others tell it with whom it has to be the same. Absent: this clock takes nobody's
   * word for it.
   */
  readonly agree?: (milliseconds: number) => void;
}

export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) };

/** How far time may have to wait; a clock that is set back by more had been wrong. */
const heldMilliseconds = 600_000;

/**
 * The clock of this machine until somebody says what time it is; from then on the time goes by as the processor counts it, whatever becomes
 * of the machine's own clock. So processes on several machines that ask one database for the time have the same. It does not go back when what
 * it follows is set back by up to ten minutes, but at half its speed until that has caught up: what was just proved is not of the future then.
 */
export function agreedClock(): Clock {
  let ahead: number | undefined;
  let [told, toldAt] = [Number.NEGATIVE_INFINITY, 0];
  return {
    now() {
      const elapsed = performance.now();
      const meant = ahead === undefined ? Date.now() : elapsed + ahead;
      const least = told + (elapsed - toldAt) / 2;
      [told, toldAt] = [least - meant <= heldMilliseconds ? Math.max(least, meant) : meant, elapsed];
      return Math.floor(told / 1000);
    },
    agree(milliseconds) {
      // What this machine believed before is of no account.
      if (ahead === undefined) told = Number.NEGATIVE_INFINITY;
      ahead = milliseconds - performance.now();
    },
  };
}

/** A clock that can be moved forward: development mode and tests skip waiting with it. */
export interface AdjustableClock extends Clock {
  /** Adds to the offset from the base clock. Throws nothing; a negative number moves back. */
  advance(seconds: number): void;
  reset(): void;
}

export function adjustableClock(base: Clock = systemClock): AdjustableClock {
  let offsetSeconds = 0;
  return {
    ...(base.agree ? { agree: base.agree } : {}),
    now: () => base.now() + offsetSeconds,
    advance(seconds) {
      offsetSeconds += seconds;
    },
    reset() {
      offsetSeconds = 0;
    },
  };
}

/** `2026-11-21T10:00:00Z`: OData `Edm.DateTimeOffset` in UTC without fraction. */
export function isoDateTime(at: EpochSeconds): string {
  return `${new Date(at * 1000).toISOString().slice(0, -'.000Z'.length)}Z`;
}

/** `2026-11-21 10:00:00Z`: the time beside an error, as B2C prints it for support (b2c contract b.6). */
export const supportTime = (at: EpochSeconds): string => isoDateTime(at).replace('T', ' ');
