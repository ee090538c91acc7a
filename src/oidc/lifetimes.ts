/** Seconds. Defaults of b2c contract c.4. */
export const lifetimes = {
  accessToken: 3_600,
  idToken: 3_600,
  code: 600,
  refreshToken: 14 * 86_400,
  /** From the sign-in on, however often it is rotated. */
  spaRefreshToken: 86_400,
  /** Rolling: counted from the last time it was used. */
  session: 86_400,
  /** As long as a journey may take. */
  interaction: 3_600,
  /** A used or expired grant is kept on for this long, so that its reuse is told apart from garbage. */
  tombstone: 3_600,
} as const;
