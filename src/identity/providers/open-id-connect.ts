import { behaviour, type PrepareContext } from '../../directory/index.ts';
import { newId } from '../../kernel/index.ts';
import { type Draft, type EntityOf, entities } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { checkScope, checkUrl, leavesOrigin, metadataPath } from './protocol.ts';

type Provider = EntityOf<typeof entities.openIdConnectIdentityProvider>;
type ProviderDraft = Draft<typeof entities.openIdConnectIdentityProvider>;

/** Azure AD B2C gets its answers as a code or as an ID token, never as both, and an access token alone proves nobody. */
const responseTypes: readonly string[] = ['code', 'id_token'];

/** The rules of a custom provider of a B2C tenant (Graph contract a.6, e.4). */
export const openIdConnectBehaviour = behaviour({
  type: entities.openIdConnectIdentityProvider,
  async prepare(
    draft: ProviderDraft,
    { verb, caller, current }: PrepareContext<typeof entities.openIdConnectIdentityProvider>,
  ): Promise<ProviderDraft> {
    if (current && caller.kind !== 'system') demandSecret(draft, current);
    if (verb === 'update') return draft;
    // An import keeps the id that links and users' identities were stored with.
    const chosen = caller.kind === 'system' ? draft.id : undefined;
    return { ...draft, id: chosen ?? providerId(draft.displayName ?? '') };
  },
  async check({ responseType, responseMode, clientSecret, metadataUrl, scope }: Provider): Promise<void> {
    if (!responseTypes.includes(responseType)) {
      throw faults.badResponseType({ responseType, allowed: responseTypes.join(' or ') });
    }
    if (responseType === 'code' && !clientSecret) throw faults.clientSecretRequired();
    // OAuth 2.0 Multiple Response Type Encoding Practices §3: a token must not travel in a query.
    if (responseType === 'id_token' && responseMode === 'query') throw faults.badResponseMode();
    checkUrl('metadataUrl', metadataUrl, { ending: metadataPath });
    checkScope(scope);
  },
});

function demandSecret({ metadataUrl, clientSecret }: ProviderDraft, current: Provider): void {
  if (!current.clientSecret || clientSecret !== undefined || !leavesOrigin(metadataUrl, current.metadataUrl)) return;
  checkUrl('metadataUrl', metadataUrl ?? '', { ending: metadataPath });
  throw faults.secretForOtherOrigin({ property: 'metadataUrl' });
}

/** `{displayName}-OIDC-{guid}` (Graph contract e row 59), as far as the name can stand in an address. */
function providerId(displayName: string): string {
  const name = displayName
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, 64)
    .replace(/^[-.]+|-+$/g, '');
  return `${name ? `${name}-` : ''}OIDC-${newId()}`;
}
