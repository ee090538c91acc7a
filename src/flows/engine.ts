import type { Mailer, Outside, Texter } from '../connectors/index.ts';
import type { Directory } from '../directory/index.ts';
import { type Federation, samlMetadata } from '../federation/index.ts';
import type { Identity, SignIns } from '../identity/index.ts';
import { type Clock, isMalfunction, newSecret, type Observe, type Trace } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';
import { type Absences, createAbsences } from './away.ts';
import { createConnectorCalls, type NoteCall } from './callouts/connector-calls.ts';
import { told } from './closing.ts';
import { createChoices } from './events/choices.ts';
import { createContenders } from './events/contenders.ts';
import { type ApiTokens, createEventExtensions } from './extensions/call.ts';
import { failedSignIn } from './failed-sign-in.ts';
import { faults } from './faults.ts';
import { callbackOf } from './foreign.ts';
import { createRedemptions, withRedemptions } from './guests/redemption.ts';
import type { Flows, Host, Move, Start } from './host.ts';
import type { Ending, Journey, Standing } from './journey.ts';
import { createJourneys, type HeldJourney, type Journeys } from './journeys.ts';
import { createLocalization, type Localization } from './localization/localization.ts';
import { inOwnWords } from './localization/own-words.ts';
import { obstacleOf } from './obstacle.ts';
import { createPlans, type Plans } from './plans.ts';
import { createPresentations } from './presentation.ts';
import { journeyUnshown } from './record/trace.ts';
import type { Recorder } from './recorder.ts';
import { offers } from './screen.ts';
import type { FailedProof, Input, Words } from './step.ts';
import { begun, createWalker, type Walk, type Walker } from './walk.ts';

export interface FlowServices {
  readonly directory: Directory;
  readonly identity: Identity;
  /** Told of every proof that failed; whoever arrives is the host's to record. */
  readonly signIns: SignIns;
  readonly mailer: Mailer;
  readonly texter: Texter;
  readonly outside: Outside;
  readonly federation: Federation;
  /** By which custom authentication extensions know who calls them. */
  readonly tokens: ApiTokens;
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly observe: Observe;
  /** Nothing is traced when absent. */
  readonly trace?: Trace;
  readonly words: Words;
  readonly host: Host;
  /** What happened on the way, for whoever has to explain it. */
  readonly recorder: Recorder;
  /** Told of every call of an API connector; absent: nobody is. */
  readonly noteConnectorCall?: NoteCall;
  /** How long one call of an API connector may take; as documented when absent. */
  readonly connectorMilliseconds?: number;
  /** Seconds from the start to the end of a journey, however many screens it has. */
  readonly journeyLifetimeSeconds: number;
}

/** Fields of one form, and UTF-8 bytes of each value. */
export const inputLimits = { fields: 100, bytes: 4096 } as const;

/** Message ids of the engine itself. */
export const engineWords = ['error.screenChanged'] as const;

/**
 * Journeys of one tenant. A request that wants to move a journey claims it first; the others wait and then see what it came
 * to. So a step answers one form once, and the host is told once, however often a button is pressed.
 */
export const createFlows = (services: FlowServices): Flows =>
  flowsTold({ ...services, host: withRedemptions(services.host) });

