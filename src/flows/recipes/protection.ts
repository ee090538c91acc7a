import type { PlannedStep } from '../plan.ts';
import type { Ingredients, Part } from './recipe.ts';

/**
 * What has to hold for everybody who comes in, also by single sign-on, once it is known who they are (b2c contract d.3, steps 5 to 7);
 * in this order.
 */
const protection: readonly Part[] = [];

/**
 * Everything that protects a flow, around the steps that create the user: an account that never comes in is not made, unless the flow
 * wants B2C's order, where it exists before the second factor (product.md choice 10).
 */
export function withProtection(ingredients: Ingredients, create: readonly PlannedStep[]): readonly PlannedStep[] {
  const protecting = protection.flatMap((part) => part(ingredients));
  return ingredients.flow.settings.isUserCreatedBeforeMultifactor
    ? [...create, ...protecting]
    : [...protecting, ...create];
}
