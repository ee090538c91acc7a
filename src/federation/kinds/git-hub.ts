import { oauth2Kind } from '../oauth2.ts';
import { isMembers } from '../oauth2-answer.ts';
import { identified } from '../outside-claims.ts';

const headers = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

/**
 * https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps. The code is exchanged by POST, as documented; B2C's own samples
 * use GET. `login` can be changed and then be taken by somebody else, `id` cannot. The address is the primary one of `/user/emails`, never
 * the public one of the profile, of which nothing says that it is proved.
 */
export const gitHub = oauth2Kind({
  type: 'GitHub',
  issuer: 'github.com',
  authorizationUrl: 'https://github.com/login/oauth/authorize',
  tokenUrl: 'https://github.com/login/oauth/access_token',
  exchange: 'form',
  scope: 'read:user user:email',
  hasProofKey: true,
  wishes: ({ isFresh, loginHint }) => ({
    ...(isFresh ? { prompt: 'select_account' } : {}),
    ...(loginHint === undefined ? {} : { login: loginHint }),
  }),
  async identify({ accessToken: bearer }, calls) {
    const user = await calls.object({ url: 'https://api.github.com/user', bearer, headers });
    if (user.kind === 'failed') return user;
    const { id, name, login } = user.value;
    // A person may refuse this one scope; the sign-in does not need it.
    const addresses = await calls.list({ url: 'https://api.github.com/user/emails', bearer, headers });
    const all = addresses.kind === 'read' ? addresses.value.filter(isMembers) : [];
    const primary = all.find((one) => one['primary'] === true);
    return identified(id, { displayName: name ?? login, email: primary?.['email'] }, primary?.['verified']);
  },
});
