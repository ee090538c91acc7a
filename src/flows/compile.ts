import type { Versioned } from '../directory/index.ts';
import type { entities } from '../model/index.ts';
import { type Assignment, type Attribute, collect, type Offers } from './attributes/collect.ts';
import type { LinkedConnectors } from './callouts/connector-step.ts';
import { faults } from './faults.ts';
import { type AccountSwitches, offeredAccounts, whyNone } from './local-accounts.ts';
import { notYet } from './not-yet.ts';
import { passwordRulesOf } from './password-rules.ts';
import type { OfferedProvider, Plan, PlanRules } from './plan.ts';
import { recipes } from './recipes/index.ts';
import type { B2cFlow } from './recipes/recipe.ts';

type Flow = Versioned<typeof entities.b2cIdentityUserFlow>;

/** What stands in a flow and is linked to it. */
export interface FlowParts {
  readonly assignments: readonly Assignment[];
  readonly attributes: readonly Attribute[];
  /** What can be chosen, in the language of the journey. */
  readonly offers?: Offers;
  /** Ids of the identity providers linked to the flow now. */
  readonly providers: readonly string[];
  /** Those of them that prove people elsewhere. */
  readonly foreign: readonly OfferedProvider[];
  /** Kinds of accounts that the tenant lets its flows offer. */
  readonly switches: AccountSwitches;
  readonly connectors: LinkedConnectors;
  /** Ids of the attributes that tokens tell; none: all. */
  readonly returned: readonly string[];
}

/**
 * Turns the resource into a plan. Pure: same resources, same plan. Throws `flows.notRunnable`, `flows.noPages`, and `flows.noProvider`
 * when the flow names no method of sign-in that can be offered.
 */
export function compile(found: Flow, parts: FlowParts): Plan {
  const { assignments, attributes, offers, providers, foreign, switches, connectors, returned } = parts;
  const { id, userFlowType } = found.entity;
  if (userFlowType === 'resourceOwner') throw faults.noPages({ id });
  const recipe = recipes[userFlowType];
  if (!recipe) throw faults.notRunnable({ id, reason: `is of type ${userFlowType}` });
  const flow: B2cFlow = found.entity;
  const reason = notYet(flow);
  if (reason !== undefined) throw faults.notRunnable({ id, reason });
  const accounts = offeredAccounts(flow.authenticationMethods, providers, switches);
  // Nobody else's passwords are set here (b2c contract d.2).
  const offered = userFlowType === 'passwordReset' ? [] : foreign;
  if (accounts.length === 0 && offered.length === 0) {
    throw faults.noProvider({ id, cause: whyNone(flow.authenticationMethods, providers) });
  }
  const steps = recipe({
    flow,
    accounts,
    foreign: offered,
    collection: collect(assignments, attributes, offers),
    connectors,
    returned,
  });
  return { flowId: id, version: found.etag, steps, rules: rulesOf(flow), providers: offered };
}

function rulesOf({ passwordComplexityConfiguration, settings: { oneTimeCodes } }: B2cFlow): PlanRules {
  const { length, lifetimeInSeconds, maximumTries, resendAfterSeconds, maximumCodes } = oneTimeCodes;
  const passwords = passwordRulesOf(passwordComplexityConfiguration);
  return {
    codes: {
      digits: length,
      lifetimeSeconds: lifetimeInSeconds,
      triesPerCode: maximumTries,
      resendSeconds: resendAfterSeconds,
      codesPerJourney: maximumCodes,
    },
    ...(passwords ? { passwords } : {}),
  };
}
