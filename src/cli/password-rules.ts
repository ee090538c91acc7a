import type { PasswordRules } from '../identity/index.ts';
import type { Tenant } from '../store/index.ts';
import { contoso } from './seed/default-seed.ts';

/** For new passwords where a tenant has not chosen: the seeded one is as B2C made tenants, the others are as NIST advises. */
export const passwordRulesOf = ({ id }: Pick<Tenant, 'id'>): PasswordRules =>
  id === contoso.tenantId ? 'b2c-strong' : 'nist-63b-4';
