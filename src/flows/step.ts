import type { Mailer, Outside, Texter } from '../connectors/index.ts';
import type { Directory } from '../directory/index.ts';
import type { CallbackAnswer, Federation } from '../federation/index.ts';
import type { Identity, PasswordProof, User } from '../identity/index.ts';
import type { Clock, Observe } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';
import type { ConnectorCalls } from './callouts/connector-calls.ts';
import type { Decision } from './decision.ts';
import type { EventExtensions } from './extensions/call.ts';
import type { Facts } from './facts.ts';
import type { Journey, Refusal, RefusalDetail } from './journey.ts';
import type { Localization } from './localization/localization.ts';
import type { Value } from './localization/value.ts';
import type { PlanRules } from './plan.ts';
import type { Message, Screen } from './screen.ts';

/** What a step may ask the engine to do. Steps never name one another. */
export type Outcome =
  /** `memo` replaces what the step keeps for itself between its screens; absent: nothing is kept. */
  | { readonly kind: 'show'; readonly screen: Screen; readonly memo?: unknown; readonly failed?: FailedProof }
  /** `again`: what the step needs to be asked once more, if a later one finds fault with what it learned. */
  | { readonly kind: 'next'; readonly learned?: Facts; readonly again?: unknown }
  /**
   * To the last page whose step can be asked again, which says these messages: what was learned since it was shown counts for nothing.
   * `screen`: shown instead where there was no such page.
   */
  | { readonly kind: 'back'; readonly messages: readonly Message[]; readonly screen: Screen; readonly memo?: unknown }
  /** To a foreign identity provider; `state` comes back with its answer, which the step is then given (`comeBack`). */
  | { readonly kind: 'leave'; readonly url: string; readonly state: string; readonly memo?: unknown }
  | { readonly kind: 'refuse'; readonly refusal: Refusal; readonly detail?: RefusalDetail };

/** Somebody tried to prove who they are and did not. For the sign-in log alone: no screen may tell more than its message. */
export interface FailedProof {
  /** `factor`: the password was right, and what was asked for besides was not. */
  readonly reason: Exclude<PasswordProof['kind'], 'proved'> | 'factor';
  /** As it was typed. */
  readonly signInName: string;
  /** Whose account that is, if there is one. */
  readonly account: User | undefined;
}

/** What the person sent: form fields, already decoded, never trusted. `action` is the name of the pressed action. */
export interface Input {
  readonly action: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The services a step may use, and what is known of the journey. */
export interface StepContext {
  readonly journey: Pick<
    Journey,
    | 'id'
    | 'facts'
    | 'memo'
    | 'client'
    | 'loginHint'
    | 'domainHint'
    | 'isFresh'
    | 'invitation'
    | 'locales'
    | 'session'
    | 'sender'
    | 'started'
    | 'correlationId'
  > & {
    readonly flowId: string;
  };
  readonly rules: PlanRules;
  readonly identity: Identity;
  readonly directory: Directory;
  readonly mailer: Mailer;
  readonly texter: Texter;
  /** Calls addresses that an administrator of the tenant has chosen. */
  readonly outside: Outside;
  readonly federation: Federation;
  readonly connectors: ConnectorCalls;
  /** Called on authentication events, by listeners for the application. */
  readonly extensions: EventExtensions;
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly observe: Observe;
  /**
   * Derived from the secret in the browser's cookie, so it is known only while that browser is asking. What is stored under
   * this key (one-time codes) cannot be searched by someone who has nothing but the database.
   */
  readonly browserKey: string;
  /** Words in the journey's language, for letters; screens carry message ids instead. */
  readonly words: Words;
  /** The flow's own texts for letters. */
  readonly localization: Pick<Localization, 'emailTextOf'>;
  /** Says what was decided and why, for the record of the journey; never a secret, never a value that a person typed. */
  note(decision: Decision): void;
}

/** A language that is spoken. */
export interface Language {
  /** RFC 5646: what was wanted where the server speaks it, `de-CH` also when its texts are those of `de`. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
}

/** Translates message ids; given by the composition root, since `pages` owns the languages. */
export interface Words {
  /** The first wanted language there is, by lookup (RFC 4647 §3.4), else English. */
  choose(locales: readonly string[]): Language;
  text(id: string, values: Readonly<Record<string, Value>>, locales: readonly string[]): string;
  /** A text that an administrator wrote, with its places filled in as `text` does. */
  fill(text: string, values: Readonly<Record<string, Value>>, locales: readonly string[]): string;
}

/** One room of a journey. `enter` runs when the engine arrives, `submit` for each answer. */
export interface Step<Settings = unknown> {
  readonly kind: string;
  /** Every message id the step can show or send; a test looks each up in every language. */
  readonly words: readonly string[];
  /** What it does with these settings, as an English sentence without a full stop: `usher flow explain` says it. */
  explain(settings: Settings): string;
  enter(context: StepContext, settings: Settings): Promise<Outcome>;
  submit(context: StepContext, settings: Settings, input: Input): Promise<Outcome>;
  /** After `back` of a later step: shows its page again with the messages on it; its memo is what it gave as `again`. */
  again?(context: StepContext, settings: Settings, messages: readonly Message[]): Promise<Outcome>;
  /** After `leave`: the provider's answer; `undefined`: the person came back without one, e.g. by the browser's "back". */
  comeBack?(context: StepContext, settings: Settings, answer: CallbackAnswer | undefined): Promise<Outcome>;
}
