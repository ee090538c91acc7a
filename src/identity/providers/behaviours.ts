import { type Behaviour, behaviour, type PrepareContext } from '../../directory/index.ts';
import { type Draft, type EntityOf, entities } from '../../model/index.ts';
import { availableProviderTypes, legacyProviderTypes, maximumProviders } from '../built-in.ts';
import { faults } from '../faults.ts';
import { usedBy } from '../used-by.ts';
import { appleBehaviour } from './apple.ts';
import { builtInBehaviour } from './built-in.ts';
import { checkIssuer } from './issuers.ts';
import { oidcBehaviour } from './oidc.ts';
import { openIdConnectBehaviour } from './open-id-connect.ts';
import { samlBehaviours } from './saml.ts';
import { socialBehaviour } from './social.ts';

type Provider = EntityOf<typeof entities.identityProviderBase>;
type ProviderDraft = Draft<typeof entities.identityProviderBase>;

/** What holds for providers of every kind. */
const everyProvider = behaviour({
  type: entities.identityProviderBase,
  async prepare(
    draft: ProviderDraft,
    { caller, verb, type }: PrepareContext<typeof entities.identityProviderBase>,
  ): Promise<ProviderDraft> {
    // Seeds may leave it to the server to name a provider after its kind; built-in ones are refused in words of their own.
    if (caller.kind === 'system' || type.name === entities.builtInIdentityProvider.name) return draft;
    const { displayName = verb === 'create' ? null : undefined } = draft;
    if (displayName !== undefined && !displayName?.trim()) throw faults.unnamedProvider();
    return draft;
  },
  atMost: { maximum: maximumProviders, full: faults.tooManyProviders },
  check: checkIssuer,
  /** The service does not say what happens; a flow that loses a provider in silence may lose the only way in. */
  async checkRemove({ id }: Provider, { reader }): Promise<void> {
    const user = await usedBy({ type: entities.identityProviderBase, id }, reader);
    if (user !== undefined) throw faults.providerInUse({ id, user });
  },
  operations: { availableProviderTypes: async () => availableProviderTypes },
});

const earlierNames = behaviour({
  type: entities.identityProvider,
  operations: { availableProviderTypes: async () => legacyProviderTypes },
});

export const providerBehaviours: readonly Behaviour[] = [
  everyProvider,
  builtInBehaviour,
  socialBehaviour,
  appleBehaviour,
  openIdConnectBehaviour,
  oidcBehaviour,
  ...samlBehaviours,
  earlierNames,
];
