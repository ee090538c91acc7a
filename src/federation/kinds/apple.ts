import { createPrivateKey } from 'node:crypto';
import type { ClientAuth } from 'openid-client';
import type { Clock } from '../../kernel/index.ts';
import { type EntityOf, entities } from '../../model/index.ts';
import { isMembers } from '../oauth2-answer.ts';
import { signAssertion } from '../oidc/client-assertion.ts';
import { createOidcProvider } from '../oidc/oidc.ts';
import { standInFor } from '../oidc/stand-in.ts';
import { claimsIn } from '../outside-claims.ts';
import type { CallbackAnswer, ForeignPerson } from '../provider.ts';
import type { ProviderKind } from './kind.ts';

const type = entities.appleManagedIdentityProvider;
type Entity = EntityOf<typeof type>;

const fixed = 'Apple';
const issuer = 'https://appleid.apple.com';
const metadataUrl = `${issuer}/.well-known/openid-configuration`;

/** Seconds. Apple takes secrets of up to six months; this one is made for one call. */
const secretLifetime = 300;

/** Apple's client secret: a JWT signed with the key that the administrator downloaded there. */
const signedSecret =
  ({ developerId, serviceId, keyId }: Entity, pem: string, clock: Clock) =>
  (): ClientAuth =>
  (_, client, body) => {
    const iat = clock.now();
    const claims = { iss: developerId, iat, exp: iat + secretLifetime, aud: issuer, sub: serviceId };
    body.set('client_id', client.client_id);
    body.set('client_secret', signAssertion(createPrivateKey(pem), { kid: keyId }, claims));
  };

/** The field `user`, which comes with the first sign-in alone. Its address is not read: the one in the ID token is signed. */
function told({ params }: CallbackAnswer): ForeignPerson['claims'] {
  const user = parse(params['user'] ?? '');
  const name = isMembers(user) && isMembers(user['name']) ? user['name'] : {};
  const { firstName, lastName } = name;
  const displayName = [firstName, lastName].filter((one) => typeof one === 'string').join(' ');
  return claimsIn({ givenName: firstName, surname: lastName, displayName });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Sign in with Apple, by the web: https://developer.apple.com/documentation/signinwithapple/incorporating-sign-in-with-apple-into-other-platforms */
export const apple: ProviderKind = {
  fixed,
  serves: (stored) => stored.type.name === type.name,
  create(stored, { certificateData }, services) {
    const entity = stored.entity as Entity;
    return createOidcProvider(
      {
        id: entity.id,
        clientId: entity.serviceId,
        ...standInFor({ metadataUrl, issuer }, services.originOf?.(fixed)),
        scope: 'name email openid',
        responseType: 'code',
        // Apple demands it where a name or an address is asked for.
        responseMode: 'form_post',
        hasProofKey: false,
        understands: [],
        ...(certificateData === undefined
          ? {}
          : { authenticate: signedSecret(entity, certificateData, services.clock) }),
        mapping: { userId: ['sub'], attributes: { email: 'email' } },
        issuerName: issuer,
        told,
      },
      services,
    );
  },
};
