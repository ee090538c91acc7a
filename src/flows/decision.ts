/** Something that was decided on the way, e.g. that a rule of access asks for a second factor. */
export interface Decision {
  /** What was asked, e.g. `conditionalAccess`. */
  readonly what: string;
  /** What it came to, e.g. `requireMultifactor`. */
  readonly came: string;
  /** Why: names of settings and rules. */
  readonly because?: Readonly<Record<string, string | number | boolean>>;
}
