/** Seconds. Defaults of b2c contract c.4; what a flow sets for itself is in `Flow.lifetimes` and `Flow.session`. */
export const lifetimes = {
  accessToken: 3_600,
  /** The longest a flow can give an access or ID token. */
  longestToken: 86_400,
  code: 600,
  refreshToken: 14 * 86_400,
  /** The longest a flow can give one. */
  longestRefreshToken: 90 * 86_400,
  /** How long refreshing can go on without a new sign-in. */
  refreshWindow: 90 * 86_400,
  /** From the sign-in on, however often it is rotated. */
  spaRefreshToken: 86_400,
  /** The longest a flow can keep somebody signed in without being asked to, and with. */
  longestSession: 86_400,
  longestKeptSession: 90 * 86_400,
  /** As long as a journey may take. */
  interaction: 3_600,
  /** A used or expired grant is kept on for this long, so that its reuse is told apart from garbage. */
  tombstone: 3_600,
  /** Of a request that a device makes, until somebody has entered its code and signed in. */
  deviceCode: 900,
  /** From pushing a request to opening the browser with it. */
  pushedRequest: 60,
} as const;
