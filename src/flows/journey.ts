import type { AuthenticatorKind } from '../identity/index.ts';
import type { EpochSeconds } from '../kernel/index.ts';
import type { AccountKind } from './local-accounts.ts';
import type { Plan } from './plan.ts';
import type { Traced } from './record/trace.ts';
import type { Screen } from './screen.ts';

/** A second factor or passkey set up in this journey; kept once the journey knows whose it is. */
export interface Enrolment {
  readonly kind: AuthenticatorKind;
  /** What the kind keeps: an E.164 number, an address, a secret, a credential. */
  readonly content: unknown;
}

/** What a person said of their age, and where they live, whose law says what it means. */
export interface StatedAge {
  /** RFC 3339 full-date. */
  readonly dateOfBirth: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** What the journey has established. Grows; a step reads what earlier steps learned. Never holds a password in clear. */
export interface Facts {
  /** Which way the person took at a fork. */
  readonly intent?: 'signIn' | 'signUp' | 'resetPassword';
  /** As it was typed, folded by nobody: an e-mail address, a user name or an E.164 number. */
  readonly signInName?: string;
  /** What kind of account is to be created. */
  readonly accountKind?: AccountKind;
  /** An address or other name that was typed on the way and is not proved: fills in a field, decides nothing. */
  readonly emailHint?: string;
  readonly userId?: string;
  /** Set when this journey created the user; the `newUser` claim. */
  readonly newUser?: boolean;
  /** Where a code goes when the new account cannot be signed in to any more; kept with it. */
  readonly recoveryEmail?: string;
  /** Addresses proved in this journey, lower case. */
  readonly provedEmails?: readonly string[];
  /** Numbers proved in this journey, E.164. */
  readonly provedPhones?: readonly string[];
  /**
   * The password must be replaced before anybody comes in: it was right but set by an administrator, or too old; or its owner has forgotten
   * it. Null: it has been replaced in this journey.
   */
  readonly mustChangePassword?: 'forced' | 'expired' | 'forgotten' | null;
  /** Which password the account had when its owner was proved (`passwordMark`): one that was set afterwards is not replaced. */
  readonly passwordMark?: string;
  /** Argon2id hash of the password chosen in this journey, until the user is created with it. */
  readonly passwordHash?: string;
  /** Attribute values collected, by attribute id. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** Authentication methods used, RFC 8176 names. */
  readonly amr?: readonly string[];
  /** The person asked to stay signed in on this browser. */
  readonly keepSignedIn?: boolean;
  /** Decided by the settings and rules of the flow; `proved` by the step that looked at the factor. Absent: nothing asks for one. */
  readonly secondFactor?: 'required' | 'proved';
  /** Said to the gate by a person who has no account yet that could keep it. */
  readonly age?: StatedAge;
  /** Set up in this journey and not stored yet. */
  readonly enrolled?: readonly Enrolment[];
}

/** A single sign-on session that knows the person already; what it proved counts as proved (b2c contract d.3, step 2). */
export interface StandingSession {
  readonly userId: string;
  readonly authTime: EpochSeconds;
  readonly amr: readonly string[];
  readonly keepSignedIn: boolean;
}

/** Who asked for the journey, as the pages and the mails show it. */
export interface JourneyClient {
  readonly appId: string;
  readonly displayName: string;
}

/** Where a request came from, for the sign-in log and the rules of access. */
export interface Sender {
  /** IP address of the peer. */
  readonly address: string;
  /** `User-Agent` as it was sent. */
  readonly userAgent: string | undefined;
  /** A secret of the browser's own, by which it is known again; absent when it keeps no cookie. */
  readonly device: string | undefined;
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
  /** The languages the application asked for, best first (RFC 5646), from `ui_locales`. */
  readonly uiLocales: readonly string[];
  /** The languages of every page and letter, best first; settled when the journey began. */
  readonly locales: readonly string[];
  /** Absent: nobody was signed in when the journey began. */
  readonly session?: StandingSession;
  /** Who sent the last request. */
  readonly sender: Sender;
  /** What happened so far, for the record. */
  readonly trace: readonly Traced[];
  /** The layout template to look at instead of the flow's own. */
  readonly pageFlavor?: string;
  readonly correlationId: string;
  /** Set once the journey has ended: where it went. A later request is sent there again and changes nothing. */
  readonly ended?: string;
}

/** What the host receives when a journey ends well. */
export interface Arrival {
  readonly userId: string;
  readonly newUser: boolean;
  readonly amr: readonly string[];
  /** Of the session it rests on, when nothing was proved anew. */
  readonly authTime: EpochSeconds;
  readonly flowId: string;
  readonly keepSignedIn: boolean;
}

/** How the walk through the plan came out. */
export type Ending =
  | { readonly kind: 'arrive'; readonly arrival: Arrival }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

/** Why a journey ended without a user. Each face has its own words and codes for it (AADB2C90118, 90091, …). */
export type Refusal =
  | 'forgotPassword'
  | 'cancelled'
  | 'tooManyAttempts'
  | 'accountDisabled'
  /** A rule of access said no. */
  | 'blocked'
  /** The flow keeps minors out, and the application wants to be told. */
  | 'minor';
