import type { Fault } from '../kernel/index.ts';
import type { TenantContext } from './context.ts';
import { refusal } from './dialect/errors.ts';
import { allowedRedirect } from './dialect/redirect-uri.ts';

export const unknownClient = (clientId: string, { tenant }: Pick<TenantContext, 'tenant'>): Fault =>
  refusal('AADB2C90018', clientId, tenant.domains[0] ?? tenant.id);

/** The application and its redirect URI as they are now. Throws 90018, 90092, 90004 to 90007. */
export async function approve(clientId: string, redirectUri: string | undefined, { clients, tenant }: TenantContext) {
  const app = await clients.find(clientId);
  if (!app) throw unknownClient(clientId, { tenant });
  if (app.isDisabled === true) throw refusal('AADB2C90092', app.appId, tenant.domains[0] ?? tenant.id);
  return { app, ...allowedRedirect(app, redirectUri) };
}
