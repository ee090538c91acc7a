import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import type { ForeignPerson } from '../../../src/federation/index.ts';
import { type EntityType, entities } from '../../../src/model/index.ts';
import type { Asked, ForeignProviderOptions, ForeignProviderServer } from './provider.ts';

export const client = { id: 'client-of-usher', secret: 'a secret of usher/+:' } as const;

type Values = Readonly<Record<string, unknown>>;

/** One kind as it is documented: how it is configured, how its provider answers, and who somebody is then. */
export interface OidcKind {
  readonly name: string;
  readonly type: EntityType;
  /** Of the entity, where the server does not choose it. */
  readonly id?: string;
  readonly draft: (provider: ForeignProviderServer) => Values;
  /** Kind that an origin of this machine stands in for. */
  readonly standsFor?: string;
  readonly provider: ForeignProviderOptions;
  readonly responseType: 'code' | 'id_token';
  readonly responseMode: 'query' | 'form_post';
  readonly hasProofKey: boolean;
  /** Claims of the ID token. */
  readonly claims: Values;
  readonly person: (provider: ForeignProviderServer) => ForeignPerson;
}

/** Apple's, and that of a server which is known by its keys. */
export const keys = {
  server: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  apple: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};

const part = (text = ''): Values => JSON.parse(Buffer.from(text, 'base64url').toString()) as Values;

/** The claims of a JWT, once it is signed by that key. */
function signed(jwt = '', key: KeyObject, header: Values): Values {
  const [head = '', body = '', tail = ''] = jwt.split('.');
  assert.deepEqual(part(head), header);
  const data = Buffer.from(`${head}.${body}`);
  assert.ok(verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(tail, 'base64url')));
  return part(body);
}

const withSecret = ({ params }: Asked): boolean =>
  params['client_id'] === client.id && params['client_secret'] === client.secret;

