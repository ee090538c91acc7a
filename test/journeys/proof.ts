import type { Bench } from './bench.ts';
import type { FlowKind } from './settings.ts';

/** Shows that a setting changes what happens in flows of these kinds: the setting is flipped, and the difference is seen. */
export interface Proof {
  /** Path in the model, e.g. `settings/passwordReset/identifier`; several that one scenario cannot tell apart. */
  readonly settings: readonly string[];
  readonly kinds: readonly FlowKind[];
  /** What is seen, as a sentence without a full stop: the name of the scenario. */
  readonly says: string;
  prove(bench: Bench, kind: FlowKind): Promise<void>;
}

/** Where a setting has nothing to say, and why. */
export interface Exemption {
  readonly settings: readonly string[];
  readonly kinds: readonly FlowKind[];
  readonly because: string;
}

export interface Chapter {
  readonly proofs: readonly Proof[];
  readonly exemptions: readonly Exemption[];
}
