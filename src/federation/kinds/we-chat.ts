import { isChinese } from '../locales.ts';
import { oauth2Kind } from '../oauth2.ts';
import { failed } from '../oauth2-answer.ts';
import { identified, subjectIn } from '../outside-claims.ts';

/**
 * https://open.wechat.com/cgi-bin/newreadtemplate?t=overseas_open/docs/web/login/login. `openid` is the person's for this application and always
 * there; `unionid`, theirs for all applications of one owner, comes and goes with a setting elsewhere, so it names nobody here. WeChat knows
 * no addresses. Its errors come with status 200, its JSON as `text/plain`.
 */
export const weChat = oauth2Kind({
  type: 'WeChat',
  issuer: 'wechat.com',
  authorizationUrl: 'https://open.weixin.qq.com/connect/qrconnect',
  tokenUrl: 'https://api.weixin.qq.com/sns/oauth2/access_token',
  exchange: 'query',
  clientNames: { id: 'appid', secret: 'secret' },
  isCallbackOnce: true,
  scope: 'snsapi_login',
  fragment: 'wechat_redirect',
  wishes: ({ locales }) => ({ lang: isChinese(locales) ? 'cn' : 'en' }),
  // Whoever refuses comes back with the state alone.
  isCancelled: ({ code, error }) => code === undefined && error === undefined,
  async identify({ accessToken, members }, calls) {
    const id = subjectIn(members['openid']);
    if (id === undefined) return failed('it is not named');
    const params = { access_token: accessToken, openid: id };
    const user = await calls.object({ url: 'https://api.weixin.qq.com/sns/userinfo', params });
    if (user.kind === 'failed') return user;
    if (user.value['openid'] !== id) return failed('the profile is of another person');
    return identified(id, { displayName: user.value['nickname'] });
  },
});
