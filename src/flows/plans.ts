import { changedId, createChangeCache, type Directory } from '../directory/index.ts';
import { entities } from '../model/index.ts';
import { countriesIn } from './age/countries.ts';
import { assignmentsOf, attributesOf } from './attributes/assigned.ts';
import { compile } from './compile.ts';
import { faults } from './faults.ts';
import { guestPlanReader } from './guests/guest-plans.ts';
import type { Localization } from './localization/localization.ts';
import { connectorsOf, foreignOf, linkedTo, switchesOf } from './offered.ts';
import type { Plan } from './plan.ts';

export interface Plans {
  /**
   * By user flow id, without regard to case; with what can be chosen in a language, if one is named. Throws `flows.unknownFlow`,
   * `flows.notRunnable`, `flows.noProvider`.
   */
  of(flowId: string, locales?: readonly string[]): Promise<Plan>;
}

const {
  authenticationEventsFlow,
  b2cAuthenticationMethodsPolicy: switchesType,
  b2cIdentityUserFlow,
  identityProviderBase,
  identityUserFlow,
  identityUserFlowAttribute,
} = entities;

/** Plans kept at once, one for each flow and language; a tenant may have 200 flows (b2c contract k). */
const capacity = 400;

/** Where plans come from, each read anew. `undefined`: there is no such flow. Throws `flows.notRunnable`, `flows.noProvider`. */
export type ReadPlan = (flowId: string, locales: readonly string[]) => Promise<Plan | undefined>;

export function planReader(
  directory: Pick<Directory, 'get' | 'find' | 'linked'>,
  localization?: Pick<Localization, 'choicesOf'>,
): ReadPlan {
  const guestPlan = guestPlanReader(directory, localization);

  return async (flowId, locales) => {
    const flow = await directory.get({ type: b2cIdentityUserFlow, id: flowId });
    if (!flow) return guestPlan(flowId, locales);
    const assignments = await assignmentsOf(directory, flow);
    const [choices, attributes, providers, foreign, connectors, returned, switches] = await Promise.all([
      localization?.choicesOf(flowId, locales) ?? new Map(),
      attributesOf(directory, assignments),
      linkedTo(directory, flow, 'userFlowIdentityProviders'),
      foreignOf(directory, flow),
      connectorsOf(directory, flow),
      linkedTo(directory, flow, 'applicationClaims'),
      switchesOf(directory),
    ]);
    const offers = { choices, countries: countriesIn(locales) };
    return compile(flow, { assignments, attributes, offers, providers, foreign, connectors, returned, switches });
  };
}

/**
 * Compiled plans, kept until a flow, its links, one of its assignments, an attribute, or what the tenant lets flows offer changes. Only
 * flows that exist are kept.
 */
export function createPlans(directory: Directory, localization: Pick<Localization, 'choicesOf'>): Plans {
  const read = planReader(directory, localization);
  const cache = createChangeCache<Plan>(directory, {
    types: [identityUserFlow, authenticationEventsFlow, identityUserFlowAttribute, identityProviderBase, switchesType],
    // An attribute may be collected by any of them, a provider offered, and the tenant's switches are everybody's.
    concerns(change, _, key) {
      const flow = changedId(change, identityUserFlow) ?? changedId(change, authenticationEventsFlow);
      return flow === undefined || flow === key.split('\n', 1)[0];
    },
    load: (key) => {
      const [flowId = '', ...locales] = key.split('\n');
      return read(flowId, locales);
    },
    capacity,
  });
  return {
    async of(flowId, locales = []) {
      const plan = await cache.get([flowId, ...locales].join('\n'));
      if (!plan) throw faults.unknownFlow({ id: flowId });
      return plan;
    },
  };
}
