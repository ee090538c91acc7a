import { createHmac } from 'node:crypto';
import { oauth2Kind } from '../oauth2.ts';
import { identified } from '../outside-claims.ts';

const fields = 'id,first_name,last_name,name,email';

/**
 * https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow. `id` is the person's for this application alone. Facebook does
 * not say that it has proved the address.
 */
export const facebook = oauth2Kind({
  type: 'Facebook',
  issuer: 'facebook.com',
  authorizationUrl: 'https://www.facebook.com/dialog/oauth',
  tokenUrl: 'https://graph.facebook.com/oauth/access_token',
  exchange: 'query',
  scope: 'email public_profile',
  wishes: ({ isFresh }) => (isFresh ? { auth_type: 'reauthenticate' } : {}),
  async identify({ accessToken, clientSecret }, calls) {
    // Asked for by applications with "Require App Secret", and taken from all: a token stolen elsewhere is worth nothing here.
    const proof = createHmac('sha256', clientSecret).update(accessToken).digest('hex');
    const params = { fields, access_token: accessToken, appsecret_proof: proof };
    const user = await calls.object({ url: 'https://graph.facebook.com/me', params });
    if (user.kind === 'failed') return user;
    const { id, first_name: givenName, last_name: surname, name: displayName, email } = user.value;
    return identified(id, { displayName, givenName, surname, email });
  },
});
