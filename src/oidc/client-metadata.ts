import type { AdapterPayload } from 'oidc-provider';
import type { Call } from './call.ts';
import type { Application } from './clients.ts';

/** Response types oidc-provider can answer; `token` alone it cannot. */
export const responseTypes = [
  'code',
  'id_token',
  'code id_token',
  'id_token token',
  'code token',
  'code id_token token',
] as const;

/**
 * An application as oidc-provider wants to see it. Redirect URI, response type and PKCE were settled by the dialect, and the token
 * endpoint is our own, so the metadata says what this very request may do and no more.
 */
export function metadataOf(app: Application, call: Call | undefined): AdapterPayload {
  return {
    client_id: app.appId,
    token_endpoint_auth_method: 'none',
    // A resumed request was checked when it began; the schema asks for some URI, which nothing is compared with.
    redirect_uris: [call?.redirectUri ?? 'https://unused.invalid/'],
    response_types: [...responseTypes],
    grant_types: ['authorization_code', 'implicit'],
  };
}
