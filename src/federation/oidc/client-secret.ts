import {
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretJwt,
  ClientSecretPost,
  type ServerMetadata,
} from 'openid-client';

/** By method of OpenID Connect Core §9, the usual one first. */
const methods: Readonly<Record<string, (secret: string) => ClientAuth>> = {
  client_secret_post: ClientSecretPost,
  client_secret_basic: ClientSecretBasic,
  client_secret_jwt: ClientSecretJwt,
};

/** In the body, as Azure AD B2C sends it, unless the provider says that it takes it in another way only. */
export const secretAuthentication =
  (secret: string) =>
  ({ token_endpoint_auth_methods_supported: supported = [] }: ServerMetadata): ClientAuth => {
    const method = Object.keys(methods).find((name) => supported.includes(name));
    return (methods[method ?? ''] ?? ClientSecretPost)(secret);
  };
