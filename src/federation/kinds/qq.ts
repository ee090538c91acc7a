import { oauth2Kind } from '../oauth2.ts';
import { failed } from '../oauth2-answer.ts';
import { identified, subjectIn } from '../outside-claims.ts';

/**
 * https://wiki.connect.qq.com/ (Server-side mode). Who it is says an endpoint of its own, as a script's callback; the code is exchanged for a form.
 * Both can be had as JSON today, but errors still come as callbacks. `openid` is the person's for this application. QQ knows no addresses.
 */
export const qq = oauth2Kind({
  type: 'QQ',
  issuer: 'qq.com',
  authorizationUrl: 'https://graph.qq.com/oauth2.0/authorize',
  tokenUrl: 'https://graph.qq.com/oauth2.0/token',
  exchange: 'query',
  exchangeParams: { fmt: 'json' },
  scope: 'get_user_info',
  isCancelled: ({ usercancel }) => usercancel !== undefined && usercancel !== '0',
  async identify({ clientId, accessToken }, calls) {
    const me = await calls.object({
      url: 'https://graph.qq.com/oauth2.0/me',
      params: { access_token: accessToken, fmt: 'json' },
    });
    if (me.kind === 'failed') return me;
    if (String(me.value['client_id']) !== clientId) return failed('the access token is of another application');
    const id = subjectIn(me.value['openid']);
    if (id === undefined) return failed('it is not named');
    const params = { access_token: accessToken, oauth_consumer_key: clientId, openid: id };
    const user = await calls.object({ url: 'https://graph.qq.com/user/get_user_info', params });
    if (user.kind === 'failed') return user;
    return identified(id, { displayName: user.value['nickname'] });
  },
});
