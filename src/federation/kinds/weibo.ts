import { isChinese } from '../locales.ts';
import { oauth2Kind } from '../oauth2.ts';
import { failed } from '../oauth2-answer.ts';
import { identified, subjectIn } from '../outside-claims.ts';

/**
 * https://open.weibo.com/wiki/Oauth2/authorize, …/access_token, …/2/users/show. Who it is comes with the access token as `uid`. Addresses
 * are for applications with a contract, so none is asked for.
 */
export const weibo = oauth2Kind({
  type: 'Weibo',
  issuer: 'weibo.com',
  authorizationUrl: 'https://api.weibo.com/oauth2/authorize',
  tokenUrl: 'https://api.weibo.com/oauth2/access_token',
  exchange: 'form',
  wishes: ({ isFresh, locales }) => ({
    ...(isFresh ? { forcelogin: 'true' } : {}),
    ...(isChinese(locales) ? {} : { language: 'en' }),
  }),
  async identify({ accessToken, members }, calls) {
    const id = subjectIn(members['uid']);
    if (id === undefined) return failed('it is not named');
    const params = { access_token: accessToken, uid: id };
    const user = await calls.object({ url: 'https://api.weibo.com/2/users/show.json', params });
    if (user.kind === 'failed') return user;
    if (user.value['idstr'] !== id) return failed('the profile is of another person');
    return identified(id, { displayName: user.value['screen_name'] });
  },
});
