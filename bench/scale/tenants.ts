import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A tenant can have no more user flows (the published limit of B2C). */
export const flowsOfTenant = 200;

export const redirectUri = 'http://localhost:3000/';

/** One of many user flows, known by number alone. */
export interface FlowAt {
  /** Of its tenant. */
  readonly domain: string;
  readonly flow: string;
  /** An application of that tenant. */
  readonly appId: string;
  /** Somebody of that tenant. */
  readonly email: string;
  readonly password: string;
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const domainOf = (tenant: number): string => `tenant${tenant}.example`;

export function flowAt(number: number): FlowAt {
  const tenant = Math.floor(number / flowsOfTenant);
  return {
    domain: domainOf(tenant),
    flow: `B2C_1_scale${number % flowsOfTenant}`,
    appId: uuidOf(`application ${tenant}`),
    email: `somebody@${domainOf(tenant)}`,
    password: 'Correct-horse-battery-7',
  };
}

const tenantPart = (tenant: number) => ({
  id: uuidOf(`tenant ${tenant}`),
  displayName: `Tenant ${tenant}`,
  domains: [domainOf(tenant)],
});

/** The seed of a tenant that has all the flows it can have, one application and one person. Gives the file. */
function seedOf(tenant: number, folder: string): string {
  const { appId, domain, email, password } = flowAt(tenant * flowsOfTenant);
  const seed = {
    tenant: tenantPart(tenant),
    applications: [{ appId, displayName: 'Application', spa: { redirectUris: [redirectUri] } }],
    users: [
      {
        displayName: 'Somebody',
        identities: [{ signInType: 'emailAddress', issuer: domain, issuerAssignedId: email }],
        passwordProfile: { password, forceChangePasswordNextSignIn: false },
      },
    ],
    b2cUserFlows: Array.from({ length: flowsOfTenant }, (_, at) => ({
      id: flowAt(at).flow,
      userFlowType: 'signUpOrSignIn',
      userFlowTypeVersion: 3,
    })),
  };
  const file = join(folder, `seed-${tenant}.json`);
  writeFileSync(file, JSON.stringify(seed));
  return file;
}

const withSeeds = (files: readonly string[]): readonly string[] => files.flatMap((file) => ['--seed', file]);

/** Arguments of a start after which the database has so many flows, in tenants of 200. */
export const seedingFlows = (flows: number, folder: string): readonly string[] =>
  withSeeds(Array.from({ length: flows / flowsOfTenant }, (_, tenant) => seedOf(tenant, folder)));

/** Arguments of a start after which the database has so many tenants, with nothing of their own. */
export function seedingTenants(count: number, folder: string): readonly string[] {
  const file = join(folder, 'tenants.json');
  writeFileSync(file, JSON.stringify({ tenants: Array.from({ length: count }, (_, tenant) => tenantPart(tenant)) }));
  return withSeeds([file]);
}
