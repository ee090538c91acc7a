import { behaviour, type PrepareContext } from '../../directory/index.ts';
import { type Draft, type EntityOf, entities, fold } from '../../model/index.ts';
import { builtInProviders } from '../built-in.ts';
import { faults } from '../faults.ts';

type BuiltIn = EntityOf<typeof entities.builtInIdentityProvider>;
type BuiltInDraft = Draft<typeof entities.builtInIdentityProvider>;

const isKnown = (id: string): boolean => builtInProviders.some((provider) => fold(provider.id) === fold(id));

/** The server's own providers are there or not; nobody else makes, changes or removes them (Graph contract c.8). */
export const builtInBehaviour = behaviour({
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
  async checkRemove({ id }: BuiltIn, { caller }): Promise<void> {
    if (isKnown(id) && caller.kind !== 'system') throw faults.builtInProvider({ id });
  },
});
