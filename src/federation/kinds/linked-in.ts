import { oauth2Kind } from '../oauth2.ts';
import { identified } from '../outside-claims.ts';

const cancelled = ['user_cancelled_login', 'user_cancelled_authorize'];

/**
 * https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2. The scopes `r_liteprofile` and
 * `r_emailaddress` of B2C's samples are not given to applications made since August 2023; these are, and their `sub` is the same member id.
 * LinkedIn documents proof keys for native applications alone.
 */
export const linkedIn = oauth2Kind({
  type: 'LinkedIn',
  issuer: 'linkedin.com',
  authorizationUrl: 'https://www.linkedin.com/oauth/v2/authorization',
  tokenUrl: 'https://www.linkedin.com/oauth/v2/accessToken',
  exchange: 'form',
  scope: 'openid profile email',
  isCancelled: ({ error }) => error !== undefined && cancelled.includes(error),
  async identify({ accessToken: bearer }, calls) {
    const user = await calls.object({ url: 'https://api.linkedin.com/v2/userinfo', bearer });
    if (user.kind === 'failed') return user;
    const {
      sub,
      name: displayName,
      given_name: givenName,
      family_name: surname,
      email,
      email_verified: isProved,
    } = user.value;
    return identified(sub, { displayName, givenName, surname, email }, isProved);
  },
});
