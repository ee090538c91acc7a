import type { Behaviour } from '../directory/index.ts';
import { applicationBehaviour } from './applications.ts';
import { attributeBehaviour } from './attributes.ts';
import { authenticatorBehaviours } from './authenticator-rules.ts';
import { extensionPropertyBehaviour } from './extension-properties.ts';
import type { Extensions } from './extensions.ts';
import type { Hasher } from './hasher.ts';
import { type Inviting, invitationBehaviour } from './invitations.ts';
import { authenticationMethodsBehaviour, organizationBehaviour } from './organization.ts';
import type { PasswordRules } from './password-rules.ts';
import { providerBehaviours } from './providers/behaviours.ts';
import { servicePrincipalBehaviour } from './service-principals.ts';
import { userBehaviour } from './users.ts';

/**
 * The rules this room adds to a tenant's directory. `rules`: what new passwords must satisfy in a tenant that has not chosen for itself;
 * `nist-63b-4` when absent.
 */
export function identityBehaviours(services: {
  readonly hasher: Hasher;
  readonly rules?: PasswordRules;
  readonly inviting?: Inviting;
  /** What users are shown with; asked for when the directory is open. Absent: with all that is stored. */
  readonly extensions?: () => Extensions;
}): readonly Behaviour[] {
  const { hasher, rules = 'nist-63b-4', inviting, extensions } = services;
  return [
    userBehaviour(hasher, rules, extensions),
    ...authenticatorBehaviours,
    applicationBehaviour,
    extensionPropertyBehaviour,
    servicePrincipalBehaviour,
    attributeBehaviour,
    invitationBehaviour(inviting),
    organizationBehaviour,
    authenticationMethodsBehaviour,
    ...providerBehaviours,
  ];
}
