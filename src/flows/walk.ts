import { createHmac } from 'node:crypto';
import type { CallbackAnswer } from '../federation/index.ts';
import {
  digest,
  type EpochSeconds,
  newId,
  type Observation,
  type SpanFacts,
  type Trace,
  untraced,
} from '../kernel/index.ts';
import type { Absences } from './away.ts';
import type { Decision } from './decision.ts';
import { arrivedUser, type Facts } from './facts.ts';
import { faults } from './faults.ts';
import type { Start } from './host.ts';
import type { AskedPage, Ending, Journey, StandingSession } from './journey.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { failureOf, toldOf } from './record/told.ts';
import { extended, type Traced } from './record/trace.ts';
import type { Message } from './screen.ts';
import type { FailedProof, Input, Outcome, Step, StepContext } from './step.ts';
import { steps } from './steps/index.ts';

/** What the engine hands on to every step. */
export type WalkServices = Omit<StepContext, 'journey' | 'browserKey' | 'rules' | 'note'> & {
  readonly absences: Pick<Absences, 'begin'>;
  /** Nothing is traced when absent. */
  readonly trace?: Trace;
};

/** With what a step is asked for its part. */
type Occasion =
  | { readonly kind: 'enter' }
  | { readonly kind: 'submit'; readonly input: Input }
  | { readonly kind: 'again'; readonly messages: readonly Message[] }
  | { readonly kind: 'comeBack'; readonly answer: CallbackAnswer | undefined };

/** A walk under way. `journey` is what was reached: when a step fails, the steps before it stay done. */
export interface Walk {
  journey: Journey;
}

export interface Walker {
  /** Enters steps until one shows something, sends the browser away, or the plan is at its end. */
  enter(walk: Walk): Promise<Journey>;
  /** Gives what a foreign provider answered to the step that sent the person there, then goes on as `enter` does. */
  comeBack(walk: Walk, answer: CallbackAnswer | undefined, note: (failed: FailedProof) => void): Promise<Journey>;
  /** Gives the answer to the step whose screen is shown, then goes on as `enter` does. `note` hears of a proof that failed. */
  submit(walk: Walk, input: Input, note: (failed: FailedProof) => void): Promise<Journey>;
}

/** What the journey's own state says the browser has to do; `undefined`: the walk has to go on. */
const resting = ({ screen, away, ending }: Journey): boolean => Boolean(screen ?? away ?? ending);

type Moved = Extract<Observation, { readonly kind: 'journey.moved' }>;

/** Walks one journey on behalf of the browser that holds the secret. Saves nothing and tells no host. */
export function createWalker(
  { absences, trace: tracing = untraced, ...services }: WalkServices,
  tenantId: string,
  browserSecret: string,
): Walker {
  const browserKey = createHmac('sha256', browserSecret).update('one-time codes').digest('base64url');

  const contextOf = ({ plan, ...journey }: Journey, note: StepContext['note']): StepContext => ({
    ...services,
    browserKey,
    journey: { ...journey, flowId: plan.flowId },
    rules: plan.rules,
    note,
  });

  /** Lets the step do its part, and leaves in the walk's journey what came of it, also when it failed. */
  async function taken(walk: Walk, planned: PlannedStep, occasion: Occasion): Promise<Outcome> {
    const { journey } = walk;
    const decisions: Decision[] = [];
    const context = contextOf(journey, (decision) => void decisions.push(decision));
    const began = performance.now();
    const trace = (told: Omit<Traced, 'at' | 'step' | 'decisions' | 'milliseconds'>): Journey => ({
      ...journey,
      trace: extended(journey.trace, {
        ...told,
        ...actionOf(occasion),
        at: services.clock.now(),
        step: planned.kind,
        decisions,
        milliseconds: Math.round(performance.now() - began),
      }),
    });
    try {
      const outcome = await askStep(context, planned, occasion);
      if (outcome.kind === 'leave') await absences.begin(outcome.state, journey.id);
      const milliseconds = performance.now() - began;
      services.observe(moved(journey, { tenantId, step: planned.kind, outcome: outcome.kind, milliseconds }));
      walk.journey = follow(trace(toldOf(outcome)), outcome, services.clock.now());
      return outcome;
    } catch (error) {
      walk.journey = trace(failureOf(error));
      throw error;
    }
  }

  const take = (walk: Walk, planned: PlannedStep, occasion: Occasion): Promise<Outcome> =>
    tracing.span(
      { name: `step ${planned.kind}`, facts: factsOfStep(walk.journey, tenantId, planned) },
      async (span) => {
        const outcome = await taken(walk, planned, occasion);
        span.tell({ 'usher.outcome': outcome.kind });
        return outcome;
      },
    );

  async function enter(walk: Walk): Promise<Journey> {
    while (!resting(walk.journey)) {
      const { journey } = walk;
      const planned = journey.plan.steps[journey.at];
      if (!planned) walk.journey = { ...journey, ending: arrivalOf(journey, services.clock.now()) };
      else if (!journey.returned && !applies(planned, journey)) walk.journey = { ...journey, at: journey.at + 1 };
      else await take(walk, planned, arriving(journey));
    }
    return walk.journey;
  }

  async function resume(walk: Walk, occasion: Occasion, note: (failed: FailedProof) => void): Promise<Journey> {
    const { plan, at } = walk.journey;
    const planned = plan.steps[at];
    if (!planned) throw faults.journeyLost();
    const outcome = await take(walk, planned, occasion);
    if (outcome.kind === 'show' && outcome.failed) note(outcome.failed);
    return enter(walk);
  }

  return {
    enter,
    submit: (walk, input, note) => resume(walk, { kind: 'submit', input }, note),
    comeBack(walk, answer, note) {
      const { away: _returned, ...journey } = walk.journey;
      walk.journey = journey;
      return resume(walk, { kind: 'comeBack', answer }, note);
    },
  };
}

