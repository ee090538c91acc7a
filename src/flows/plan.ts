/** A user flow resource, compiled: what the engine runs. Immutable plain data; cached until the resource changes. */
export interface Plan {
  readonly flowId: string;
  /** The etag of the flow it was compiled from. */
  readonly version: string;
  readonly steps: readonly PlannedStep[];
}

export interface PlannedStep {
  readonly kind: string;
  /** Run only when this fact has this value; else the engine goes on to the next step. */
  readonly when?: { readonly fact: string; readonly is: string };
  readonly settings: unknown;
}
