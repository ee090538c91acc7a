import type { Behaviour } from '../directory/index.ts';
import { applicationBehaviour } from './applications.ts';
import { attributeBehaviour } from './attributes.ts';
import type { Hasher } from './hasher.ts';
import type { PasswordRules } from './password-rules.ts';
import { providerBehaviours } from './providers/behaviours.ts';
import { userBehaviour } from './users.ts';

/** The rules this room adds to a tenant's directory. `rules`: what new passwords must satisfy; `nist-63b-4` when absent. */
export function identityBehaviours(services: {
  readonly hasher: Hasher;
  readonly rules?: PasswordRules;
}): readonly Behaviour[] {
  const { hasher, rules = 'nist-63b-4' } = services;
  return [userBehaviour(hasher, rules), applicationBehaviour, attributeBehaviour, ...providerBehaviours];
}
