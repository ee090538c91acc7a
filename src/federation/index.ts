/** Foreign identity providers: where people are sent who have an account elsewhere, and whom the answer proves. One file for each kind. */

export { createFederation } from './federation.ts';
export { fixedKinds } from './kinds/index.ts';
export type {
  CallbackAnswer,
  Departed,
  Departure,
  Federation,
  ForeignOutcome,
  ForeignPerson,
  ForeignProvider,
} from './provider.ts';
export { samlMetadata } from './saml/service-provider.ts';
export type { FederationServices } from './services.ts';
