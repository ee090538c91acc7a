import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { ForeignPerson } from '../../../src/federation/index.ts';
import { client, type DocumentedProvider, json, type Reply } from './server.ts';

/** The samples of the providers' own pages, with the people in them. */

export interface Documented {
  readonly type: string;
  readonly provider: DocumentedProvider;
  /** Who they are here. */
  readonly person: Omit<ForeignPerson, 'accessToken'>;
  /** Where the subject comes from, and the same answer with another one in its place. */
  readonly named: { readonly path: string; by(subject: unknown): Reply };
}

const plain = 'text/plain;charset=UTF-8';
const core = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state'];
const proof = ['code_challenge', 'code_challenge_method'];
const formCore = ['grant_type', 'code', 'redirect_uri', 'client_id', 'client_secret'];
const form = (values: Readonly<Record<string, string>>, contentType: string): Reply => ({
  contentType,
  body: new URLSearchParams(values).toString(),
});
const callback = (value: unknown): Reply => ({
  contentType: 'text/html',
  body: `callback( ${JSON.stringify(value)} );\n`,
});

const facebookUser = (id: unknown) =>
  json(
    { id, first_name: 'Anna', last_name: 'Vogel', name: 'Anna Vogel', email: 'anna@example.com' },
    'text/javascript',
  );
const facebook: Documented = {
  type: 'Facebook',
  provider: {
    authorizePath: '/dialog/oauth',
    authorizeParams: core,
    tokenPath: '/oauth/access_token',
    exchange: 'query',
    exchangeParams: formCore,
    hasProofKey: false,
    refusal: {
      error: 'access_denied',
      error_code: '200',
      error_description: 'Permissions error',
      error_reason: 'user_denied',
    },
    granted: (access_token) => json({ access_token, token_type: 'bearer', expires_in: 5_183_944 }),
    badCode: json(
      {
        error: {
          message: 'This authorization code has been used.',
          type: 'OAuthException',
          code: 100,
          fbtrace_id: 'A',
        },
      },
      undefined,
      400,
    ),
    api: {
      '/me'({ params, token }) {
        assert.equal(params['fields'], 'id,first_name,last_name,name,email');
        assert.equal(params['appsecret_proof'], createHmac('sha256', client.secret).update(token).digest('hex'));
        return facebookUser('10158395716205432');
      },
    },
  },
  person: {
    issuer: 'facebook.com',
    issuerAssignedId: '10158395716205432',
    claims: { displayName: 'Anna Vogel', givenName: 'Anna', surname: 'Vogel', email: 'anna@example.com' },
    isEmailVerified: false,
  },
  named: { path: '/me', by: facebookUser },
};

const gitHubUser = (id: unknown) =>
  json({ id, login: 'octocat', name: 'monalisa octocat', email: 'public@example.com' });
const gitHub: Documented = {
  type: 'GitHub',
  provider: {
    authorizePath: '/login/oauth/authorize',
    authorizeParams: [...core, ...proof],
    tokenPath: '/login/oauth/access_token',
    exchange: 'form',
    exchangeParams: [...formCore, 'code_verifier'],
    hasProofKey: true,
    refusal: { error: 'access_denied', error_description: 'The user has denied your application access.' },
    granted: (access_token) => json({ access_token, scope: 'read:user,user:email', token_type: 'bearer' }),
    badCode: json({ error: 'bad_verification_code', error_description: 'The code passed is incorrect or expired.' }),
    api: {
      '/user'({ headers }) {
        assert.ok(headers['user-agent'], 'GitHub answers nobody without a name');
        assert.match(headers.authorization ?? '', /^Bearer /);
        return gitHubUser(583_231);
      },
      '/user/emails': () =>
        json([
          { email: 'second@example.com', primary: false, verified: true, visibility: null },
          { email: 'octocat@example.com', primary: true, verified: true, visibility: 'private' },
        ]),
    },
  },
  person: {
    issuer: 'github.com',
    issuerAssignedId: '583231',
    claims: { displayName: 'monalisa octocat', email: 'octocat@example.com' },
    isEmailVerified: true,
  },
  named: { path: '/user', by: gitHubUser },
};

const linkedInUser = (sub: unknown) =>
  json({
    sub,
    name: 'John Doe',
    given_name: 'John',
    family_name: 'Doe',
    locale: 'en-US',
    email: 'doe@example.com',
    email_verified: true,
  });
