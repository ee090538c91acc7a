import type { EpochSeconds } from '../kernel/index.ts';
import type { Plan } from './plan.ts';
import type { Screen } from './screen.ts';

/** What the journey has established. Grows; a step reads what earlier steps learned. Never holds a password in clear. */
export interface Facts {
  /** Which way the person took at a fork, e.g. `signUp`. */
  readonly intent?: string;
  readonly signInName?: string;
  /** An address that was typed on the way and is not proved: fills in a field, decides nothing. */
  readonly emailHint?: string;
  readonly userId?: string;
  /** Set when this journey created the user; the `newUser` claim. */
  readonly newUser?: boolean;
  /** Addresses proved in this journey, lower case. */
  readonly provedEmails?: readonly string[];
  /** Argon2id hash of the password chosen in this journey, until the user is created with it. */
  readonly passwordHash?: string;
  /** Attribute values collected, by attribute id. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** Authentication methods used, RFC 8176 names. */
  readonly amr?: readonly string[];
}

/** Who asked for the journey, as the pages and the mails show it. */
export interface JourneyClient {
  readonly appId: string;
  readonly displayName: string;
}

/** A person's progress through one plan; kept in `Ephemeral`, one hour by default. */
export interface Journey {
  readonly id: string;
  /** Digest of the secret in the browser's cookie: a journey can be continued only where it began (security.md §5 no. 2, 29). */
  readonly browser: string;
  /** The plan as it was at the start: editing a flow never breaks a sign-in under way. */
  readonly plan: Plan;
  readonly at: number;
  readonly facts: Facts;
  /** What the current step keeps between its screens. */
  readonly memo?: unknown;
  /** What was last shown; a refreshed page shows it again instead of entering the step twice. */
  readonly screen?: Screen;
  /** How many screens were shown so far; the revision a form carries back. */
  readonly shown: number;
  /** Until then one request works on the journey alone; a request that died is overtaken afterwards. */
  readonly busyUntil?: EpochSeconds;
  /** Where the browser was sent in the middle of the journey, e.g. to a foreign identity provider. */
  readonly away?: string;
  /** All steps are done and the host is still to be told. */
  readonly ending?: Ending;
  readonly started: EpochSeconds;
  /** Where the result goes; opaque to flows, chosen by the host. */
  readonly hostRef: string;
  readonly client: JourneyClient;
  readonly loginHint?: string;
  /** The languages wanted, best first (RFC 5646), from `ui_locales`; empty: let the browser say. */
  readonly uiLocales: readonly string[];
  readonly correlationId: string;
  /** Set once the journey has ended: where it went. A later request is sent there again and changes nothing. */
  readonly ended?: string;
}

/** What the host receives when a journey ends well. */
export interface Arrival {
  readonly userId: string;
  readonly newUser: boolean;
  readonly amr: readonly string[];
  readonly authTime: EpochSeconds;
  readonly flowId: string;
}

/** How the walk through the plan came out. */
export type Ending =
  | { readonly kind: 'arrive'; readonly arrival: Arrival }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

/** Why a journey ended without a user. Each face has its own words and codes for it (AADB2C90118, 90091, …). */
export type Refusal = 'forgotPassword' | 'cancelled' | 'tooManyAttempts' | 'accountDisabled';