const moved = (
  { id, plan, correlationId }: Journey,
  told: Pick<Moved, 'tenantId' | 'step' | 'outcome' | 'milliseconds'>,
): Moved => ({ kind: 'journey.moved', journeyId: id, flowId: plan.flowId, correlationId, ...told });

const factsOfStep = ({ plan, correlationId }: Journey, tenantId: string, { kind }: PlannedStep): SpanFacts => ({
  'usher.correlation_id': correlationId,
  'usher.tenant.id': tenantId,
  'usher.flow.id': plan.flowId,
  'usher.step': kind,
});

const arriving = ({ returned }: Journey): Occasion =>
  returned ? { kind: 'again', messages: returned } : { kind: 'enter' };

const actionOf = (occasion: Occasion): Pick<Traced, 'action'> => {
  if (occasion.kind === 'submit') return { action: occasion.input.action };
  return occasion.kind === 'enter' ? {} : { action: occasion.kind };
};

function askStep(context: StepContext, planned: PlannedStep, occasion: Occasion): Promise<Outcome> {
  const step = stepOf(planned);
  const { settings } = planned;
  switch (occasion.kind) {
    case 'enter':
      return step.enter(context, settings);
    case 'submit':
      return step.submit(context, settings, occasion.input);
    case 'again':
      if (!step.again) throw faults.journeyLost();
      return step.again(context, settings, occasion.messages);
    case 'comeBack':
      if (!step.comeBack) throw faults.journeyLost();
      return step.comeBack(context, settings, occasion.answer);
    default:
      return occasion satisfies never;
  }
}

function stepOf({ kind }: PlannedStep): Step {
  const step = steps.get(kind);
  if (!step) throw faults.unknownStep({ step: kind });
  return step;
}

export const applies = ({ when = [] }: PlannedStep, { facts }: Pick<Journey, 'facts'>): boolean =>
  when.every((condition) => {
    const value = facts[condition.fact] ?? null;
    return 'is' in condition ? value === condition.is : value !== condition.isNot;
  });

/** What was learned says who the person is, or proves it. */
const proves = ({ userId, amr }: Facts = {}): boolean => userId !== undefined || amr !== undefined;

/** How often a journey sends its person back to a page. */
const mostReturns = 20;

/** Proofs that may fail in one journey, whoever's: twice what locks one account, and a short way for whoever tries name after name. */
export const mostFailures = 20;

/** What `back` comes to: another outcome, or the page to be asked again. */
type Followed = Exclude<Outcome, { readonly kind: 'back' }> | Again;

interface Again {
  readonly kind: 'again';
  readonly asked: AskedPage;
  readonly messages: readonly Message[];
}

function sentBack(
  { asked, returns = 0 }: Journey,
  { messages, screen, memo }: Extract<Outcome, { readonly kind: 'back' }>,
): Followed {
  if (!asked) return { kind: 'show', screen, memo };
  return returns < mostReturns ? { kind: 'again', asked, messages } : { kind: 'refuse', refusal: 'tooManyAttempts' };
}

