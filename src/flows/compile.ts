import type { Versioned } from '../directory/index.ts';
import { entities } from '../model/index.ts';
import { type Assignment, type Attribute, type Choices, collect } from './attributes/collect.ts';
import { faults } from './faults.ts';
import { offersLocalAccounts } from './local-accounts.ts';
import { notYet } from './not-yet.ts';
import { passwordRulesOf } from './password-rules.ts';
import type { Plan, PlanRules } from './plan.ts';
import { recipes } from './recipes/index.ts';
import type { B2cFlow } from './recipes/recipe.ts';

type Flow = Versioned<typeof entities.identityUserFlow>;

/** What stands in a flow and is linked to it. */
export interface FlowParts {
  readonly assignments: readonly Assignment[];
  readonly attributes: readonly Attribute[];
  /** What can be chosen in place of what assignments say, by claim id, folded. */
  readonly choices?: Choices;
  /** Ids of the identity providers linked to the flow now. */
  readonly providers: readonly string[];
  /** Positions at which an API connector is linked to the flow. */
  readonly connectors: readonly string[];
}

/** Flows of guests have neither the settings nor the pages of B2C's. */
const isB2c = ({ type }: Flow): boolean => type.name === entities.b2cIdentityUserFlow.name;

/**
 * Turns the resource into a plan. Pure: same resources, same plan. Throws `flows.notRunnable`, and `flows.noProvider` when
 * the flow names no method of sign-in that can be offered.
 */
export function compile(found: Flow, { assignments, attributes, choices, providers, connectors }: FlowParts): Plan {
  const { id, userFlowType } = found.entity;
  const recipe = isB2c(found) ? recipes[userFlowType] : undefined;
  if (!recipe) throw faults.notRunnable({ id, reason: `is of type ${isB2c(found) ? userFlowType : found.type.name}` });
  const flow = found.entity as B2cFlow;
  const reason = notYet(flow, connectors);
  if (reason !== undefined) throw faults.notRunnable({ id, reason });
  if (!offersLocalAccounts(flow.authenticationMethods, providers)) throw faults.noProvider({ id });
  const steps = recipe({ flow, collection: collect(assignments, attributes, choices) });
  return { flowId: id, version: found.etag, steps, rules: rulesOf(flow) };
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
