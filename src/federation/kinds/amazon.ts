import { oauth2Kind } from '../oauth2.ts';
import { identified } from '../outside-claims.ts';

/** https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html. Amazon does not say that it has proved the address. */
export const amazon = oauth2Kind({
  type: 'Amazon',
  issuer: 'amazon.com',
  authorizationUrl: 'https://www.amazon.com/ap/oa',
  tokenUrl: 'https://api.amazon.com/auth/o2/token',
  exchange: 'form',
  scope: 'profile',
  hasProofKey: true,
  async identify({ accessToken: bearer }, calls) {
    const user = await calls.object({ url: 'https://api.amazon.com/user/profile', bearer });
    if (user.kind === 'failed') return user;
    const { user_id: id, name: displayName, email } = user.value;
    return identified(id, { displayName, email });
  },
});
