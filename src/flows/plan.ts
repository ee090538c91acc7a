import type { PasswordRules } from '../identity/index.ts';
import type { Facts } from './facts.ts';
import type { CodeRules } from './proof/code-rules.ts';

/** `is: null`: the fact is not established. */
export type Condition =
  | { readonly fact: keyof Facts; readonly is: string | boolean | null }
  | { readonly fact: keyof Facts; readonly isNot: string | boolean | null };

/** A user flow resource, compiled: what the engine runs. Immutable plain data; cached until the resource changes. */
export interface Plan {
  readonly flowId: string;
  /** The etag of the flow it was compiled from. */
  readonly version: string;
  readonly steps: readonly PlannedStep[];
  readonly rules: PlanRules;
  /** Foreign providers it offers; who was proved by another one is not proved here. */
  readonly providers: readonly OfferedProvider[];
}

/** A foreign identity provider that a flow offers. */
export interface OfferedProvider {
  readonly id: string;
  /** What people know it by. */
  readonly name: string;
  /** Element id and action of its button (b2c contract e.4), e.g. `GoogleExchange`. */
  readonly exchange: string;
  /** By which an application asks for it (`domain_hint`), lower case. */
  readonly domainHint?: string;
  /** Of the people of another organization, by which it is asked for too, lower case. */
  readonly domains?: readonly string[];
  /** How long a session counts that it began; absent: as long as there is one. */
  readonly sessionSeconds?: number;
}

/** What holds in every step of a flow. */
export interface PlanRules {
  readonly codes: CodeRules;
  /** Custom authentication extensions have their say: at the tenant's own authority, not in the flows of Azure AD B2C. */
  readonly callsExtensions?: true;
  /** For new passwords; absent: as the tenant says. */
  readonly passwords?: PasswordRules;
}

export interface PlannedStep {
  readonly kind: string;
  /** Run only while all of these hold; else the engine goes on to the next step. */
  readonly when?: readonly Condition[];
  readonly settings: unknown;
}
