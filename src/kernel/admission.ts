import { type Budget, createBudget, type Draw, type Rate } from './budget.ts';
import { defineFaults } from './fault.ts';
import { isOwnAddress, networkOf } from './network.ts';

/** How much strangers may ask of a server. `none`: as much as they like. */
export const limitings = ['generous', 'strict', 'none'] as const;

export type Limiting = (typeof limitings)[number];

type Choices = Readonly<Record<Exclude<Limiting, 'none'>, Rate>>;

/** Something that is asked of the server, and how often one may. */
interface Activity {
  /** What is counted, for the page of limits. */
  readonly says: string;
  readonly perAddress?: Choices;
  readonly perTenant?: Choices;
  /** Only of an application that has proved which one it is: else strangers could use it up. */
  readonly perApplication?: Choices;
}

const minute = 60;
const fiveMinutes = 300;
const hour = 3_600;

const per = (seconds: number, generous: number, strict: number): Choices => ({
  generous: { amount: generous, seconds },
  strict: { amount: strict, seconds },
});

/**
 * The figures of `generous` let a school of 2,000 sign in behind one address within five minutes at eight o'clock, three times over: each
 * person begins one sign-in, asks for about six pages and gets one answer from the token endpoint, and one in five mistypes the password.
 * `strict` is a tenth, for a server that people reach from addresses of their own. Backends that many people share are one address too:
 * what programs ask has more room.
 */
export const activities = {
  signIn: {
    says: 'sign-ins begun: authorization requests, also silent ones, and links of invitations',
    perAddress: per(fiveMinutes, 6_000, 600),
    perTenant: per(minute, 24_000, 6_000),
  },
  page: {
    says: 'pages of sign-ins shown and answered, answers of foreign providers',
    perAddress: per(fiveMinutes, 36_000, 3_600),
  },
  wrongPassword: {
    says: 'wrong passwords, whosever; known browsers of the person are not counted',
    perAddress: per(hour, 1_200, 120),
  },
  token: {
    says: 'token requests, and questions about tokens (userinfo, introspection, revocation)',
    perAddress: per(fiveMinutes, 60_000, 6_000),
    perApplication: per(minute, 120_000, 12_000),
  },
  push: { says: 'pushed authorization requests', perAddress: per(fiveMinutes, 6_000, 600) },
  device: {
    says: 'codes for devices asked for, and pages where they are entered',
    perAddress: per(fiveMinutes, 600, 60),
    perTenant: per(minute, 6_000, 1_500),
  },
  signOut: { says: 'sign-outs', perAddress: per(fiveMinutes, 6_000, 600) },
  metadata: { says: 'discovery documents and keys', perAddress: per(fiveMinutes, 60_000, 12_000) },
} as const satisfies Readonly<Record<string, Activity>>;

export type ActivityName = keyof typeof activities;

/** What Azure AD B2C publishes (b2c contract k): requests of an address at a tenant, and what a tenant can spend on costs. */
export const documentedQuotas = {
  addressAtTenant: { amount: 6_000, seconds: fiveMinutes },
  tenant: { amount: 200, seconds: 1 },
} as const satisfies Readonly<Record<string, Rate>>;

/** B2C's text for AADB2C90244 (b2c contract b.6). `retryAfterSeconds` stands in the data. */
export const admissionFaults = defineFaults('limits', {
  tooMany: {
    status: 429,
    message: 'There are too many requests at this moment. Please wait for some time and try again.',
  },
});

/**
 * Counts what is asked, in the memory of this process: several processes allow several times as much. Nobody gains by that what is counted
 * for everybody in the store, tries at an account and at a code.
 */
export interface Admission {
  /** `cost`: for how many it counts; 1 when absent. Throws `limits.tooMany`. */
  byAddress(activity: ActivityName, address: string, cost?: number): void;
  /** Throws `limits.tooMany`. */
  byTenant(activity: ActivityName, tenantId: string): void;
  /** Throws `limits.tooMany`. */
  byApplication(activity: ActivityName, tenantId: string, appId: string): void;
  /** Counts one that may turn out not to count, which the function says. Undefined: there were too many. */
  attempt(activity: ActivityName, address: string): (() => void) | undefined;
  /** Where the quotas of B2C are emulated: what a request costs of them. Throws `limits.tooMany`. */
  spend(tenantId: string, address: string, cost: number): void;
}

export interface AdmissionOptions {
  readonly limiting: Limiting;
  /** B2C's published quotas hold too, for whoever tries how an application bears them. */
  readonly hasDocumentedQuotas?: boolean;
  /** Seconds that never go back; absent: of the process. */
  readonly now?: () => number;
}

function drawFrom(budget: Budget, draws: readonly Draw[]): void {
  const retryAfterSeconds = budget.draw(draws);
  if (retryAfterSeconds > 0) throw admissionFaults.tooMany({ retryAfterSeconds });
}

/**
 * The machine itself is no stranger, unless the limits are strict: where no trusted proxy is named, everybody may seem to come from
 * there, and would be counted together.
 */
export function createAdmission({ limiting, hasDocumentedQuotas = false, now }: AdmissionOptions): Admission {
  // Each in memory of its own: whoever has many addresses makes nobody forget a tenant.
  const [ofAddresses, ofTenants] = [createBudget(now), createBudget(now)];
  const [ofApplications, ofQuotas] = [createBudget(now), createBudget(now)];
  const isCounted = (address: string): boolean => limiting === 'strict' || !isOwnAddress(address);

  function drawOf(
    name: ActivityName,
    whose: 'perAddress' | 'perTenant' | 'perApplication',
    key: string,
  ): readonly Draw[] {
    const activity: Activity = activities[name];
    const choices = activity[whose];
    return limiting === 'none' || !choices ? [] : [{ key: `${name} ${key}`, rate: choices[limiting] }];
  }
  const byAddress = (name: ActivityName, address: string): readonly Draw[] =>
    isCounted(address) ? drawOf(name, 'perAddress', networkOf(address)) : [];

  return {
    byAddress(activity, address, cost = 1) {
      drawFrom(
        ofAddresses,
        byAddress(activity, address).map((draw) => ({ ...draw, cost })),
      );
    },
    byTenant: (activity, tenantId) => drawFrom(ofTenants, drawOf(activity, 'perTenant', tenantId)),
    byApplication(activity, tenantId, appId) {
      drawFrom(ofApplications, drawOf(activity, 'perApplication', `${tenantId} ${appId}`));
    },
    attempt(activity, address) {
      const draws = byAddress(activity, address);
      return ofAddresses.draw(draws) > 0 ? undefined : () => ofAddresses.giveBack(draws);
    },
    spend(tenantId, address, cost) {
      if (!hasDocumentedQuotas) return;
      const { addressAtTenant, tenant } = documentedQuotas;
      drawFrom(ofQuotas, [
        { key: `address ${tenantId} ${networkOf(address)}`, rate: addressAtTenant },
        { key: `tenant ${tenantId}`, rate: tenant, cost },
      ]);
    },
  };
}

/** For commands and tests, where no stranger asks. */
export const unlimited: Admission = createAdmission({ limiting: 'none' });
