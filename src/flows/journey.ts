import type { EpochSeconds } from '../kernel/index.ts';
import type { Facts, ForeignFacts } from './facts.ts';
import type { Plan } from './plan.ts';
import type { Traced } from './record/trace.ts';
import type { Message, Screen } from './screen.ts';

/** A single sign-on session that knows the person already; what it proved counts as proved (b2c contract d.3, step 2). */
export interface StandingSession {
  readonly userId: string;
  readonly authTime: EpochSeconds;
  readonly amr: readonly string[];
  readonly keepSignedIn: boolean;
  /** By whom the person was proved, when not by this tenant. */
  readonly foreign?: Pick<ForeignFacts, 'provider' | 'issuer'>;
  /** By what its host knows it; absent: it cannot end while a journey rests on it. */
  readonly sid?: string;
}

/** What a journey rests on once it knows a person: their session, or what was proved on the way. */
export type Standing = Pick<StandingSession, 'userId' | 'authTime' | 'sid'>;

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
  /** The public origin that was asked, one of the server's own; absent where no browser is at work. A passkey is good for its host alone. */
  readonly origin: string | undefined;
}

/** A journey whose person is at a foreign provider. */
export interface Away {
  readonly url: string;
  /** The provider gives it back with its answer, which is found by it. */
  readonly state: string;
  /** The browser was told to go. Whoever opens the journey afterwards has come back, with an answer or without. */
  readonly isGone: boolean;
}

/** A page that can be shown again, as it was when it was answered. */
export interface AskedPage {
  /** Where its step stands in the plan. */
  readonly at: number;
  readonly facts: Facts;
  readonly memo: unknown;
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
  /** Where the browser was sent in the middle of the journey: to a foreign identity provider. */
  readonly away?: Away;
  /** The last page to which a later step can send the person back. */
  readonly asked?: AskedPage;
  /** The person was sent back to that page, which is to say this. */
  readonly returned?: readonly Message[];
  /** How often that happened. */
  readonly returns?: number;
  /** How many proofs have failed. */
  readonly failures?: number;
  /** All steps are done and the host is still to be told. */
  readonly ending?: Ending;
  readonly started: EpochSeconds;
  /** Where the result goes; opaque to flows, chosen by the host. */
  readonly hostRef: string;
  readonly client: JourneyClient;
  readonly loginHint?: string;
  /** Which provider the application wants the person to be sent to (b2c contract b.1 `domain_hint`). */
  readonly domainHint?: string;
  /** The person is to prove themselves anew, whatever session a provider has. */
  readonly isFresh?: true;
  /** Id of the invitation that is to be accepted. */
  readonly invitation?: string;
  /** The languages of every page and letter, best first; settled when the journey began. */
  readonly locales: readonly string[];
  /** Absent: nobody was signed in when the journey began. */
  readonly session?: StandingSession;
  /** When the journey learned last who the person is, or proved it once more; absent: it knows nobody but by its session. */
  readonly provedAt?: EpochSeconds;
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
  /** By whom the person was proved, when not by this tenant. */
  readonly foreign?: Pick<ForeignFacts, 'provider' | 'issuer' | 'accessToken'>;
  /** In place of what the directory says, in the first tokens. */
  readonly tokenClaims?: Readonly<Record<string, unknown>>;
}

/** How the walk through the plan came out. */
export type Ending =
  | { readonly kind: 'arrive'; readonly arrival: Arrival }
  | { readonly kind: 'refuse'; readonly refusal: Refusal; readonly detail?: RefusalDetail };

/** Stands in the text of the code, for `{0}`, or for each of its places (b2c contract b.6): words of ours, never what somebody sent. */
export type RefusalDetail = string | readonly string[];

/** Why a journey ended without a user. Each face has its own words and codes for it (AADB2C90118, 90091, …). */
export type Refusal =
  | 'forgotPassword'
  | 'cancelled'
  /** The person turned back at a foreign provider, or it refused, or its answer proved nobody. */
  | 'foreignFailed'
  /** A foreign provider proved somebody who has no account here, and the flow makes none. */
  | 'foreignUnknown'
  | 'tooManyAttempts'
  /** Too many wrong codes of the second factor. */
  | 'factorAttempts'
  /** A rule asks for a second factor, and the person has no number to send a code to. */
  | 'notEnrolled'
  | 'accountDisabled'
  /** A rule of access said no. */
  | 'blocked'
  /** An API connector was called in vain: it refused what it was shown, answered an error or what cannot be read, or not at all. */
  | 'connectorPassword'
  | 'connectorCertificate'
  | 'connectorRefused'
  | 'connectorUnread'
  | 'connectorUnreached'
  /** The flow keeps minors out, and the application wants to be told. */
  | 'minor';
