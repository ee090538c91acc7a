import { type EntityOf, entities } from '../../model/index.ts';
import { secretAuthentication } from '../oidc/client-secret.ts';
import { createOidcProvider } from '../oidc/oidc.ts';
import type { ProviderKind } from './kind.ts';

const type = entities.openIdConnectIdentityProvider;

/** `claimsMapping`: its members are ids of attributes but for `userId`. */
function mappingOf({ userId, ...attributes }: EntityOf<typeof type>['claimsMapping']) {
  const named = Object.entries(attributes).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { userId: [userId], attributes: Object.fromEntries(named) };
}

/** Any OpenID Connect provider, as a B2C tenant configures it; Entra ID of one tenant among them (b2c contract g.1). */
export const openIdConnect: ProviderKind = {
  serves: (stored) => stored.type.name === type.name,
  create(stored, { clientSecret }, services) {
    const entity = stored.entity as EntityOf<typeof type>;
    return createOidcProvider(
      {
        id: entity.id,
        clientId: entity.clientId,
        metadataUrl: entity.metadataUrl,
        scope: entity.scope,
        responseType: entity.responseType === 'code' ? 'code' : 'id_token',
        responseMode: entity.responseMode === 'query' ? 'query' : 'form_post',
        hasProofKey: true,
        understands: ['prompt', 'login_hint', 'ui_locales'],
        ...(clientSecret === undefined ? {} : { authenticate: secretAuthentication(clientSecret) }),
        mapping: mappingOf(entity.claimsMapping),
      },
      services,
    );
  },
};
