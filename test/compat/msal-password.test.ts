import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PublicClientApplication } from '@azure/msal-node';
import { newApplication } from '../support/flow-settings.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';

let usher: Usher;
before(async () => {
  usher = await startUsher();
});
after(() => usher?.stop());

test('msal-node: a native application exchanges a password at a resource owner flow and renews by refresh token', async () => {
  const { appId: clientId } = await newApplication(usher, {
    isFallbackPublicClient: true,
    publicClient: { redirectUris: ['myapp://auth'] },
    web: { implicitGrantSettings: { enableAccessTokenIssuance: true } },
  });
  const authority = `${usher.url}/${seeded.tenant}/B2C_1_ropc`;
  const client = new PublicClientApplication({ auth: { clientId, authority, knownAuthorities: [usher.host] } });
  const scopes = [clientId];
  const person = { username: seeded.user, password: seeded.password };
  const tokens = await client.acquireTokenByUsernamePassword({ ...person, scopes });
  assert.ok(tokens?.account && tokens.accessToken);
  assert.match(tokens.account.homeAccountId, /-b2c_1_ropc\./);
  const cached = await client.acquireTokenSilent({ account: tokens.account, scopes });
  assert.equal(cached.accessToken, tokens.accessToken);
  await usher.advance(2);
  const renewed = await client.acquireTokenSilent({ account: tokens.account, scopes, forceRefresh: true });
  assert.notEqual(renewed.accessToken, tokens.accessToken);
  await assert.rejects(client.acquireTokenByUsernamePassword({ ...person, password: 'wrong-password-1', scopes }), {
    errorCode: 'access_denied',
    errorMessage: /AADB2C90225/,
  });
});
