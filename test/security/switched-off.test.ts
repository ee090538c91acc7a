/** What an administrator switches off, takes away or deletes opens nothing from that moment on, whatever was begun before. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Account, newAccount, setAccount } from '../support/accounts.ts';
import { comeBack, flowWith, giveProvider, graph, leave } from '../support/federation.ts';
import { newApplication, newFlow } from '../support/flow-settings.ts';
import { authorize, codeFor, redeem, redirectUri, refresh, token } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visitor } from '../support/visitor.ts';

describe('once it is switched off', () => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher();
  });
  after(() => usher?.stop());

  async function signedIn(account: Account, visitor: Visitor = newVisitor(usher)) {
    const attempt = authorize(usher);
    const { answer } = await redeem(usher, attempt, await codeFor(visitor, attempt, account.email, account.password));
    return { visitor, refreshToken: answer.refresh_token ?? '' };
  }

  const daemonToken = (secret: string, appId: string) =>
    fetch(`${usher.url}/${seeded.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: appId,
        client_secret: secret,
        scope: 'https://graph.microsoft.com/.default',
      }),
    });

  test('a disabled account has no password, no session, no refresh token and no code that is worth anything', async () => {
    const account = await newAccount(usher);
    const { visitor, refreshToken } = await signedIn(account);
    const attempt = authorize(usher);
    const code = await codeFor(visitor, attempt);
    await setAccount(usher, account.id, { accountEnabled: false });
    assert.equal((await refresh(usher, refreshToken)).status, 400);
    assert.equal((await redeem(usher, attempt, code)).status, 400);
    assert.equal((await visitor.open(authorize(usher).url)).left, undefined, 'the session signs nobody in');
    const fresh = newVisitor(usher);
    const tried = await fresh.submit(await fresh.open(authorize(usher).url), 'next', { ...account });
    assert.equal(tried.left, undefined);
  });

  test('a disabled account is not signed in by a page that was left open before', async () => {
    const account = await newAccount(usher);
    const visitor = newVisitor(usher);
    const page = await visitor.open(authorize(usher).url);
    await setAccount(usher, account.id, { accountEnabled: false });
    assert.equal((await visitor.submit(page, 'next', { ...account })).left, undefined);
  });

  test('a deleted account is nobody, and who registers its name anew has nothing of it', async () => {
    const account = await newAccount(usher);
    const { refreshToken } = await signedIn(account);
    await graph(usher, 'DELETE', `/v1.0/users/${account.id}`);
    await graph(usher, 'POST', '/v1.0/users', {
      displayName: 'Ada',
      identities: [{ signInType: 'emailAddress', issuer: seeded.tenant, issuerAssignedId: account.email }],
      passwordProfile: { password: 'Another-horse-9', forceChangePasswordNextSignIn: false },
    });
    const { status, answer } = await refresh(usher, refreshToken);
    assert.deepEqual([status, answer.error], [400, 'invalid_grant']);
    const visitor = newVisitor(usher);
    const tried = await visitor.submit(await visitor.open(authorize(usher).url), 'next', { ...account });
    assert.equal(tried.left, undefined, 'the old password is gone with it');
  });

  test('sessions that were revoked renew nothing and sign nobody in', async () => {
    const account = await newAccount(usher);
    const { visitor, refreshToken } = await signedIn(account);
    await usher.advance(2);
    await graph(usher, 'POST', `/v1.0/users/${account.id}/revokeSignInSessions`);
    assert.equal((await refresh(usher, refreshToken)).status, 400);
    assert.equal((await visitor.open(authorize(usher).url)).left, undefined);
  });

  test('a disabled application begins nothing, redeems nothing and renews nothing', async () => {
    const { appId, id } = await newApplication(usher, { spa: { redirectUris: [redirectUri] } });
    const asked = () => authorize(usher, { client_id: appId, scope: 'openid offline_access' });
    const account = await newAccount(usher);
    const visitor = newVisitor(usher);
    const [first, second] = [asked(), asked()];
    const redeemed = (attempt: typeof first, code: string) => {
      const { verifier: code_verifier, redirectUri: redirect_uri } = attempt;
      return token(usher, { grant_type: 'authorization_code', client_id: appId, code, code_verifier, redirect_uri });
    };
    const { answer } = await redeemed(first, await codeFor(visitor, first, account.email, account.password));
    const code = await codeFor(visitor, second);
    const open = await newVisitor(usher).open(asked().url);
    assert.equal(open.status, 200);
    await graph(usher, 'PATCH', `/beta/applications/${id}`, { isDisabled: true });
    const refreshed = { grant_type: 'refresh_token', client_id: appId, refresh_token: answer.refresh_token ?? '' };
    assert.notEqual((await token(usher, refreshed)).status, 200);
    assert.notEqual((await redeemed(second, code)).status, 200);
    const refused = await visitor.open(asked().url);
    assert.equal(refused.left, undefined);
    assert.match(textOf(refused.html), /AADB2C90092/);
  });

  test('a client secret that was taken away proves nothing, and what it got before opens Graph no further', async () => {
    const { appId, id } = await newApplication(usher, {});
    const made = await graph(usher, 'POST', `/v1.0/applications/${id}/addPassword`, { passwordCredential: {} });
    const secret = String(made['secretText']);
    assert.equal((await daemonToken(secret, appId)).status, 200);
    await graph(usher, 'POST', `/v1.0/applications/${id}/removePassword`, { keyId: made['keyId'] });
    assert.equal((await daemonToken(secret, appId)).status, 401);
  });

  test('a redirect URI that was taken away gets no code, and redeems none', async () => {
    const spa = { redirectUris: [redirectUri, 'http://localhost:3999/'] };
    const { appId, id } = await newApplication(usher, { spa });
    const changes = { client_id: appId, redirect_uri: 'http://localhost:3999/', scope: 'openid' };
    const visitor = newVisitor(usher);
    await codeFor(visitor, authorize(usher));
    const attempt = authorize(usher, changes);
    const code = await codeFor(visitor, attempt);
    await graph(usher, 'PATCH', `/v1.0/applications/${id}`, { spa: { redirectUris: [redirectUri] } });
    const form = { grant_type: 'authorization_code', client_id: appId, code, code_verifier: attempt.verifier };
    assert.equal((await token(usher, { ...form, redirect_uri: attempt.redirectUri })).status, 400);
    assert.equal((await visitor.open(authorize(usher, changes).url)).left, undefined);
  });

  for (const how of ['taken out of the flow', 'deleted'] as const) {
    test(`a provider that is ${how} while somebody is there lets nobody in`, async (t) => {
      const provider = await giveProvider(usher);
      t.after(() => provider.server.close());
      provider.server.person = { sub: `away-${how}`, name: 'Ada' };
      const other = await giveProvider(usher);
      t.after(() => other.server.close());
      const flow = await flowWith(usher, [provider, other]);
      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, flow, provider.button);
      const answer = await provider.server.signIn(away.href);
      const link = `/beta/identity/b2cUserFlows/${flow}/identityProviders/${provider.id}/$ref`;
      await graph(usher, 'DELETE', link);
      if (how === 'deleted') await graph(usher, 'DELETE', `/beta/identity/identityProviders/${provider.id}`);
      const back = await comeBack(visitor, answer, provider.server.origin);
      assert.equal(back.left?.searchParams.get('code') ?? null, null);
      assert.equal(provider.server.asked.filter(({ endpoint }) => endpoint === 'token').length, 0);
    });
  }

  test('a deleted flow begins nothing, and its codes are worth nothing anywhere', async () => {
    const flow = await newFlow(usher);
    const visitor = newVisitor(usher);
    const attempt = authorize(usher, {}, flow);
    const code = await codeFor(visitor, attempt);
    await graph(usher, 'DELETE', `/beta/identity/b2cUserFlows/${flow}`);
    assert.notEqual((await redeem(usher, attempt, code, flow)).status, 200);
    assert.notEqual((await redeem(usher, attempt, code)).status, 200);
    assert.equal((await visitor.open(authorize(usher, {}, flow).url)).left, undefined);
  });
});
