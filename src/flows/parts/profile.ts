import type { Part } from '../recipes/recipe.ts';
import type { ProfileSettings } from '../steps/profile.ts';

/** What the person may see and change. A name to sign in with is not among it. */
export const profilePart: Part = ({ collection: { attributes } }) => {
  const settings: ProfileSettings = { attributes };
  return attributes.length === 0 ? [] : [{ kind: 'profile', settings }];
};
