import type { Part } from '../recipes/recipe.ts';
import type { ConditionalAccessSettings } from '../steps/conditional-access.ts';
import { factorSettings } from './second-factor.ts';

/** The rules of access, once it is known who the person is. */
export const conditionalAccessPart: Part = ({ flow }) => {
  if (!flow.isConditionalAccessEnforced) return [];
  const factor = factorSettings(flow);
  const settings: ConditionalAccessSettings = {
    rules: flow.settings.conditionalAccess.rules,
    ...(factor ? { factor } : {}),
  };
  return [{ kind: 'conditionalAccess', settings }];
};
