import type { CallbackAnswer } from '../federation/index.ts';
import type { EphemeralWrite } from '../store/index.ts';
import type { Choices } from './events/choices.ts';
import type {
  Arrival,
  Ending,
  JourneyClient,
  Refusal,
  RefusalDetail,
  Sender,
  Standing,
  StandingSession,
} from './journey.ts';
import type { Wanted } from './localization/wanted.ts';
import type { Presentation } from './presentation.ts';
import type { Screen } from './screen.ts';
import type { Input } from './step.ts';

/**
 * What saves the journey as one that has ended and sends its browser to the URL. A host that keeps the result asks for it once and writes it together
 * with that, so that neither is kept without the other; else the journey is saved when the host has answered.
 */
export type CloseJourney = (url: string) => readonly EphemeralWrite[];

/** Whoever started the journey and wants its result: the OIDC layer, a test, a native client. */
export interface Host {
  /** Resolves to the URL the browser goes to. Called once per journey. */
  arrive(hostRef: string, arrival: Arrival, close?: CloseJourney): Promise<string>;
  refuse(hostRef: string, refusal: Refusal, detail?: RefusalDetail, close?: CloseJourney): Promise<string>;
  /**
   * False when the session that a journey rests on has ended since, or when what was proved so long ago counts no more, e.g. since there is a
   * new password: nobody goes on with such a journey.
   */
  stands(standing: Standing): Promise<boolean>;
}

/** Cookie with the browser's share of a journey, sent for `journeyPath` alone: it binds the journey to the browser it began in. */
export const journeyCookie = 'x-ms-cpim-trans';

/** Cookie with a secret by which a browser is known again, for rules that ask whether a person has signed in there before. */
export const deviceCookie = 'usher-device';

/** Path of a journey's pages, which is the path of its cookie too. */
export const journeyPath = (tenantId: string, journeyId: string): string => `/journey/${tenantId}/${journeyId}`;

/** What the browser must do now. */
export type Move =
  | {
      readonly kind: 'show';
      readonly screen: Screen;
      /** What the flow says in place of the server's own texts, by message id; text, never markup. */
      readonly words?: Readonly<Record<string, string>>;
      /** Set when the answer was to an older screen and has changed nothing; a message on the screen says so. */
      readonly stale?: true;
      /** The form carries it back: of two answers to one screen the second is refused. */
      readonly revision: number;
      readonly journey: {
        readonly id: string;
        readonly flowId: string;
        readonly client: JourneyClient;
        /** The languages of the page, best first. */
        readonly locales: readonly string[];
        readonly pageFlavor?: string;
        readonly correlationId: string;
      };
    }
  | { readonly kind: 'go'; readonly url: string };

export interface Start {
  /** User flow id as stored, e.g. `B2C_1_susi`. */
  readonly flowId: string;
  readonly hostRef: string;
  readonly client: JourneyClient;
  readonly loginHint?: string;
  readonly domainHint?: string;
  readonly isFresh?: true;
  /** Id of the invitation whose ticket the browser has shown. */
  readonly invitation?: string;
  readonly uiLocales: readonly string[];
  /** What the browser prefers, best first, from `Accept-Language`. */
  readonly acceptLanguages: readonly string[];
  readonly sender: Sender;
  /** The single sign-on session the journey may rest on: steps that ask who the person is are left out. */
  readonly session?: StandingSession;
  /** The layout template to look at instead of the flow's own (b2c contract d.2, `pageFlavor`). */
  readonly pageFlavor?: string;
  readonly correlationId: string;
}

/** What single sign-on came to. `page`: the person has to see one. */
export type Glide = Ending | { readonly kind: 'page' };

/** In which languages people are spoken to, best first, where no screen of a journey says it. */
export interface JourneyLanguages {
  /** Who wants this flow; what is wanted when there is no such flow. */
  ofFlow(flowId: string, wanted: Wanted): Promise<readonly string[]>;
}

/** Which journey it is, for error pages and support. */
export interface JourneySummary {
  readonly flowId: string;
  readonly locales: readonly string[];
  readonly correlationId: string;
}

/** Journeys of one tenant. Knows no HTTP and no OIDC. */
export interface Flows extends Choices {
  /** Why `start` would refuse the flow, as a sentence; `undefined` when people can begin it. */
  obstacle(flowId: string): Promise<string | undefined>;
  /**
   * Throws `flows.unknownFlow`, `flows.notRunnable` (a kind that can be stored but not run yet), `flows.noProvider` (no way to
   * sign in that can be offered), `flows.busy` when a record of `beside` is not as that wants it. `beside`: what its host keeps, in one commit with
   * the journey.
   */
  start(
    start: Start,
    beside?: readonly EphemeralWrite[],
  ): Promise<{ readonly journeyId: string; readonly browserSecret: string }>;
  /**
   * Walks the plan for a session without showing anything: what single sign-on comes to. `page`: somebody has to see one, so
   * `start` is needed. Nothing is kept either way. Throws as `start` does.
   */
  glide(start: Omit<Start, 'hostRef'> & { readonly session: StandingSession }): Promise<Glide>;
  /** Idempotent: what to show now. Throws `flows.journeyLost` when expired, unknown, or asked by another browser. */
  look(journeyId: string, browserSecret: string): Promise<Move>;
  /**
   * A foreign provider has sent a browser back with an answer. Resolves to the journey that waits for it, whose page is to be opened
   * next: only the browser that it began in gets further. An answer is taken once. Throws `flows.journeyLost` for a `state` that is
   * unknown or over.
   */
  bringBack(answer: CallbackAnswer): Promise<{ readonly journeyId: string }>;
  /** What a SAML provider has to know of this tenant, when the server is reached at `origin`: its metadata, as XML. */
  samlMetadata(origin: string): string;
  /**
   * Somebody opens the link of an invitation: the journey in which they accept it. It changes nothing before they have proved that they are
   * meant. Undefined: the ticket opens nothing, or not any more.
   */
  redeem(
    ticket: string,
    redeeming: Pick<Start, 'acceptLanguages' | 'sender' | 'correlationId'>,
  ): Promise<{ readonly tenantId: string; readonly journeyId: string; readonly browserSecret: string } | undefined>;
  readonly languages: JourneyLanguages;
  /** A screen could not be shown, for this cause: the code of a fault. For the record. Throws `flows.journeyLost`. */
  unshown(journeyId: string, browserSecret: string, fault: string): Promise<void>;
  /** What is said of a journey where a request of it fails. Throws `flows.journeyLost`. */
  about(journeyId: string, browserSecret: string): Promise<JourneySummary>;
  /** How the pages of a flow look; undefined when there is no such flow. */
  presentation(flowId: string): Promise<Presentation | undefined>;
  /** Throws `flows.journeyLost`; a stale `revision` shows the current screen again and changes nothing. */
  answer(journeyId: string, browserSecret: string, revision: number, input: Input, sender: Sender): Promise<Move>;
}