function goneOn(
  { asked: before, ...journey }: Journey,
  { learned, again }: Extract<Outcome, { readonly kind: 'next' }>,
  now: EpochSeconds,
): Journey {
  const { at, facts } = journey;
  const asked = again === undefined ? before : { at, facts, memo: again };
  // Who has an account now is never sent back to the page that it was made from.
  const page = asked && learned?.userId === undefined ? { asked } : {};
  const proved = proves(learned) ? { provedAt: now } : {};
  return { ...journey, ...proved, ...page, at: at + 1, facts: { ...facts, ...learned } };
}

function shownOn(
  { failures: before = 0, ...journey }: Journey,
  { screen, memo, failed }: Extract<Outcome, { readonly kind: 'show' }>,
): Journey {
  const failures = before + (failed ? 1 : 0);
  if (failures >= mostFailures) return { ...journey, ending: { kind: 'refuse', refusal: 'tooManyAttempts' } };
  return {
    ...journey,
    ...(failures > 0 ? { failures } : {}),
    ...(memo === undefined ? {} : { memo }),
    screen,
    shown: journey.shown + 1,
  };
}

function follow(journey: Journey, outcome: Outcome | Again, now: EpochSeconds): Journey {
  const { screen: _answered, memo: _kept, returned: _said, ...rest } = journey;
  switch (outcome.kind) {
    case 'show':
      return shownOn(rest, outcome);
    case 'next':
      return goneOn(rest, outcome, now);
    case 'back':
      return follow(journey, sentBack(journey, outcome), now);
    case 'again':
      return { ...rest, ...outcome.asked, returned: outcome.messages, returns: (journey.returns ?? 0) + 1 };
    case 'leave':
      return {
        ...rest,
        ...(outcome.memo === undefined ? {} : { memo: outcome.memo }),
        away: { url: outcome.url, state: outcome.state, isGone: false },
      };
    case 'refuse':
      return { ...rest, ending: outcome };
    default:
      return outcome satisfies never;
  }
}

/** Throws `flows.unproved`: a plan that ends without having established who the person is must let nobody in. */
function arrivalOf({ facts, plan, session }: Journey, now: number): Ending {
  const { newUser = false, amr = [], mustChangePassword, keepSignedIn = false } = facts;
  const userId = arrivedUser(facts);
  if (userId === undefined) throw faults.unproved({ step: 'arrival' });
  // A new password ends the sessions before it.
  const isOld =
    mustChangePassword === undefined &&
    session?.userId === userId &&
    amr.every((method) => session.amr.includes(method));
  const authTime = isOld ? session.authTime : now;
  const foreign = facts.foreign ?? (isOld ? session.foreign : undefined);
  return {
    kind: 'arrive',
    arrival: {
      userId,
      newUser,
      amr,
      authTime,
      flowId: plan.flowId,
      keepSignedIn,
      ...(foreign ? { foreign } : {}),
      ...(facts.tokenClaims ? { tokenClaims: facts.tokenClaims } : {}),
    },
  };
}

/** What a session has proved counts as proved; who is asked to sign in again brings none. */
const factsOf = (session: StandingSession | undefined): Facts =>
  session ? { intent: 'signIn', userId: session.userId, amr: session.amr, keepSignedIn: session.keepSignedIn } : {};

/** What a journey begins with besides what its host says. */
interface Beginning {
  readonly browserSecret: string;
  /** See `Journey.locales`. */
  readonly locales: readonly string[];
  readonly now: EpochSeconds;
}

/** Who was proved by a provider that this flow does not offer, or not any more, or too long ago for it, is not proved here. */
function countsIn({ providers }: Plan, { foreign, authTime }: StandingSession, now: EpochSeconds): boolean {
  if (foreign === undefined) return true;
  const provider = providers.find(({ id }) => id === foreign.provider);
  return provider !== undefined && now < authTime + (provider.sessionSeconds ?? Number.POSITIVE_INFINITY);
}

/** A journey before its first step. */
export const begun = (
  plan: Plan,
  { flowId: _, uiLocales: __, acceptLanguages: ___, session: brought, ...start }: Start,
  { browserSecret, locales, now }: Beginning,
): Journey => {
  const session = brought && countsIn(plan, brought, now) ? brought : undefined;
  return {
    ...start,
    ...(session ? { session } : {}),
    id: newId(),
    browser: digest(browserSecret),
    plan,
    at: 0,
    facts: factsOf(session),
    shown: 0,
    started: now,
    trace: [],
    locales,
  };
};
