/** Journeys. A user flow compiles to a plan; the engine walks it step by step. Knows no HTTP and no OIDC. */

export { flowBehaviours } from './behaviours.ts';
export { createFlows, type FlowServices } from './engine.ts';
export { faults as flowsFaults } from './faults.ts';
export { directionOf, lookup } from './localization/lookup.ts';
export { type Amount, lengthOf, type Value } from './localization/value.ts';
export { type Flows, type Host, journeyCookie, journeyPath, type Move, type Sender, type Start } from './host.ts';
export type { Arrival, JourneyClient, Refusal } from './journey.ts';
export {
  type Action,
  type Field,
  type Message,
  proofNames,
  type Screen,
  type Text,
  type Verification,
} from './screen.ts';
export type { Input, Words } from './step.ts';
export { flowWords } from './words.ts';
