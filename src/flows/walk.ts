import { createHmac } from 'node:crypto';
import { faults } from './faults.ts';
import type { Ending, Journey } from './journey.ts';
import type { PlannedStep } from './plan.ts';
import type { FailedProof, Input, Outcome, Step, StepContext } from './step.ts';
import { steps } from './steps/index.ts';

/** What the engine hands on to every step. */
export type WalkServices = Omit<StepContext, 'journey' | 'browserKey'>;

/** A walk under way. `journey` is what was reached: when a step fails, the steps before it stay done. */
export interface Walk {
  journey: Journey;
}

export interface Walker {
  /** Enters steps until one shows something, sends the browser away, or the plan is at its end. */
  enter(walk: Walk): Promise<Journey>;
  /** Gives the answer to the step whose screen is shown, then goes on as `enter` does. `note` hears of a proof that failed. */
  submit(walk: Walk, input: Input, note: (failed: FailedProof) => void): Promise<Journey>;
}

/** What the journey's own state says the browser has to do; `undefined`: the walk has to go on. */
const resting = ({ screen, away, ending }: Journey): boolean => Boolean(screen ?? away ?? ending);

/** Walks one journey on behalf of the browser that holds the secret. Saves nothing and tells no host. */
export function createWalker(services: WalkServices, tenantId: string, browserSecret: string): Walker {
  const browserKey = createHmac('sha256', browserSecret).update('one-time codes').digest('base64url');

  const contextOf = ({ plan, ...journey }: Journey): StepContext => ({
    ...services,
    browserKey,
    journey: { ...journey, flowId: plan.flowId },
  });

  const took = (journey: Journey, planned: PlannedStep, outcome: Outcome): void =>
    services.observe({
      kind: 'journey.moved',
      tenantId,
      journeyId: journey.id,
      flowId: journey.plan.flowId,
      step: planned.kind,
      outcome: outcome.kind,
      correlationId: journey.correlationId,
    });

  async function enter(walk: Walk): Promise<Journey> {
    while (!resting(walk.journey)) {
      const { journey } = walk;
      const planned = journey.plan.steps[journey.at];
      if (!planned) walk.journey = { ...journey, ending: arrivalOf(journey, services.clock.now()) };
      else if (!applies(planned, journey)) walk.journey = { ...journey, at: journey.at + 1 };
      else {
        const outcome = await stepOf(planned).enter(contextOf(journey), planned.settings);
        took(journey, planned, outcome);
        walk.journey = follow(journey, outcome);
      }
    }
    return walk.journey;
  }

  return {
    enter,
    async submit(walk, input, note) {
      const { journey } = walk;
      const planned = journey.plan.steps[journey.at];
      if (!planned) throw faults.journeyLost();
      const outcome = await stepOf(planned).submit(contextOf(journey), planned.settings, input);
      took(journey, planned, outcome);
      if (outcome.kind === 'show' && outcome.failed) note(outcome.failed);
      walk.journey = follow(journey, outcome);
      return enter(walk);
    },
  };
}

function stepOf({ kind }: PlannedStep): Step {
  const step = steps.get(kind);
  if (!step) throw faults.unknownStep({ step: kind });
  return step;
}

function applies({ when }: PlannedStep, { facts }: Journey): boolean {
  return when === undefined || new Map<string, unknown>(Object.entries(facts)).get(when.fact) === when.is;
}

function follow(journey: Journey, outcome: Outcome): Journey {
  const { screen: _answered, memo: _kept, ...rest } = journey;
  switch (outcome.kind) {
    case 'show': {
      const memo = outcome.memo === undefined ? {} : { memo: outcome.memo };
      return { ...rest, ...memo, screen: outcome.screen, shown: journey.shown + 1 };
    }
    case 'next':
      return { ...rest, at: journey.at + 1, facts: { ...journey.facts, ...outcome.learned } };
    case 'leave':
      return { ...rest, away: outcome.url };
    case 'refuse':
      return { ...rest, ending: { kind: 'refuse', refusal: outcome.refusal } };
    default:
      return outcome satisfies never;
  }
}

/** Throws `flows.unproved`: a plan that ends without having established who the person is must let nobody in. */
function arrivalOf({ facts, plan }: Journey, authTime: number): Ending {
  const { userId, newUser = false, amr = [] } = facts;
  if (userId === undefined || amr.length === 0) throw faults.unproved({ step: 'arrival' });
  return { kind: 'arrive', arrival: { userId, newUser, amr, authTime, flowId: plan.flowId } };
}
