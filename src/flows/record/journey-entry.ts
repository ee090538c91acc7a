import { isoDateTime } from '../../kernel/index.ts';
import type { Draft, entities } from '../../model/index.ts';
import type { Decision } from '../decision.ts';
import type { Journey } from '../journey.ts';
import { refusalCodes } from '../refusal-codes.ts';
import type { Traced } from './trace.ts';

export type JourneyEntry = Draft<typeof entities.journey>;

/** How a journey came out; `failed`: a request did, and the journey may go on. */
export type Outcome = 'arrived' | 'refused' | 'abandoned' | 'failed';

const reason = ([name, value]: readonly [string, unknown]): string => `${name}: ${String(value)}`;

const decisionOf = ({ what, came, because = {} }: Decision) => ({
  what,
  came,
  because: Object.entries(because).map(reason),
});

const movementOf = ({ at, action, page, fault, milliseconds, decisions, ...told }: Traced) => ({
  ...told,
  dateTime: isoDateTime(at),
  action: action ?? null,
  page: page ?? null,
  fault: fault ?? null,
  decisions: decisions.map(decisionOf),
  durationInMilliseconds: milliseconds,
});

function errorCodeOf({ ending, trace }: Journey, outcome: Outcome): string | null {
  if (outcome === 'failed') return trace.at(-1)?.fault ?? null;
  return ending?.kind === 'refuse' ? refusalCodes[ending.refusal] : null;
}

/** A journey as `usher/journeys` tells it. Neither what was typed nor what it is called: ids, names of fields, codes. */
export function entryOf(journey: Journey, outcome: Outcome, now: number): JourneyEntry {
  const { id, plan, facts, client, session, started, correlationId, trace } = journey;
  return {
    startedDateTime: isoDateTime(started),
    endedDateTime: isoDateTime(now),
    correlationId,
    journeyId: id,
    flowId: plan.flowId,
    appId: client.appId,
    appDisplayName: client.displayName,
    userId: facts.userId ?? null,
    outcome,
    errorCode: errorCodeOf(journey, outcome),
    isResumed: session !== undefined,
    movements: trace.map(movementOf),
  };
}
