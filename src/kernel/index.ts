/** The words every room shares: faults, time, ids, callers, observations, configuration. Imports nothing; knows no protocol and no entity. */

export { type Caller, system } from './caller.ts';
export {
  type AdjustableClock,
  adjustableClock,
  type Clock,
  type EpochSeconds,
  isoDateTime,
  systemClock,
} from './clock.ts';
export { defineFaults, Fault, type FaultData, type FaultSpec, type Raise } from './fault.ts';
export { digest, isUuid, newId, newSecret, sameSecret } from './id.ts';
export { type Observation, type Observe, silent } from './observe.ts';
