import { ageGatingPart, ageKeepingPart } from '../parts/age-gating.ts';
import { conditionalAccessPart } from '../parts/conditional-access.ts';
import { passkeyOfferPart } from '../parts/passkeys.ts';
import { recoveryCodesPart } from '../parts/recovery-codes.ts';
import { recoveryEmailPart } from '../parts/recovery-email.ts';
import { keepingPart, secondFactorPart } from '../parts/second-factor.ts';
import type { PlannedStep } from '../plan.ts';
import type { Ingredients, Part } from './recipe.ts';

/** Whether a person may have an account here at all: nobody gets one before these (b2c contract d.3, step 5). */
const admission: readonly Part[] = [ageGatingPart];

/**
 * What has to hold for everybody who comes in, also by single sign-on, once it is known who they are (b2c contract d.3, steps 6 and 7);
 * in this order.
 */
const protection: readonly Part[] = [conditionalAccessPart, secondFactorPart, recoveryCodesPart, recoveryEmailPart];

/** What was learned on the way about a person who had no account yet; then what is offered to whoever has come in. */
const keeping: readonly Part[] = [keepingPart, ageKeepingPart, passkeyOfferPart];

/**
 * Everything that protects a flow, around the steps that create the user: an account that never comes in is not made, unless the flow
 * wants B2C's order, where it exists before the second factor (product.md choice 10).
 */
export function withProtection(ingredients: Ingredients, create: readonly PlannedStep[]): readonly PlannedStep[] {
  const of = (parts: readonly Part[]): readonly PlannedStep[] => parts.flatMap((part) => part(ingredients));
  return ingredients.flow.settings.isUserCreatedBeforeMultifactor
    ? [...of(admission), ...create, ...of(protection), ...of(keeping)]
    : [...of(admission), ...of(protection), ...create, ...of(keeping)];
}
