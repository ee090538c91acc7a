/** How one-time codes of a flow behave (`settings.oneTimeCodes`). Times in seconds. */
export interface CodeRules {
  readonly digits: number;
  readonly lifetimeSeconds: number;
  readonly triesPerCode: number;
  readonly resendSeconds: number;
  readonly codesPerJourney: number;
}

/**
 * What no flow can loosen: an address is written to and guessed at by many journeys, and these hold for all of them together.
 */
export const addressLimits = { codes: 20, tries: 50, windowSeconds: 3600 } as const;

/** Text messages that one sender can cause in all journeys together: each costs money, and some numbers pay those who own them. */
export const senderLimits = { texts: 60, windowSeconds: 3600 } as const;
