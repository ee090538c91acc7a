import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { documented } from '../../../test/support/social-providers/documented.ts';
import { type ApiCall, json, type Reply } from '../../../test/support/social-providers/server.ts';
import { entities } from '../../model/index.ts';
import type { Departure, ForeignOutcome } from '../provider.ts';
import { admin, openHouse } from '../testing/house.ts';
import { departure, settle } from '../testing/oauth2-setting.ts';

/** What is said of single kinds; what holds for all of them stands in `oauth2.test.ts`. */

function kindOf(type: string) {
  const found = documented.find((one) => one.type === type);
  assert.ok(found);
  return found;
}

/** What a sign-in comes to when some addresses answer otherwise. */
async function outcomeWith(
  t: TestContext,
  type: string,
  replies: Readonly<Record<string, Reply>>,
): Promise<ForeignOutcome> {
  const { local, signIn } = await settle(t, kindOf(type));
  for (const [path, reply] of Object.entries(replies)) local.odd.set(path, reply);
  return signIn();
}

async function emailWith(t: TestContext, type: string, replies: Readonly<Record<string, Reply>>) {
  const outcome = await outcomeWith(t, type, replies);
  assert.equal(outcome.kind, 'proved', JSON.stringify(outcome));
  return outcome.kind === 'proved' ? [outcome.person.claims['email'], outcome.person.isEmailVerified] : [];
}

test('GitHub: an address is proved when GitHub says so of the primary one, and only then', async (t) => {
  const path = '/user/emails';
  const address = (email: string, primary: boolean, verified: unknown) => ({ email, primary, verified });
  const of = (...list: readonly unknown[]) => emailWith(t, 'GitHub', { [path]: json(list) });
  assert.deepEqual(await of(address('a@example.com', true, false), address('b@example.com', false, true)), [
    'a@example.com',
    false,
  ]);
  assert.deepEqual(await of(address('a@example.com', true, 'true')), ['a@example.com', false]);
  assert.deepEqual(await of(address('a@example.com', false, true)), [undefined, false]);
  assert.deepEqual(await of('a@example.com', null, 7), [undefined, false]);
  assert.deepEqual(await of(), [undefined, false]);
});

test('GitHub: whoever keeps their addresses to themselves signs in without one', async (t) => {
  const refused = json({ message: 'Not Found', status: '404' }, undefined, 404);
  assert.deepEqual(await emailWith(t, 'GitHub', { '/user/emails': refused }), [undefined, false]);
});

test('GitHub: whoever has no name there is called by their login', async (t) => {
  const outcome = await outcomeWith(t, 'GitHub', { '/user': json({ id: 1, login: 'octocat', name: null }) });
  assert.equal(outcome.kind === 'proved' && outcome.person.claims['displayName'], 'octocat');
});

test('Google: an address is proved when Google says so', async (t) => {
  const of = (verified_email?: unknown) =>
    emailWith(t, 'Google', { '/oauth2/v1/userinfo': json({ id: '1', email: 'a@example.com', verified_email }) });
  assert.deepEqual(await of(true), ['a@example.com', true]);
  for (const said of [false, 'true', 1, undefined]) assert.deepEqual(await of(said), ['a@example.com', false]);
});

test('LinkedIn: an address is proved when LinkedIn says so', async (t) => {
  const of = (email_verified?: unknown) =>
    emailWith(t, 'LinkedIn', { '/v2/userinfo': json({ sub: 'a1', email: 'a@example.com', email_verified }) });
  assert.deepEqual(await of(true), ['a@example.com', true]);
  for (const said of [false, 'true', 1, undefined]) assert.deepEqual(await of(said), ['a@example.com', false]);
});

test('X: only an address that is confirmed is told at all', async (t) => {
  const of = (data: unknown) => emailWith(t, 'Twitter', { '/2/users/me': json({ data }) });
  assert.deepEqual(await of({ id: '1', name: 'A', email: 'a@example.com' }), [undefined, false]);
  assert.deepEqual(await of({ id: '1', confirmed_email: ' ' }), [undefined, false]);
});

test('X: where the application may not ask for addresses, people sign in without one', async (t) => {
  const described = kindOf('Twitter');
  const path = '/2/users/me';
  const strict = (call: ApiCall) =>
    'user.fields' in call.params
      ? json({ title: 'Forbidden', status: 403 }, undefined, 403)
      : (described.provider.api[path]?.(call) ?? json({}));
  const provider = { ...described.provider, api: { [path]: strict } };
  const { signIn } = await settle(t, { ...described, provider });
  const outcome = await signIn();
  assert.deepEqual(outcome.kind === 'proved' && outcome.person.claims, { displayName: 'X Dev' });
});

test('Facebook and Amazon: no address counts as proved, whatever they add', async (t) => {
  const more = { email: 'a@example.com', verified: true, email_verified: true };
  assert.deepEqual(await emailWith(t, 'Facebook', { '/me': json({ id: '1', ...more }) }), ['a@example.com', false]);
  assert.deepEqual(await emailWith(t, 'Amazon', { '/user/profile': json({ user_id: 'a', ...more }) }), [
    'a@example.com',
    false,
  ]);
});

