import { behaviour, type PrepareContext } from '../../directory/index.ts';
import { type Draft, entities, fold } from '../../model/index.ts';
import { socialProviderIds } from '../built-in.ts';
import { faults } from '../faults.ts';

type SocialDraft = Draft<typeof entities.socialIdentityProvider>;

/** The id says the kind, so that a second provider of one kind is a conflict (Graph contract c.1, c.5). */
export const socialBehaviour = behaviour({
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
