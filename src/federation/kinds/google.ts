import { oauth2Kind } from '../oauth2.ts';
import { identified } from '../outside-claims.ts';

/**
 * The addresses of b2c contract g.1, which Google keeps: https://developers.google.com/identity/protocols/oauth2/web-server. It has no `prompt` for a
 * fresh proof; the choice of the account is the nearest.
 */
export const google = oauth2Kind({
  type: 'Google',
  issuer: 'google.com',
  authorizationUrl: 'https://accounts.google.com/o/oauth2/auth',
  tokenUrl: 'https://accounts.google.com/o/oauth2/token',
  exchange: 'form',
  scope: 'email profile',
  hasProofKey: true,
  wishes: ({ isFresh, loginHint, locales: [language] }) => ({
    ...(isFresh ? { prompt: 'select_account' } : {}),
    ...(loginHint === undefined ? {} : { login_hint: loginHint }),
    ...(language === undefined ? {} : { hl: language }),
  }),
  async identify({ accessToken: bearer }, calls) {
    const user = await calls.object({ url: 'https://www.googleapis.com/oauth2/v1/userinfo', bearer });
    if (user.kind === 'failed') return user;
    const { id, email, verified_email: isProved, name, given_name: givenName, family_name: surname } = user.value;
    return identified(id, { displayName: name, givenName, surname, email }, isProved);
  },
});
