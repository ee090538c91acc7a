import { behaviour } from '../directory/index.ts';
import { isoDateTime } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import type { Tenant } from '../store/index.ts';

/** The domain every tenant of Microsoft's service is made with. */
const isInitial = (domain: string): boolean => domain.endsWith('.onmicrosoft.com');

const domainsOf = ({ domains }: Tenant) =>
  domains.map((name, index) => ({
    name,
    type: 'Managed',
    capabilities: 'Email',
    isDefault: index === 0,
    isInitial: isInitial(name),
  }));

/** The tenant is there from the beginning, and with it its organization (Graph contract a.12). */
export const organizationBehaviour = behaviour({
  type: entities.organization,
  async builtIn({ tenant }) {
    const values = {
      displayName: tenant.displayName,
      createdDateTime: isoDateTime(tenant.created),
      tenantType: 'AAD B2C',
      verifiedDomains: domainsOf(tenant),
    };
    return [{ id: tenant.id, values }];
  },
});

/** The policy is there from the beginning, with the defaults of its declaration (Graph contract b.13). */
export const authenticationMethodsBehaviour = behaviour({
  type: entities.b2cAuthenticationMethodsPolicy,
  async builtIn() {
    const id = entities.b2cAuthenticationMethodsPolicy.set?.singleton;
    return id === undefined ? [] : [{ id, values: {} }];
  },
});
