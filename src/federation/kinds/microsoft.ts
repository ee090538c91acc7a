import { secretAuthentication } from '../oidc/client-secret.ts';
import { standardAttributes } from '../oidc/mapping.ts';
import { createOidcProvider } from '../oidc/oidc.ts';
import { standInFor } from '../oidc/stand-in.ts';
import type { ProviderKind } from './kind.ts';
import { isSocial } from './social.ts';

const fixed = 'Microsoft';

const metadataUrl = 'https://login.microsoftonline.com/consumers/v2.0/.well-known/openid-configuration';
/** The tenant that all personal accounts are in. */
const issuer = 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0';

/**
 * Personal Microsoft accounts. `oid` is the same at every application, `sub` at this one alone (b2c contract g.1). Addresses are never taken for
 * proved: Microsoft does not say that they are.
 */
export const microsoft: ProviderKind = {
  fixed,
  serves: (stored) => isSocial(stored, fixed),
  create({ entity }, { clientSecret }, services) {
    const { clientId } = entity as unknown as { readonly clientId: string };
    return createOidcProvider(
      {
        id: entity.id,
        clientId,
        ...standInFor({ metadataUrl, issuer }, services.originOf?.(fixed)),
        scope: 'openid profile email',
        responseType: 'code',
        responseMode: 'query',
        hasProofKey: true,
        understands: ['prompt', 'login_hint', 'ui_locales'],
        ...(clientSecret === undefined ? {} : { authenticate: secretAuthentication(clientSecret) }),
        mapping: { userId: ['oid', 'sub'], attributes: standardAttributes },
        issuerName: 'live.com',
      },
      services,
    );
  },
};