/** `private_key_jwt`, by a key under that name. */
export const withKey =
  (kid: string, key: KeyObject) =>
  ({ params, headers }: Asked): boolean => {
    const header = { alg: 'RS256', kid, typ: 'client-authentication+jwt' };
    const { jti, iat, exp, nbf: _, ...claims } = signed(params['client_assertion'], key, header);
    assert.deepEqual(claims, { iss: client.id, sub: client.id, aud: `http://${headers['host']}` });
    assert.equal(params['client_assertion_type'], 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    return typeof jti === 'string' && Number(exp) - Number(iat) <= 300 && params['client_secret'] === undefined;
  };

function withAppleSecret({ params }: Asked): boolean {
  const header = { alg: 'ES256', kid: '99P6D879C4' };
  const { iat, exp, ...claims } = signed(params['client_secret'], keys.apple.publicKey, header);
  assert.deepEqual(claims, { iss: 'UBF8T346G9', sub: client.id, aud: 'https://appleid.apple.com' });
  return Number(exp) - Number(iat) <= 15_777_000 && params['client_id'] === client.id;
}

const robin = { name: 'Robin Doe', given_name: 'Robin', family_name: 'Doe' };
const robinHere = { displayName: 'Robin Doe', givenName: 'Robin', surname: 'Doe' };

const customDraft = (metadataUrl: string, more: Values): Values => ({
  displayName: 'Contoso',
  clientId: client.id,
  clientSecret: client.secret,
  claimsMapping: {
    userId: 'sub',
    displayName: 'name',
    givenName: 'given_name',
    surname: 'family_name',
    email: 'email',
  },
  domainHint: 'contoso',
  metadataUrl,
  responseMode: 'query',
  responseType: 'code',
  scope: 'openid profile email',
  ...more,
});

const custom = {
  type: entities.openIdConnectIdentityProvider,
  claims: { sub: 'auth0|5f7c8ec7c33c6c004bbafe82', ...robin, email: 'robin@contoso.example', email_verified: true },
  person: ({ issuer }: ForeignProviderServer) => ({
    issuer,
    issuerAssignedId: 'auth0|5f7c8ec7c33c6c004bbafe82',
    claims: { ...robinHere, email: 'robin@contoso.example' },
    isEmailVerified: true,
  }),
};

const byCode: OidcKind = {
  ...custom,
  name: 'a custom provider, by code',
  draft: ({ metadataUrl }) => customDraft(metadataUrl, {}),
  provider: { accepts: withSecret },
  responseType: 'code',
  responseMode: 'query',
  hasProofKey: true,
};

const byToken: OidcKind = {
  ...custom,
  name: 'a custom provider, by ID token',
  draft: ({ metadataUrl }) =>
    customDraft(metadataUrl, { responseType: 'id_token', responseMode: 'form_post', clientSecret: null }),
  provider: {},
  responseType: 'id_token',
  responseMode: 'form_post',
  hasProofKey: false,
};

const directoryTenant = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a';
const entraId: OidcKind = {
  type: entities.openIdConnectIdentityProvider,
  name: 'Entra ID of one tenant',
  draft: ({ metadataUrl, origin }) =>
    customDraft(metadataUrl.replace(origin, `${origin}/fabrikam.example/v2.0`), {
      responseMode: 'form_post',
      scope: 'openid profile',
      claimsMapping: {
        userId: 'oid',
        displayName: 'name',
        givenName: 'given_name',
        surname: 'family_name',
        email: 'email',
      },
    }),
  provider: { accepts: withSecret, issuerPath: `/${directoryTenant}/v2.0`, userinfo: ({ sub }) => ({ sub }) },
  responseType: 'code',
  responseMode: 'form_post',
  hasProofKey: true,
  claims: {
    sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
    oid: '690222be-ff1a-4d56-abd1-7e4f7d38e474',
    tid: directoryTenant,
    ver: '2.0',
    ...robin,
    // An administrator of any tenant can write what they like there (nOAuth).
    email: 'robin@victim.example',
    preferred_username: 'robin@fabrikam.example',
  },
  person: ({ origin }) => ({
    issuer: `${origin}/${directoryTenant}/v2.0`,
    issuerAssignedId: '690222be-ff1a-4d56-abd1-7e4f7d38e474',
    claims: { ...robinHere, email: 'robin@victim.example' },
    isEmailVerified: false,
  }),
};

const externalDraft = (provider: ForeignProviderServer, clientAuthentication: Values): Values => ({
  displayName: 'Fabrikam',
  clientId: client.id,
  issuer: provider.issuer,
  wellKnownEndpoint: null,
  responseType: 'code',
  scope: 'openid profile email address',
  clientAuthentication,
  inboundClaimMapping: { name: 'nickname', address: { locality: 'town' } },
});

const external = {
  type: entities.oidcIdentityProvider,
  responseType: 'code',
  responseMode: 'query',
  hasProofKey: true,
  claims: {
    sub: '248289761001',
    ...robin,
    nickname: 'robin',
    email: 'robin@fabrikam.example',
    email_verified: true,
    phone_number: '+1 555 0100',
    address: {
      street_address: 'Main Street 1',
      town: 'Springfield',
      region: 'IL',
      postal_code: '62701',
      country: 'US',
    },
  },
  person: ({ issuer }: ForeignProviderServer) => ({
    issuer,
    issuerAssignedId: '248289761001',
    claims: {
      ...robinHere,
      displayName: 'robin',
      email: 'robin@fabrikam.example',
      streetAddress: 'Main Street 1',
      city: 'Springfield',
      state: 'IL',
      postalCode: '62701',
      country: 'US',
    },
    isEmailVerified: true,
  }),
} as const;

const bySecret: OidcKind = {
  ...external,
  name: 'a provider of an external tenant, by secret',
  draft: (provider) =>
    externalDraft(provider, { '@odata.type': 'oidcClientSecretAuthentication', clientSecret: client.secret }),
  provider: { accepts: withSecret },
};

const byKey: OidcKind = {
  ...external,
  name: 'a provider of an external tenant, by the keys of this server',
  draft: (provider) => externalDraft(provider, { '@odata.type': 'oidcPrivateJwtKeyClientAuthentication' }),
  provider: { accepts: withKey('server-key', keys.server.publicKey) },
};

const microsoft: OidcKind = {
  name: 'Microsoft',
  id: 'MSA-OIDC',
  type: entities.socialIdentityProvider,
  draft: () => ({
    identityProviderType: 'Microsoft',
    displayName: 'Microsoft',
    clientId: client.id,
    clientSecret: client.secret,
  }),
  standsFor: 'Microsoft',
  provider: {
    issuer: 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
    accepts: withSecret,
  },
  responseType: 'code',
  responseMode: 'query',
  hasProofKey: true,
  claims: {
    sub: 'AAAAAAAAAAAAAAAAAAAAAGx-zZ5bTkUUhyUvFdO9s0Y',
    oid: '00000000-0000-0000-66f3-3332eca7ea81',
    tid: '9188040d-6c67-4c5b-b112-36a304b66dad',
    ver: '2.0',
    ...robin,
    email: 'robin@outlook.example',
    preferred_username: 'robin@outlook.example',
  },
  person: () => ({
    issuer: 'live.com',
    issuerAssignedId: '00000000-0000-0000-66f3-3332eca7ea81',
    claims: { ...robinHere, email: 'robin@outlook.example' },
    isEmailVerified: false,
  }),
};

const apple: OidcKind = {
  name: 'Apple',
  id: 'Apple-Managed-OIDC',
  type: entities.appleManagedIdentityProvider,
  draft: () => ({
    displayName: 'Apple',
    developerId: 'UBF8T346G9',
    serviceId: client.id,
    keyId: '99P6D879C4',
    certificateData: keys.apple.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }),
  standsFor: 'Apple',
  provider: {
    issuer: 'https://appleid.apple.com',
    paths: { authorize: '/auth/authorize', token: '/auth/token', keys: '/auth/keys' },
    accepts: withAppleSecret,
  },
  responseType: 'code',
  responseMode: 'form_post',
  hasProofKey: false,
  claims: {
    sub: '001999.6a3d8a5c4a0b4f0f8c8a8b7f4b0f1f5e.1234',
    nonce_supported: true,
    email: 'dpdcnf87nu@privaterelay.appleid.com',
    email_verified: 'true',
    is_private_email: 'true',
  },
  person: ({ extra }) => ({
    issuer: 'https://appleid.apple.com',
    issuerAssignedId: '001999.6a3d8a5c4a0b4f0f8c8a8b7f4b0f1f5e.1234',
    claims: { ...('user' in extra ? robinHere : {}), email: 'dpdcnf87nu@privaterelay.appleid.com' },
    isEmailVerified: true,
  }),
};

export const oidcKinds: readonly OidcKind[] = [byCode, byToken, entraId, bySecret, byKey, microsoft, apple];
