import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newAccount } from '../support/accounts.ts';
import {
  authorizeWeb,
  codeOf,
  membersOf,
  newApplication,
  newFlow,
  passThrough,
  refreshWeb,
  setFlow,
  webRedirect,
  webTokens,
} from '../support/flow-settings.ts';
import { claimsIn } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visitor } from '../support/visitor.ts';

let usher: Usher;
before(async () => {
  usher = await startUsher();
});
after(() => usher?.stop());

const minute = 60;

/** Whether the browser is signed in at the flow, without a page: `code`, or why not. */
async function silent(visitor: Visitor, flow: string, changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const { left } = await visitor.open(authorizeWeb(usher, flow, { prompt: 'none', ...changes }));
  const members = membersOf(left);
  return members.has('code') ? 'code' : (/^AADB2C\d+/.exec(members.get('error_description') ?? '')?.[0] ?? 'nothing');
}

async function signedIn(flow: string, changes: Readonly<Record<string, string>> = {}): Promise<Visitor> {
  const visitor = newVisitor(usher);
  assert.ok((await passThrough(visitor, authorizeWeb(usher, flow, changes))).has('code'));
  return visitor;
}

const session = (singleSignOnSessionConfiguration: object) => ({ singleSignOnSessionConfiguration });

test('the scope says which flows and applications a sign-in serves', async () => {
  const redirect = 'https://other.example/cb';
  const { appId } = await newApplication(usher, { web: { redirectUris: [redirect] } });
  const other = { client_id: appId, redirect_uri: redirect, scope: 'openid' };
  const expected = {
    tenant: ['code', 'code', 'code'],
    application: ['code', 'code', 'AADB2C90077'],
    policy: ['code', 'AADB2C90077', 'code'],
    disabled: ['AADB2C90077', 'AADB2C90077', 'AADB2C90077'],
  };
  const first = await newFlow(usher);
  const second = await newFlow(usher);
  for (const [sessionScope, answers] of Object.entries(expected)) {
    for (const flow of [first, second]) await setFlow(usher, session({ sessionScope }), flow);
    const visitor = await signedIn(first);
    const seen = [await silent(visitor, first), await silent(visitor, second), await silent(visitor, first, other)];
    assert.deepEqual(seen, answers, sessionScope);
  }
});

test('a session lives as long as the flow says, from its last use or from the sign-in', async () => {
  const flow = await newFlow(usher);
  await setFlow(usher, session({ sessionLifetimeInMinutes: 15 }), flow);
  const visitor = await signedIn(flow);
  await usher.advance(14 * minute);
  assert.equal(await silent(visitor, flow), 'code');
  await usher.advance(14 * minute);
  assert.equal(await silent(visitor, flow), 'code');
  await setFlow(usher, session({ isSessionLifetimeAbsolute: true }), flow);
  assert.equal(await silent(visitor, flow), 'AADB2C90077');
  await setFlow(usher, session({ sessionLifetimeInMinutes: 60 }), flow);
  assert.equal(await silent(visitor, flow), 'code');
  await usher.advance(33 * minute);
  assert.equal(await silent(visitor, flow), 'AADB2C90077');
});

test('single sign-on keeps the time of the sign-in, and max_age looks at it', async () => {
  const flow = await newFlow(usher);
  const visitor = newVisitor(usher);
  const { auth_time: first } = claimsIn((await webTokens(usher, flow, visitor)).id_token);
  await usher.advance(100);
  const { auth_time: second } = claimsIn((await webTokens(usher, flow, visitor)).id_token);
  assert.equal(second, first);
  assert.equal(await silent(visitor, flow, { max_age: '1000' }), 'code');
  assert.equal(await silent(visitor, flow, { max_age: '99' }), 'AADB2C90121');
  const asked = await visitor.open(authorizeWeb(usher, flow, { max_age: '99' }));
  assert.match(asked.html, /type="password"/);
});

