import type { Authority } from './authority.ts';
import { flowForm } from './claims.ts';
import { tenantForm } from './tenant-claims.ts';
import type { TokenForm } from './token-form.ts';

/** What the tokens of an authority look like. */
export const formOf = (authority: Authority, tenantId: string): TokenForm =>
  authority.kind === 'tenant' ? tenantForm(authority, tenantId) : flowForm(authority, tenantId);
