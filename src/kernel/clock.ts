/** Seconds since 1970-01-01T00:00:00Z, the unit of JWT `exp` (RFC 7519 §2 NumericDate). */
export type EpochSeconds = number;

export interface Clock {
  now(): EpochSeconds;
}

export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) };

/** A clock that can be moved forward: development mode and tests skip waiting with it. */
export interface AdjustableClock extends Clock {
  /** Adds to the offset from the base clock. Throws nothing; a negative number moves back. */
  advance(seconds: number): void;
  reset(): void;
}

export function adjustableClock(base: Clock = systemClock): AdjustableClock {
  let offsetSeconds = 0;
  return {
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
  return new Date(at * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** `2026-11-21 10:00:00Z`: the time beside an error, as B2C prints it for support (b2c contract b.6). */
export const supportTime = (at: EpochSeconds): string => isoDateTime(at).replace('T', ' ');