function flowsTold(services: FlowServices): Flows {
  const { directory, ephemeral, clock, journeyLifetimeSeconds: lifetimeSeconds, recorder, signIns } = services;
  const journeys = whileStanding(createJourneys({ ephemeral, clock, lifetimeSeconds }), services.host);
  const absences = createAbsences({ ephemeral, clock, lifetimeSeconds });
  const localization = createLocalization(directory);
  const presentations = createPresentations(directory);
  const walkerFor = walkersOn(services, { absences, localization });
  const ground: Ground = { plans: createPlans(directory, localization), localization, clock };
  const counts = countsOn(services);
  const obstacle: Flows['obstacle'] = (flowId) => obstacleOf(ground.plans.of(flowId));

  const move = moving(services, journeys, counts);
  const noteOf = (journey: Journey) => (failed: FailedProof) =>
    signIns.record(failedSignIn(journey, failed, journey.sender));

  async function look(id: string, browserSecret: string): Promise<Move> {
    for (;;) {
      const held = await journeys.idle(id, browserSecret);
      const { away } = held.journey;
      const now = away ? undefined : standing(held.journey);
      if (now) return now;
      const claimed = await journeys.claim(held);
      if (!claimed) continue;
      const walker = walkerFor(browserSecret);
      if (!away?.isGone) return move(claimed, walker.enter);
      const answer = await absences.take(away.state);
      return move(claimed, (walk) => walker.comeBack(walk, answer, noteOf(claimed.journey)));
    }
  }

  const begin = beginnings(ground, { journeys, recorder, walkerFor, counts });
  const flows: Omit<Flows, 'languages'> = {
    obstacle,
    ...createChoices({ contenders: createContenders(directory), obstacle }, services.observe),
    ...begin,
    ...createRedemptions(services, begin.start),
    look,
    bringBack: absences.bringBack,
    samlMetadata: (origin) => samlMetadata(callbackOf(directory.tenant, origin)),
    ...reports(journeys, services),
    presentation: presentations.of,
    async answer(id, browserSecret, revision, input, sender) {
      checkSize(input);
      for (;;) {
        const held = await journeys.idle(id, browserSecret);
        const { screen, shown } = held.journey;
        if (!screen) return look(id, browserSecret);
        if (revision !== shown || !offers(screen, input.action)) return outdated(held.journey);
        const claimed = await journeys.claim({ ...held, journey: { ...held.journey, sender } });
        if (!claimed) continue;
        return move(claimed, (walk) => walkerFor(browserSecret).submit(walk, input, noteOf(claimed.journey)));
      }
    },
  };
  return inOwnWords(flows, localization);
}

/** Does the work under a claim and saves what it came to, also when it failed on the way. */
function moving(services: FlowServices, journeys: Journeys, counts: Counts) {
  const { recorder } = services;
  return async (claimed: HeldJourney, go: (walk: Walk) => Promise<Journey>): Promise<Move> => {
    const walk: Walk = { journey: claimed.journey };
    try {
      const reached = await go(walk);
      if (reached.ending) {
        const saving = (journey: Journey) => journeys.saving(claimed, journey);
        walk.journey = await told(services, reached, reached.ending, saving);
        counts.ended(reached, reached.ending);
        recorder.ended(reached);
      } else if (reached.away) walk.journey = { ...walk.journey, away: { ...reached.away, isGone: true } };
    } catch (error) {
      if (isMalfunction(error)) recorder.failed(walk.journey);
      throw error;
    } finally {
      if (walk.journey.ended === undefined) recorder.rests(walk.journey, await journeys.release(claimed, walk.journey));
    }
    return standing(walk.journey) ?? lost();
  };
}

/** `absences`: where it is kept that somebody has gone to a foreign provider. */
type WalkerFor = (browserSecret: string, absences?: Pick<Absences, 'begin'>) => Walker;

function walkersOn(
  services: FlowServices,
  { absences, localization }: { readonly absences: Absences; readonly localization: Localization },
): WalkerFor {
  const connectors = createConnectorCalls({
    ...services,
    milliseconds: services.connectorMilliseconds,
    note: services.noteConnectorCall,
  });
  const extensions = createEventExtensions(services);
  const { id } = services.directory.tenant;
  return (browserSecret, kept = absences) =>
    createWalker({ ...services, absences: kept, connectors, extensions, localization }, id, browserSecret);
}

/** Tells how many journeys begin and what they come to; of a walk that showed nothing only when it came to an end. */
interface Counts {
  began(journey: Journey): void;
  ended(journey: Journey, ending: Ending): void;
}

function countsOn({ observe, directory }: Pick<FlowServices, 'observe' | 'directory'>): Counts {
  const tenantId = directory.tenant.id;
  return {
    began: ({ plan: { flowId } }) => observe({ kind: 'journey.began', tenantId, flowId }),
    ended({ plan: { flowId } }, ending) {
      if (ending.kind === 'arrive') observe({ kind: 'journey.arrived', tenantId, flowId });
      else observe({ kind: 'journey.refused', tenantId, flowId, refusal: ending.refusal });
    },
  };
}

/** Nobody is sent anywhere by a walk that shows nothing. */
const nobodyLeaves: Pick<Absences, 'begin'> = { begin: async () => undefined };