test('prompt decides whether the person is asked', async () => {
  const flow = await newFlow(usher);
  const visitor = await signedIn(flow);
  const login = await visitor.open(authorizeWeb(usher, flow, { prompt: 'login' }));
  assert.match(login.html, /type="password"/);
  for (const prompt of ['select_account', 'consent']) {
    assert.ok(membersOf((await visitor.open(authorizeWeb(usher, flow, { prompt }))).left).has('code'), prompt);
  }
  assert.equal(await silent(newVisitor(usher), flow), 'AADB2C90077');
});

const logout = (flow: string, parameters: Readonly<Record<string, string>>): URL => {
  const url = new URL(`${usher.url}/${seeded.tenant}/${flow}/oauth2/v2.0/logout`);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
};

test('where signing out needs an ID token, it leads to redirect URIs of its application alone', async () => {
  const flow = await newFlow(usher);
  const visitor = newVisitor(usher);
  const { id_token: token = '' } = await webTokens(usher, flow, visitor);
  const elsewhere = 'http://localhost:3000/';
  const free = await visitor.open(logout(flow, { post_logout_redirect_uri: elsewhere }));
  assert.equal(free.left?.href, elsewhere);

  await setFlow(usher, session({ enforceIdTokenHintOnLogout: true }), flow);
  const again = await signedIn(flow);
  const without = await again.open(logout(flow, { post_logout_redirect_uri: webRedirect }));
  assert.match(textOf(without.html), /AADB2C90272: The id_token_hint parameter has not been specified/);
  const wrong = await again.open(logout(flow, { post_logout_redirect_uri: elsewhere, id_token_hint: token }));
  assert.match(textOf(wrong.html), /AADB2C90006: /);
  assert.equal(await silent(again, flow), 'code');
  const right = await again.open(
    logout(flow, { post_logout_redirect_uri: webRedirect, id_token_hint: token, state: 'a|b' }),
  );
  assert.equal(right.left?.href, `${webRedirect}?state=a%7Cb`);
  assert.equal(await silent(again, flow), 'AADB2C90077');
});

test('where signing out needs an ID token, only the token of who is signed in does', async () => {
  const flow = await newFlow(usher, session({ enforceIdTokenHintOnLogout: true }));
  const others = await webTokens(usher, flow, newVisitor(usher));
  const { email } = await newAccount(usher);
  const visitor = newVisitor(usher);
  await passThrough(visitor, authorizeWeb(usher, flow), email);
  const out = (id_token_hint = '') =>
    visitor.open(logout(flow, { post_logout_redirect_uri: webRedirect, id_token_hint }));
  assert.equal((await out(others.id_token)).left?.href, webRedirect, 'it is told no more than anybody');
  assert.equal(await silent(visitor, flow), 'code', 'somebody else is still signed in');
  assert.match(textOf((await out(others.access_token)).html), /AADB2C90210/);
  const own = await webTokens(usher, flow, visitor);
  await out(own.id_token);
  assert.equal(await silent(visitor, flow), 'AADB2C90077');
});

test('signing out ends the session of the application that asks, where each has its own', async () => {
  const flow = await newFlow(usher, session({ sessionScope: 'application' }));
  const redirect = 'https://second.example/cb';
  const { appId } = await newApplication(usher, { web: { redirectUris: [redirect] } });
  const second = { client_id: appId, redirect_uri: redirect, scope: 'openid' };
  const visitor = await signedIn(flow);
  assert.ok((await passThrough(visitor, authorizeWeb(usher, flow, second))).has('code'));
  await visitor.open(logout(flow, { client_id: appId }));
  assert.equal(await silent(visitor, flow, second), 'AADB2C90077');
  assert.equal(await silent(visitor, flow), 'code');
});

