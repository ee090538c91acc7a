/**
 * A bare `oidc-provider`, the library below our own protocol room: one form without a password, one application of each kind, tokens signed with
 * RS256, refresh tokens rotated. Argument: `memory` or `sqlite`, where its records are kept.
 */
import { generateKeyPairSync } from 'node:crypto';
import { type Provider, providerLibrary, type Underway } from './provider-library.ts';
import { serving } from './serving.ts';
import { sqliteAdapter } from './sqlite-adapter.ts';

const redirectUri = 'https://app.example/cb';
const resource = 'https://api.example';
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

const form =
  '<!doctype html><title>Sign in</title><form method="post"><input name="email" value=""><button name="action" value="next">Next</button></form>';

const Library = await providerLibrary();

await serving((origin) => {
  const provider: Provider = new Library(origin, {
    ...(process.argv[2] === 'sqlite' ? { adapter: sqliteAdapter() } : {}),
    jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256', kid: 'one' }] },
    cookies: { keys: ['a secret of this floor'] },
    clients: [
      {
        client_id: 'spa',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [redirectUri],
      },
      {
        client_id: 'daemon',
        client_secret: 'secret',
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    scopes: ['openid', 'offline_access'],
    clientBasedCORS: () => true,
    ttl: {
      AccessToken: 3600,
      ClientCredentials: 3600,
      Grant: 86_400,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    findAccount: async (_: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: `${id}@mail.example` }),
    }),
    async loadExistingGrant({ oidc }: Underway) {
      const [clientId, accountId] = [oidc.client?.clientId, oidc.session?.accountId];
      if (!clientId || !accountId) return undefined;
      const grant = new provider.Grant({ clientId, accountId });
      grant.addOIDCScope('openid offline_access');
      grant.addResourceScope(resource, 'tasks');
      await grant.save();
      return grant;
    },
    interactions: { url: (_: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: 'tasks', accessTokenFormat: 'jwt', accessTokenTTL: 3600 }),
      },
    },
  });
  const handle = provider.callback();
  return async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return handle(request, response);
    if (request.method === 'POST') {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      const login = { accountId: new URLSearchParams(text).get('email') ?? '' };
      return provider.interactionFinished(request, response, { login });
    }
    await provider.interactionDetails(request, response);
    response.setHeader('content-type', 'text/html; charset=utf-8').end(form);
  };
});
