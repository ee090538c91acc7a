import type { AdapterPayload } from 'oidc-provider';
import type { Call } from './call.ts';
import type { Application } from './clients.ts';
import { deviceGrantType } from './standards/device-grant-type.ts';

/** Response types oidc-provider can answer; `token` alone it cannot. */
export const responseTypes = [
  'code',
  'id_token',
  'code id_token',
  'id_token token',
  'code token',
  'code id_token token',
] as const;

const everywhere = ['authorization_code', 'implicit', 'refresh_token', deviceGrantType];
const atFlow = [...everywhere, 'password'];
const atTenant = [...everywhere, 'client_credentials'];

/**
 * An application as oidc-provider wants to see it. Redirect URI, response type and PKCE were settled by the dialect, so
 * the metadata says what this very request may do and no more.
 */
export function metadataOf(app: Application, call: Call | undefined): AdapterPayload {
  const secret = { token_endpoint_auth_method: 'client_secret_post', client_secret: 'compared by its digest' } as const;
  const proof = call?.confidential ? secret : ({ token_endpoint_auth_method: 'none' } as const);
  return {
    client_id: app.appId,
    ...proof,
    // A resumed request was checked when it began; the schema asks for some URI, which nothing is compared with.
    redirect_uris: [call?.redirectUri ?? 'https://unused.invalid/'],
    response_types: [...responseTypes],
    grant_types: call?.authority.kind === 'tenant' ? atTenant : atFlow,
  };
}
