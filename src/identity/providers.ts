import { behaviour, type PrepareContext } from '../directory/index.ts';
import { type Draft, type EntityOf, entities, fold } from '../model/index.ts';
import { builtInProviders, socialProviderIds } from './built-in.ts';
import { faults } from './faults.ts';

type Provider = EntityOf<typeof entities.identityProviderBase>;
type BuiltInDraft = Draft<typeof entities.builtInIdentityProvider>;
type SocialDraft = Draft<typeof entities.socialIdentityProvider>;

const isBuiltIn = (id: string): boolean => builtInProviders.some((provider) => fold(provider.id) === fold(id));

/** The server's own providers are there or not; nobody else makes, changes or removes them (Graph contract c.8). */
const builtInBehaviour = behaviour({
  type: entities.builtInIdentityProvider,
  async prepare(
    draft: BuiltInDraft,
    context: PrepareContext<typeof entities.builtInIdentityProvider>,
  ): Promise<BuiltInDraft> {
    const type = draft.identityProviderType ?? context.current?.identityProviderType ?? '';
    const known = builtInProviders.find(({ identityProviderType }) => fold(identityProviderType) === fold(type));
    if (context.caller.kind !== 'system')
      throw faults.builtInProvider({ id: context.current?.id ?? known?.id ?? type });
    if (!known) {
      const allowed = builtInProviders.map(({ identityProviderType }) => identityProviderType).join(', ');
      throw faults.unknownProviderType({ identityProviderType: type, allowed });
    }
    return context.verb === 'create'
      ? { displayName: known.displayName, ...draft, id: known.id, identityProviderType: known.identityProviderType }
      : draft;
  },
  async checkRemove({ id }: Provider, { caller }): Promise<void> {
    if (isBuiltIn(id) && caller.kind !== 'system') throw faults.builtInProvider({ id });
  },
});

/** The id says the kind, so that a second provider of one kind is a conflict (Graph contract c.1, c.5). */
const socialBehaviour = behaviour({
  type: entities.socialIdentityProvider,
  async prepare(
    draft: SocialDraft,
    { verb }: PrepareContext<typeof entities.socialIdentityProvider>,
  ): Promise<SocialDraft> {
    if (verb === 'update') return draft;
    const { identityProviderType = '' } = draft;
    const allowed = Object.keys(socialProviderIds);
    const type = allowed.find((name) => fold(name) === fold(identityProviderType));
    const id = type && socialProviderIds[type];
    if (!id) throw faults.unknownProviderType({ identityProviderType, allowed: allowed.join(', ') });
    return { ...draft, id, identityProviderType: type, displayName: draft.displayName ?? type };
  },
});

export const providerBehaviours = [builtInBehaviour, socialBehaviour];
