/** Microsoft Graph over HTTP: `/v1.0` and `/beta` of the management API, derived from the model. Knows no rule of any resource. */

export type { GraphServices } from './answer.ts';
export { graphFace, otherVersionFace } from './face.ts';
export {
  type Addressed,
  inventory,
  lineOf,
  type Offer,
  type Part,
  type ProtocolOffer,
  partText,
  pathText,
  protocolInventory,
} from './inventory.ts';
export { openApi } from './openapi.ts';
export type { Throttling } from './throttle-limits.ts';
