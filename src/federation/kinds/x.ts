import { oauth2Kind } from '../oauth2.ts';
import { isMembers } from '../oauth2-answer.ts';
import { identified } from '../outside-claims.ts';

/**
 * X, of the type `Twitter`: https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/user-access-token. B2C uses OAuth 1.0a, whose answer bears
 * no state and no proof key; the ids of people are the same in both, client id and secret are those of OAuth 2.0. `confirmed_email` is there
 * only when it is proved, and refused together with everything else where the application may not ask for it.
 */
export const x = oauth2Kind({
  type: 'Twitter',
  issuer: 'twitter.com',
  authorizationUrl: 'https://x.com/i/oauth2/authorize',
  tokenUrl: 'https://api.x.com/2/oauth2/token',
  exchange: 'basic',
  // Without `tweet.read` nobody may read who they are.
  scope: 'tweet.read users.read users.email',
  hasProofKey: true,
  async identify({ accessToken: bearer }, calls) {
    const me = { url: 'https://api.x.com/2/users/me', bearer };
    const whole = await calls.object({ ...me, params: { 'user.fields': 'confirmed_email' } });
    const answer = whole.kind === 'failed' ? await calls.object(me) : whole;
    if (answer.kind === 'failed') return answer;
    const { data } = answer.value;
    const { id, name: displayName, confirmed_email: email } = isMembers(data) ? data : {};
    return identified(id, { displayName, email }, true);
  },
});
