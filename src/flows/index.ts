/** Journeys. A user flow compiles to a plan; the engine walks it step by step. Knows no HTTP and no OIDC. */

export { flowBehaviours } from './behaviours.ts';
export { type ConnectorStep, connectorSteps } from './callouts/connector-step.ts';
export { basicProof, exchange, type Proof } from './callouts/exchange.ts';
export { connectorErrors } from './callouts/flaw-text.ts';
export { sampleRequest } from './callouts/samples.ts';
export { type Trial, trialOf } from './callouts/trial.ts';
export { createFlows, type FlowServices } from './engine.ts';
export type { Choices, ExplainedChoice, ExplainedListener } from './events/choices.ts';
export { tenantSignIn } from './events/contender.ts';
export { type ExplainedStep, type Explanation, explain } from './explain.ts';
export type { ApiToken, ApiTokens } from './extensions/call.ts';
export { faults as flowsFaults } from './faults.ts';
export { redeemPath } from './guests/redemption.ts';
export {
  type CloseJourney,
  deviceCookie,
  type Flows,
  type Glide,
  type Host,
  journeyCookie,
  journeyPath,
  type Move,
  type Start,
} from './host.ts';
export type { Arrival, JourneyClient, Refusal, RefusalDetail, Sender, StandingSession } from './journey.ts';
export { builtInLanguages } from './localization/built-in-languages.ts';
export { directionOf, lookup } from './localization/lookup.ts';
export { type Amount, lengthOf, type Value } from './localization/value.ts';
export type { Wanted } from './localization/wanted.ts';
export { passwordNamesOf } from './offered.ts';
export { fillPageUri, type PageUriClaim } from './page-uri.ts';
export { planReader } from './plans.ts';
export type { LayoutTemplate, PageLook, Presentation } from './presentation.ts';
export { type ConnectorLog, createConnectorLog } from './record/connector-log.ts';
export { createJourneyLog, type JourneyLog } from './record/journey-log.ts';
export type { Recorder } from './recorder.ts';
export { refusalCodes } from './refusal-codes.ts';
export {
  type Action,
  type Exhibit,
  type Field,
  type Message,
  type PasskeyCeremony,
  proofActionsOf,
  proofNames,
  type Screen,
  type Text,
  type Verification,
} from './screen.ts';
export type { Input, Language, Words } from './step.ts';
export { flowWords } from './words.ts';