test('what is no line of text, or too long, is not taken over', async (t) => {
  const user = { user_id: 'a', name: 'An\u0000na', email: ['a@example.com'] };
  for (const one of [user, { ...user, name: 'x'.repeat(1025) }, { ...user, name: 'a\nb' }, { ...user, name: {} }]) {
    const outcome = await outcomeWith(t, 'Amazon', { '/user/profile': json(one) });
    assert.deepEqual(outcome.kind === 'proved' && outcome.person.claims, {});
  }
});

const profilesOfOthers: readonly (readonly [string, string, Reply])[] = [
  ['WeChat', '/sns/userinfo', json({ openid: 'o_another', nickname: 'B' })],
  ['WeChat', '/sns/userinfo', json({ nickname: 'B' })],
  ['WeChat', '/sns/userinfo', json({ errcode: 40_003, errmsg: 'invalid openid' })],
  ['Weibo', '/2/users/show.json', json({ idstr: '2', screen_name: 'B' })],
  ['Weibo', '/2/users/show.json', json({ id: 1_404_376_560, screen_name: 'B' })],
  ['QQ', '/oauth2.0/me', json({ client_id: 'another-client', openid: 'A' })],
  ['QQ', '/oauth2.0/me', json({ openid: 'A' })],
  ['QQ', '/user/get_user_info', json({ ret: 100_030, msg: 'this api without user authorization' })],
];

for (const [type, path, reply] of profilesOfOthers) {
  test(`${type}: ${path} answering ${String(reply.body)} proves nobody`, async (t) => {
    assert.equal((await outcomeWith(t, type, { [path]: reply })).kind, 'failed');
  });
}

test('QQ: JSON is read as the older forms are', async (t) => {
  const { local, go, provider } = await settle(t, kindOf('QQ'));
  const first = await go();
  const proved = await provider.receive(first.answer, first.way);
  const accessToken = (proved.kind === 'proved' && proved.person.accessToken) || '';
  local.odd.set('/oauth2.0/token', json({ access_token: accessToken, expires_in: '7776000' }));
  local.odd.set('/oauth2.0/me', json({ client_id: 'client-of-usher', openid: '1704A0B1C2D3E4F5A6B7C8D9E0F1878C' }));
  const second = await go();
  assert.deepEqual(await provider.receive(second.answer, second.way), proved);
});

async function departureOf(t: TestContext, type: string, more: Partial<Departure>): Promise<URL> {
  const { provider } = await settle(t, kindOf(type));
  const departed = await provider.depart({ ...departure, ...more });
  assert.ok(departed);
  return new URL(departed.url);
}

test('a fresh sign-in and a hint are passed on where the provider has a word for them', async (t) => {
  const wanted = { isFresh: true, loginHint: 'anna@example.com' } as const;
  const words = async (type: string, name: string) => (await departureOf(t, type, wanted)).searchParams.get(name);
  assert.equal(await words('Facebook', 'auth_type'), 'reauthenticate');
  assert.equal(await words('Weibo', 'forcelogin'), 'true');
  assert.equal(await words('GitHub', 'prompt'), 'select_account');
  assert.equal(await words('GitHub', 'login'), 'anna@example.com');
});

test('WeChat and Weibo speak Chinese to whoever reads it, else English', async (t) => {
  const words = async (type: string, name: string, locales: readonly string[]) =>
    (await departureOf(t, type, { locales })).searchParams.get(name);
  assert.deepEqual(await words('WeChat', 'lang', ['zh-Hant', 'en']), 'cn');
  assert.deepEqual(await words('WeChat', 'lang', ['de', 'zh']), 'en');
  assert.deepEqual(await words('Weibo', 'language', ['ZH']), null);
  assert.deepEqual(await words('Weibo', 'language', []), 'en');
  assert.equal((await departureOf(t, 'WeChat', {})).hash, '#wechat_redirect');
});

test('each kind stands at its own origins when none is put in their place', async (t) => {
  const house = await openHouse();
  t.after(() => house.close());
  const origins: string[] = [];
  for (const { type } of documented) {
    const draft = { id: `${type}-OAUTH`, identityProviderType: type, clientId: 'c', clientSecret: 's' };
    await house.directory.create(admin, entities.socialIdentityProvider, draft);
    const departed = await (await house.federation.find(draft.id))?.depart(departure);
    origins.push(departed ? new URL(departed.url).origin : type);
  }
  assert.deepEqual(origins, [
    'https://www.facebook.com',
    'https://github.com',
    'https://accounts.google.com',
    'https://www.linkedin.com',
    'https://www.amazon.com',
    'https://x.com',
    'https://open.weixin.qq.com',
    'https://graph.qq.com',
    'https://api.weibo.com',
  ]);
});

test('a provider is made ready again when its settings change, and is gone when it is removed', async (t) => {
  const house = await openHouse();
  t.after(() => house.close());
  const ref = { type: entities.socialIdentityProvider, id: 'Amazon-OAUTH' };
  const draft = { id: ref.id, identityProviderType: 'Amazon', clientId: 'before', clientSecret: 's' };
  await house.directory.create(admin, ref.type, draft);
  const clientNow = async () => {
    const departed = await (await house.federation.find(ref.id))?.depart(departure);
    return departed && new URL(departed.url).searchParams.get('client_id');
  };
  assert.equal(await clientNow(), 'before');
  await house.directory.update(admin, ref, { clientId: 'after' });
  assert.equal(await clientNow(), 'after');
  await house.directory.remove(admin, ref);
  assert.equal(await house.federation.find(ref.id), undefined);
});
