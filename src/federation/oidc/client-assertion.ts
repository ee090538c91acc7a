import { type KeyObject, sign } from 'node:crypto';
import type { ClientAuth } from 'openid-client';
import { type Clock, newId } from '../../kernel/index.ts';
import type { Members } from '../oauth2-answer.ts';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT signed with an RSA key (RS256) or one on P-256 (ES256), RFC 7518 §3.3, §3.4. */
export function signAssertion(key: KeyObject, header: Members, payload: Members): string {
  const alg = key.asymmetricKeyType === 'ec' ? 'ES256' : 'RS256';
  const data = `${part({ alg, ...header })}.${part(payload)}`;
  return `${data}.${sign('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** Seconds; it is used at once. */
const lifetime = 60;

/**
 * `private_key_jwt` (OpenID Connect Core §9). The keys also sign the tokens of this server, so the type of the JWT says what it is for (RFC 8725
 * §3.11): a provider that is sent one cannot use it here.
 */
export const privateKeyJwt =
  ({ kid, privateKey }: { readonly kid: string; readonly privateKey: KeyObject }, clock: Clock): ClientAuth =>
  ({ issuer }, { client_id: clientId }, body) => {
    const iat = clock.now();
    const claims = { iss: clientId, sub: clientId, aud: issuer, jti: newId(), iat, nbf: iat, exp: iat + lifetime };
    body.set('client_id', clientId);
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    body.set('client_assertion', signAssertion(privateKey, { kid, typ: 'client-authentication+jwt' }, claims));
  };
