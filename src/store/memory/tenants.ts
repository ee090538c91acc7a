import type { Clock } from '../../kernel/index.ts';
import { foldText } from '../comparable.ts';
import { faults } from '../faults.ts';
import type { Tenant, Tenants } from '../store.ts';

/** `queued` puts work in line with all writes; `forget` drops what a tenant stored. */
export function memoryTenants(
  clock: Clock,
  queued: <T>(work: () => T) => Promise<T>,
  forget: (id: string) => void,
): Tenants {
  const tenants = new Map<string, Tenant>();
  const named = (name: string) =>
    tenants.get(name) ?? [...tenants.values()].find(({ domains }) => domains.includes(name));
  return {
    async list() {
      return [...tenants.values()];
    },
    async find(idOrDomain) {
      return named(foldText(idOrDomain));
    },
    create: ({ id, domains, displayName }) =>
      queued(() => {
        const tenant = { id: foldText(id), domains: domains.map(foldText), displayName, created: clock.now() };
        if (tenants.has(tenant.id)) throw faults.exists({ property: 'id' });
        if (tenant.domains.some(named)) throw faults.exists({ property: 'domains' });
        tenants.set(tenant.id, tenant);
        return tenant;
      }),
    remove: (id) =>
      queued(() => {
        forget(foldText(id));
        return tenants.delete(foldText(id));
      }),
  };
}
