import type { ClientAuth, ServerMetadata } from 'openid-client';

/** Methods of OpenID Connect Core §9, the usual one first. */
const methods = ['client_secret_post', 'client_secret_basic', 'client_secret_jwt'] as const;

/** In the body, as Azure AD B2C sends it, unless the provider says that it takes it in another way only. */
export const secretAuthentication =
  (secret: string) =>
  async ({ token_endpoint_auth_methods_supported: supported = [] }: ServerMetadata): Promise<ClientAuth> => {
    const { ClientSecretBasic, ClientSecretJwt, ClientSecretPost } = await import('openid-client');
    switch (methods.find((name) => supported.includes(name))) {
      case 'client_secret_basic':
        return ClientSecretBasic(secret);
      case 'client_secret_jwt':
        return ClientSecretJwt(secret);
      default:
        return ClientSecretPost(secret);
    }
  };
