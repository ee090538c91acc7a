/** Tells addresses that tenants have chosen what happens to their people: written down with the event, delivered at least once, signed. */

export { webhookBehaviours } from './behaviours.ts';
export { type Couriers, createCouriers } from './couriers.ts';
export { faults as webhookFaults } from './faults.ts';
export { hasWaiting } from './lanes.ts';
export type { SigningKey } from './signature.ts';
export { createWebhookWitness } from './witness.ts';
