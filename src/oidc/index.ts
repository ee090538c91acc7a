/** OpenID Connect in the URL space and the dialect of Azure AD B2C. */

export { type Bearer, type BearerServices, createBearer } from './bearer.ts';
export { rows as errorTable } from './dialect/errors.ts';
export { type ErrorInfo, type OidcFaceServices, oidcFace } from './face.ts';
export { faults as oidcFaults } from './faults.ts';
export { type KeyReport, type KeyServices, reportKeys, rotateKeys } from './keys-rotation.ts';
export type { DevicePage, DeviceView } from './standards/device-view.ts';
export { createTenantOidc, type TenantOidc } from './tenant.ts';
export type { TenantServices } from './tenant-services.ts';
