/** Microsoft Graph over HTTP: `/v1.0` and `/beta` of the management API, derived from the model. Knows no rule of any resource. */

export type { GraphServices } from './answer.ts';
export { graphFace } from './face.ts';
export { inventory, type Offer, type Part, pathText } from './inventory.ts';
export type { Throttling } from './throttle-limits.ts';