test('a new password, a revocation, a disabled and a removed account end sessions and refresh tokens', async () => {
  const flow = await newFlow(usher);
  const ends: Readonly<Record<string, readonly [string, string, (id: string) => Promise<Response>]>> = {
    'a new password': [
      'AADB2C90129',
      'AADB2C90077',
      (id) => usher.graph('PATCH', `/v1.0/users/${id}`, { passwordProfile: { password: 'Another-1-password' } }),
    ],
    'a revocation': [
      'AADB2C90129',
      'AADB2C90077',
      (id) => usher.graph('POST', `/v1.0/users/${id}/revokeSignInSessions`),
    ],
    'a disabled account': [
      'AADB2C90129',
      'AADB2C90077',
      (id) => usher.graph('PATCH', `/v1.0/users/${id}`, { accountEnabled: false }),
    ],
    'a removed account': ['AADB2C90128', 'AADB2C90077', (id) => usher.graph('DELETE', `/v1.0/users/${id}`)],
  };
  for (const [name, [refused, asked, change]] of Object.entries(ends)) {
    const { id, email } = await newAccount(usher);
    const visitor = newVisitor(usher);
    await passThrough(visitor, authorizeWeb(usher, flow), email);
    const tokens = await webTokens(usher, flow, visitor);
    // Not in the second in which the tokens were made.
    await usher.advance(2);
    assert.ok((await change(id)).ok, name);
    assert.equal(codeOf(await refreshWeb(usher, flow, tokens)), refused, name);
    assert.equal(await silent(visitor, flow), asked, name);
  }
});

/** Signs the seeded person in, who asks to stay signed in where that is offered. */
async function stayingAt(flow: string): Promise<{ readonly visitor: Visitor; readonly offered: boolean }> {
  const visitor = newVisitor(usher);
  const shown = await visitor.open(authorizeWeb(usher, flow));
  const values = { email: seeded.user, password: seeded.password, rememberMe: 'true' };
  assert.ok(membersOf((await visitor.submit(shown, 'next', values)).left).has('code'));
  return { visitor, offered: shown.html.includes('name="rememberMe"') };
}

test('who asks to stay signed in is, for the days that the flow gives and no longer', async () => {
  const flow = await newFlow(usher);
  const unoffered = await stayingAt(flow);
  unoffered.visitor.close();
  assert.deepEqual([unoffered.offered, await silent(unoffered.visitor, flow)], [false, 'AADB2C90077']);

  await setFlow(usher, session({ isKeepMeSignedInEnabled: true, keepMeSignedInDays: 2 }), flow);
  const { visitor, offered } = await stayingAt(flow);
  visitor.close();
  await usher.advance(1.9 * 86_400);
  assert.deepEqual([offered, await silent(visitor, flow)], [true, 'code']);
  await usher.advance(2 * 86_400);
  assert.equal(await silent(visitor, flow), 'AADB2C90077');
});

test('a flow that offers it to nobody ends it, and so does signing out', async () => {
  const flow = await newFlow(usher, session({ isKeepMeSignedInEnabled: true }));
  const elsewhere = await newFlow(usher);
  const { visitor } = await stayingAt(flow);
  assert.equal(await silent(visitor, elsewhere), 'code');
  assert.equal(await silent(visitor, flow), 'code');
  visitor.close();
  assert.equal(await silent(visitor, flow), 'AADB2C90077');
  const { visitor: leaving } = await stayingAt(flow);
  await leaving.open(logout(flow, {}));
  assert.equal(await silent(leaving, flow), 'AADB2C90077');
});

test('a session opens no flow that has more to ask, or lets nobody in', async () => {
  const visitor = await signedIn(await newFlow(usher));
  const flow = await newFlow(usher);
  assert.equal(await silent(visitor, flow), 'code');
  await setFlow(usher, { settings: { ageGating: { isEnabled: true } } }, flow);
  assert.equal(await silent(visitor, flow), 'AADB2C90077');
  const asked = await visitor.open(authorizeWeb(usher, flow));
  assert.equal(asked.status, 200);
  assert.doesNotMatch(asked.html, /type="password"/);
  assert.match(asked.html, /country/);

  const shut = await newFlow(usher, { userFlowType: 'signIn' });
  assert.equal(await silent(visitor, shut), 'code');
  await setFlow(usher, { settings: { isSignInBlocked: true } }, shut);
  assert.equal(await silent(visitor, shut), 'AADB2C90037');
});

