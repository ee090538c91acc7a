import { type EntityOf, entities } from '../../model/index.ts';
import { privateKeyJwt } from '../oidc/client-assertion.ts';
import { secretAuthentication } from '../oidc/client-secret.ts';
import { type Mapping, standardAttributes } from '../oidc/mapping.ts';
import { createOidcProvider } from '../oidc/oidc.ts';
import type { OidcSettings } from '../oidc/settings.ts';
import type { FederationServices } from '../services.ts';
import type { ProviderKind } from './kind.ts';

const type = entities.oidcIdentityProvider;
type Entity = EntityOf<typeof type>;

/** Attributes that are members of the claim `address` (OpenID Connect Core §5.1.1). */
const addressAttributes = {
  streetAddress: 'street_address',
  city: 'locality',
  state: 'region',
  postalCode: 'postal_code',
  country: 'country',
} as const;

/**
 * What is not overridden has its standard name. An address is expected where its scope is asked for, or its names are told. Telephone numbers are
 * no attribute that a flow collects.
 */
function mappingOf({ inboundClaimMapping: override, scope }: Entity): Mapping {
  const own = (name: 'name' | 'given_name' | 'family_name' | 'email'): string => override?.[name] ?? name;
  const standard = Object.entries(standardAttributes).map(([id, name]) => [id, own(name)] as const);
  const isExpected = scope.split(' ').includes('address') || override?.address;
  const within = Object.entries(isExpected ? addressAttributes : {}).map(
    ([id, name]) => [id, ['address', override?.address?.[name] ?? name]] as const,
  );
  const { email_verified: emailVerified } = override ?? {};
  return {
    userId: [override?.sub ?? 'sub'],
    attributes: Object.fromEntries([...standard, ...within]),
    ...(emailVerified ? { emailVerified } : {}),
  };
}

function authentication(
  { clientAuthentication }: Entity,
  secrets: Readonly<Record<string, string>>,
  { clock, signingKey }: FederationServices,
): Pick<OidcSettings, 'authenticate'> {
  if (clientAuthentication['@odata.type'] === 'oidcPrivateJwtKeyClientAuthentication') {
    return signingKey ? { authenticate: async () => privateKeyJwt(await signingKey(), clock) } : {};
  }
  const [secret] = Object.values(secrets);
  return secret === undefined ? {} : { authenticate: secretAuthentication(secret) };
}

const below = (issuer: string): string => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;

/** Any OpenID Connect provider, as an external tenant configures it (Graph contract a.6). */
export const oidc: ProviderKind = {
  serves: (stored) => stored.type.name === type.name,
  create(stored, secrets, services) {
    const entity = stored.entity as Entity;
    return createOidcProvider(
      {
        id: entity.id,
        clientId: entity.clientId,
        metadataUrl: entity.wellKnownEndpoint ?? below(entity.issuer),
        issuer: entity.issuer,
        scope: entity.scope,
        responseType: 'code',
        responseMode: 'query',
        hasProofKey: true,
        understands: ['prompt', 'login_hint', 'ui_locales'],
        ...authentication(entity, secrets, services),
        mapping: mappingOf(entity),
      },
      services,
    );
  },
};