const linkedIn: Documented = {
  type: 'LinkedIn',
  provider: {
    authorizePath: '/oauth/v2/authorization',
    authorizeParams: core,
    tokenPath: '/oauth/v2/accessToken',
    exchange: 'form',
    exchangeParams: formCore,
    hasProofKey: false,
    refusal: { error: 'user_cancelled_login', error_description: 'The user cancelled LinkedIn login' },
    granted: (access_token) => json({ access_token, expires_in: 5_184_000, scope: 'email,openid,profile' }),
    badCode: json(
      { error: 'invalid_request', error_description: 'Unable to retrieve access token: authorization code not found' },
      undefined,
      400,
    ),
    api: { '/v2/userinfo': () => linkedInUser('782bbtaQ') },
  },
  person: {
    issuer: 'linkedin.com',
    issuerAssignedId: '782bbtaQ',
    claims: { displayName: 'John Doe', givenName: 'John', surname: 'Doe', email: 'doe@example.com' },
    isEmailVerified: true,
  },
  named: { path: '/v2/userinfo', by: linkedInUser },
};

const amazonUser = (user_id: unknown) =>
  json({ user_id, email: 'mork@example.com', name: 'Mork Hashimoto', postal_code: '98052' });
const amazon: Documented = {
  type: 'Amazon',
  provider: {
    authorizePath: '/ap/oa',
    authorizeParams: [...core, ...proof],
    tokenPath: '/auth/o2/token',
    exchange: 'form',
    exchangeParams: [...formCore, 'code_verifier'],
    hasProofKey: true,
    refusal: { error: 'access_denied', error_description: 'User denied access.' },
    granted: (access_token) =>
      json({ access_token, token_type: 'bearer', expires_in: 3600, refresh_token: 'Atzr|IQEB' }),
    badCode: json(
      { error: 'invalid_grant', error_description: 'The request has an invalid grant parameter : code' },
      undefined,
      400,
    ),
    api: { '/user/profile': () => amazonUser('amzn1.account.K2LI23KL2LK2') },
  },
  person: {
    issuer: 'amazon.com',
    issuerAssignedId: 'amzn1.account.K2LI23KL2LK2',
    claims: { displayName: 'Mork Hashimoto', email: 'mork@example.com' },
    isEmailVerified: false,
  },
  named: { path: '/user/profile', by: amazonUser },
};

const xUser = (id: unknown) =>
  json({ data: { id, name: 'X Dev', username: 'TwitterDev', confirmed_email: 'dev@example.com' } });
const x: Documented = {
  type: 'Twitter',
  provider: {
    authorizePath: '/i/oauth2/authorize',
    authorizeParams: [...core, ...proof],
    tokenPath: '/2/oauth2/token',
    exchange: 'basic',
    exchangeParams: ['grant_type', 'code', 'redirect_uri', 'code_verifier'],
    hasProofKey: true,
    refusal: { error: 'access_denied' },
    granted: (access_token) =>
      json({ token_type: 'bearer', expires_in: 7200, access_token, scope: 'users.email users.read tweet.read' }),
    badCode: json(
      { error: 'invalid_request', error_description: 'Value passed for the authorization code was invalid.' },
      undefined,
      400,
    ),
    api: {
      '/2/users/me'({ params }) {
        const [fields = 'none'] = Object.values(params);
        assert.ok(['none', 'confirmed_email'].includes(fields), fields);
        return fields === 'none' ? json({ data: { id: '2244994945', name: 'X Dev' } }) : xUser('2244994945');
      },
    },
  },
  person: {
    issuer: 'twitter.com',
    issuerAssignedId: '2244994945',
    claims: { displayName: 'X Dev', email: 'dev@example.com' },
    isEmailVerified: true,
  },
  named: { path: '/2/users/me', by: xUser },
};

const weChatId = 'o6_bmjrPTlm6_2sgVt7hMZOPfL2M';
const weChatToken = (openid: unknown, access_token: string) =>
  json(
    { access_token, expires_in: 7200, refresh_token: 'R', openid, scope: 'snsapi_login', unionid: 'o6_bmasdasdsad6' },
    plain,
  );
const weChat: Documented = {
  type: 'WeChat',
  provider: {
    authorizePath: '/connect/qrconnect',
    authorizeParams: ['appid', 'redirect_uri', 'response_type', 'scope', 'state', 'lang'],
    clientNames: { id: 'appid', secret: 'secret' },
    tokenPath: '/sns/oauth2/access_token',
    exchange: 'query',
    exchangeParams: ['appid', 'secret', 'code', 'grant_type'],
    hasProofKey: false,
    refusal: {},
    granted: (token) => weChatToken(weChatId, token),
    badCode: json({ errcode: 40_163, errmsg: 'code been used, hints: [ req_id: 5e9 ]' }, plain),
    api: {
      '/sns/userinfo'({ params }) {
        assert.equal(params['openid'], weChatId);
        return json({ openid: weChatId, nickname: '小明', sex: 1, privilege: [], unionid: 'o6_bmasdasdsad6' }, plain);
      },
    },
  },
  person: { issuer: 'wechat.com', issuerAssignedId: weChatId, claims: { displayName: '小明' }, isEmailVerified: false },
  named: { path: '/sns/oauth2/access_token', by: (openid) => weChatToken(openid, 'unknown') },
};