test('a second factor is asked for on a session that has none, and not again on one that has', async () => {
  const visitor = await signedIn(await newFlow(usher));
  const flow = await newFlow(usher);
  assert.equal(await silent(visitor, flow), 'code');
  const factors = { multifactorAuthenticationState: 'on', multifactorAuthenticationMethod: 'email' };
  await setFlow(usher, { multifactorAuthenticationConfiguration: factors }, flow);
  assert.equal(await silent(visitor, flow), 'AADB2C90077');
  const asked = await visitor.open(authorizeWeb(usher, flow));
  assert.doesNotMatch(asked.html, /type="password"/);
  const sent = await visitor.submit(asked, 'emailVerificationControl_but_send_code');
  const emailVerificationCode = await usher.code(seeded.user);
  const done = await visitor.submit(sent, 'emailVerificationControl_but_verify_code', { emailVerificationCode });
  assert.ok(membersOf(done.left).has('code'));
  assert.equal(await silent(visitor, flow), 'code');
});

test('people who edit their profile are not asked who they are while the session knows it', async () => {
  const flow = await newFlow(usher);
  const visitor = await signedIn(flow);
  const edit = await visitor.open(authorizeWeb(usher, 'B2C_1_edit'));
  assert.equal(edit.status, 200);
  assert.doesNotMatch(edit.html, /type="password"/);
  assert.equal(await silent(visitor, 'B2C_1_edit'), 'AADB2C90077');
  const anew = await visitor.open(authorizeWeb(usher, 'B2C_1_edit', { prompt: 'login' }));
  assert.match(anew.html, /type="password"/);
});

/** A flow to edit profiles, which shows a page. */
async function profileFlow(): Promise<string> {
  const edit = await newFlow(usher, { userFlowType: 'profileUpdate' });
  const assigned = await usher.graph('POST', `/beta/identity/b2cUserFlows/${edit}/userAttributeAssignments`, {
    displayName: 'City',
    isOptional: false,
    requiresVerification: false,
    userInputType: 'textBox',
    userAttributeValues: [],
    userAttribute: { id: 'city' },
  });
  assert.equal(assigned.status, 201, await assigned.text());
  return edit;
}

test('a page that was left open is of no use any more once its session has ended', async () => {
  const [signIn, edit] = [await newFlow(usher), await profileFlow()];
  const { id, email } = await newAccount(usher);
  const out = (visitor: Visitor) => visitor.open(logout(signIn, {}));
  const revoke = () => usher.graph('POST', `/v1.0/users/${id}/revokeSignInSessions`);
  const replace = (visitor: Visitor) => passThrough(visitor, authorizeWeb(usher, signIn, { prompt: 'login' }));
  for (const end of [out, revoke, replace]) {
    const visitor = newVisitor(usher);
    await passThrough(visitor, authorizeWeb(usher, signIn), email);
    await usher.advance(2);
    const page = await visitor.open(authorizeWeb(usher, edit));
    assert.match(page.html, /name="city"/);
    await end(visitor);
    assert.doesNotMatch((await visitor.open(page.url)).html, /name="city"/, 'nothing is shown');
    const { status, left } = await visitor.submit(page, 'continue', { city: 'Rome' });
    assert.deepEqual([status, left], [410, undefined]);
  }
  const { city } = (await (await usher.graph('GET', `/v1.0/users/${id}?$select=city`)).json()) as { city: unknown };
  assert.equal(city, null);
});

test('who has proved a password goes no further with it once it was replaced, or all sessions were revoked', async () => {
  const edit = await profileFlow();
  const { id, email } = await newAccount(usher);
  const ends: readonly [string, object | undefined, string][] = [
    ['POST', undefined, '/revokeSignInSessions'],
    ['PATCH', { passwordProfile: { password: 'Another-1-password' } }, ''],
  ];
  for (const [method, body, operation] of ends) {
    const visitor = newVisitor(usher);
    const page = await visitor.submit(await visitor.open(authorizeWeb(usher, edit)), 'next', {
      email,
      password: seeded.password,
    });
    assert.match(page.html, /name="city"/);
    await usher.advance(2);
    await usher.graph(method, `/v1.0/users/${id}${operation}`, body);
    const { status, left } = await visitor.submit(page, 'continue', { city: 'Rome' });
    assert.deepEqual([status, left], [410, undefined]);
  }
});