/** How journeys begin: with a page to come, or on a session without one. */
function beginnings(
  ground: Ground,
  {
    journeys,
    recorder,
    walkerFor,
    counts,
  }: {
    readonly journeys: Journeys;
    readonly recorder: Recorder;
    readonly walkerFor: WalkerFor;
    readonly counts: Counts;
  },
): Pick<Flows, 'start' | 'glide'> {
  return {
    async start(start, beside = []) {
      const browserSecret = newSecret();
      const fresh = await prepare(ground, start, browserSecret);
      // Nobody else can know the journey yet, so the first step is entered without a claim and saved with the journey.
      counts.began(fresh);
      const journey = await walkerFor(browserSecret).enter({ journey: fresh });
      recorder.rests(journey, await journeys.create(journey, browserSecret, beside));
      return { journeyId: journey.id, browserSecret };
    },
    async glide(start) {
      const browserSecret = newSecret();
      const journey = await prepare(ground, { ...start, hostRef: '' }, browserSecret);
      const glided = await walkerFor(browserSecret, nobodyLeaves).enter({ journey });
      // Where nothing had to be decided, the sign-in log says all there is to say.
      if (glided.ending && glided.trace.length > 0) recorder.ended(glided);
      if (glided.ending) {
        counts.began(journey);
        counts.ended(journey, glided.ending);
      }
      return glided.ending ?? { kind: 'page' };
    },
  };
}

/** Undefined: the journey knows nobody yet. */
function standingOn({ session, facts: { userId = session?.userId }, provedAt }: Journey): Standing | undefined {
  const authTime = provedAt ?? session?.authTime;
  if (userId === undefined || authTime === undefined) return undefined;
  return { userId, authTime, ...(session?.sid === undefined ? {} : { sid: session.sid }) };
}

/** A page that was left open is nobody's any more once what the journey rests on has ended. */
const whileStanding = (journeys: Journeys, host: Host): Journeys => ({
  ...journeys,
  async idle(id, browserSecret) {
    const held = await journeys.idle(id, browserSecret);
    const standing = standingOn(held.journey);
    if (standing && !(await host.stands(standing))) throw faults.journeyLost();
    return held;
  },
});

/** What a journey is prepared with. */
interface Ground {
  readonly plans: Plans;
  readonly localization: Localization;
  readonly clock: Clock;
}

/** A journey speaks one language from its first page to its last letter. */
async function prepare({ plans, localization, clock }: Ground, start: Start, browserSecret: string): Promise<Journey> {
  const locales = await localization.localesOf(start.flowId, start);
  return begun(await plans.of(start.flowId, locales), start, { browserSecret, locales, now: clock.now() });
}

/** What is told of a journey besides its screens. */
const reports = (journeys: Journeys, { recorder, clock }: FlowServices): Pick<Flows, 'about' | 'unshown'> => ({
  async unshown(id, browserSecret, fault) {
    const { journey } = await journeys.load(id, browserSecret);
    recorder.failed(journeyUnshown(journey, fault, clock.now()));
  },
  async about(id, browserSecret) {
    const { plan, locales, correlationId } = (await journeys.load(id, browserSecret)).journey;
    return { flowId: plan.flowId, locales, correlationId };
  },
});

function lost(): never {
  throw faults.journeyLost();
}

/** What the browser has to do now; `undefined` while the journey stands between two screens. */
function standing(journey: Journey): Move | undefined {
  const { id, plan, client, locales, pageFlavor, correlationId, screen, shown, away, ended: url } = journey;
  if (url !== undefined) return { kind: 'go', url };
  if (away !== undefined) return { kind: 'go', url: away.url };
  if (!screen) return undefined;
  return {
    kind: 'show',
    screen,
    revision: shown,
    journey: {
      id,
      flowId: plan.flowId,
      client,
      locales,
      ...(pageFlavor === undefined ? {} : { pageFlavor }),
      correlationId,
    },
  };
}

/** The current screen for an answer to an older one, or with a button that is not there. */
function outdated(journey: Journey): Move {
  const move = standing(journey) ?? lost();
  if (move.kind === 'go') return move;
  const message = { tone: 'info', text: { id: 'error.screenChanged' } } as const;
  return { ...move, stale: true, screen: { ...move.screen, messages: [...move.screen.messages, message] } };
}

/** Throws `flows.inputTooLarge`. */
function checkSize({ values }: Input): void {
  const all = Object.entries(values);
  const tooLong = ([name, value]: readonly [string, string]): boolean =>
    Buffer.byteLength(value) > inputLimits.bytes || Buffer.byteLength(name) > inputLimits.bytes;
  if (all.length > inputLimits.fields || all.some(tooLong)) throw faults.inputTooLarge(inputLimits);
}