const qqId = '1704A0B1C2D3E4F5A6B7C8D9E0F1878C';
const qqMe = (openid: unknown) => callback({ client_id: client.id, openid });
const qq: Documented = {
  type: 'QQ',
  provider: {
    authorizePath: '/oauth2.0/authorize',
    authorizeParams: core,
    tokenPath: '/oauth2.0/token',
    exchange: 'query',
    exchangeParams: [...formCore, 'fmt'],
    hasProofKey: false,
    refusal: { usercancel: '1' },
    // As it has been from the start, whatever `fmt` says: what is written for JSON alone breaks when that parameter goes.
    granted: (access_token) => form({ access_token, expires_in: '7776000', refresh_token: '88E4BE14' }, 'text/html'),
    badCode: callback({ error: 100_020, error_description: 'code is reused error' }),
    api: {
      '/oauth2.0/me': () => qqMe(qqId),
      '/user/get_user_info'({ params }) {
        assert.equal(params['oauth_consumer_key'], client.id);
        assert.equal(params['openid'], qqId);
        return json({ ret: 0, msg: '', nickname: 'Peter', gender: '男' }, 'text/html; charset=utf-8');
      },
    },
  },
  person: { issuer: 'qq.com', issuerAssignedId: qqId, claims: { displayName: 'Peter' }, isEmailVerified: false },
  named: { path: '/oauth2.0/me', by: qqMe },
};

const weiboToken = (uid: unknown, access_token: string) =>
  json({ access_token, expires_in: 1234, remind_in: '798114', uid, isRealName: 'true' }, plain);
const weibo: Documented = {
  type: 'Weibo',
  provider: {
    authorizePath: '/oauth2/authorize',
    authorizeParams: ['client_id', 'redirect_uri', 'response_type', 'state', 'language'],
    tokenPath: '/oauth2/access_token',
    exchange: 'form',
    exchangeParams: formCore,
    hasProofKey: false,
    refusal: {
      error: 'access_denied',
      error_uri: '/oauth2/authorize',
      error_code: '21330',
      error_description: 'user denied',
    },
    granted: (token) => weiboToken('1404376560', token),
    badCode: json({ error: 'invalid_grant', error_code: 21_325, request: '/oauth2/access_token' }, plain, 400),
    api: {
      '/2/users/show.json'({ params }) {
        assert.equal(params['uid'], '1404376560');
        return json({ id: 1_404_376_560, idstr: '1404376560', screen_name: 'zaku', status: { text: 'hello' } });
      },
    },
  },
  person: {
    issuer: 'weibo.com',
    issuerAssignedId: '1404376560',
    claims: { displayName: 'zaku' },
    isEmailVerified: false,
  },
  named: { path: '/oauth2/access_token', by: (uid) => weiboToken(uid, 'unknown') },
};

const googleUser = (id: unknown) =>
  json({
    id,
    email: 'ada@example.com',
    verified_email: true,
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    picture: 'https://lh3.googleusercontent.com/a/picture',
  });
const google: Documented = {
  type: 'Google',
  provider: {
    authorizePath: '/o/oauth2/auth',
    authorizeParams: [...core, ...proof, 'hl'],
    tokenPath: '/o/oauth2/token',
    exchange: 'form',
    exchangeParams: [...formCore, 'code_verifier'],
    hasProofKey: true,
    refusal: { error: 'access_denied' },
    granted: (access_token) =>
      json({ access_token, expires_in: 3599, scope: 'openid email profile', token_type: 'Bearer', id_token: 'a.b.c' }),
    badCode: json({ error: 'invalid_grant', error_description: 'Malformed auth code.' }, undefined, 400),
    api: { '/oauth2/v1/userinfo': () => googleUser('110169484474386276334') },
  },
  person: {
    issuer: 'google.com',
    issuerAssignedId: '110169484474386276334',
    claims: { displayName: 'Ada Lovelace', givenName: 'Ada', surname: 'Lovelace', email: 'ada@example.com' },
    isEmailVerified: true,
  },
  named: { path: '/oauth2/v1/userinfo', by: googleUser },
};

export const documented: readonly Documented[] = [facebook, gitHub, google, linkedIn, amazon, x, weChat, qq, weibo];
