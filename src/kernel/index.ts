/** The words every room shares: faults, time, ids, callers, observations, configuration. Imports nothing; knows no protocol and no entity. */

export {
  type ActivityName,
  type Admission,
  activities,
  admissionFaults,
  createAdmission,
  documentedQuotas,
  type Limiting,
  limitings,
  unlimited,
} from './admission.ts';
export { isPrintableAscii } from './ascii.ts';
export { type Budget, createBudget, type Draw, type Rate } from './budget.ts';
export { type Caller, system, systemFor } from './caller.ts';
export {
  type AdjustableClock,
  adjustableClock,
  agreedClock,
  type Clock,
  type EpochSeconds,
  isoDateTime,
  supportTime,
  systemClock,
} from './clock.ts';
export {
  type Environment,
  type Origin,
  outside,
  type Resolved,
  resolveConfig,
  suggestion,
  telemetryVariables,
} from './config.ts';
export { defineFaults, Fault, type FaultData, type FaultSpec, isFault, isMalfunction, type Raise } from './fault.ts';
export { createGate, type Gate } from './gate.ts';
export { createTimedIds, digest, isUuid, newId, newSecret, sameSecret } from './id.ts';
export { createLru, type Lru } from './lru.ts';
export { madeOnce, settled } from './made-once.ts';
export { maskedUrl } from './masked-url.ts';
export { isOwnAddress, networkOf } from './network.ts';
export { type Observation, type Observe, type OutsideTarget, silent } from './observe.ts';
export { type Config, flagOf, type Option, type OptionName, optionNames, optionOf, variableOf } from './options.ts';
export { type Allowance, allows, readAllowance } from './outside-allowance.ts';
export { flawOfOutsideUrl, isLoopbackHost } from './outside-url.ts';
export { type Span, type SpanFacts, type SpanStart, type Trace, type TraceIds, untraced } from './trace.ts';
