import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isoDateTime, system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { apiUri, type House, ids, openHouse, secret } from './testing/harness.ts';
import {
  authorizeUrl,
  claimsOf,
  createBrowser,
  postToken,
  readRedirect,
  redemption,
  signedIn,
  signIn,
  type TokenAnswer,
} from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const refresh = (token: unknown, more: Readonly<Record<string, string>> = {}, flow?: string): Promise<TokenAnswer> => {
  const form = { grant_type: 'refresh_token', client_id: ids.spa, refresh_token: String(token), ...more };
  return postToken(house, form, flow === undefined ? {} : { flow });
};

const codeOf = ({ body }: TokenAnswer): string | undefined => /^AADB2C\d+/.exec(String(body['error_description']))?.[0];

test('a refresh token is good for one use and gives the next one', async () => {
  const first = await signedIn(house, { scope: `openid offline_access ${apiUri}/tasks.read` });
  const second = await refresh(first.body['refresh_token']);
  assert.equal(second.status, 200);
  assert.notEqual(second.body['refresh_token'], first.body['refresh_token']);
  assert.equal(claimsOf(second.body['access_token'])['scp'], 'tasks.read');
  assert.equal(claimsOf(second.body['id_token'])['nonce'], undefined);
  assert.equal((await refresh(second.body['refresh_token'])).status, 200);
});

test('a refresh token seen twice ends every token of its family', async () => {
  const first = await signedIn(house);
  const second = await refresh(first.body['refresh_token']);
  const replayed = await refresh(first.body['refresh_token']);
  assert.equal(replayed.status, 400);
  assert.equal(replayed.body['error'], 'invalid_grant');
  assert.equal(codeOf(replayed), 'AADB2C90129');
  const orphan = await refresh(second.body['refresh_token']);
  assert.equal(orphan.body['error'], 'invalid_grant');
});

test('of many refreshes at once with one token one succeeds, and none of its offspring lives', async () => {
  const first = await signedIn(house);
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(first.body['refresh_token'])));
  const winners = answers.filter(({ status }) => status === 200);
  assert.equal(winners.length, 1);
  for (const winner of winners) assert.notEqual((await refresh(winner.body['refresh_token'])).status, 200);
});

test('a replayed code ends the tokens made from it', async () => {
  const response = await signIn(house, createBrowser(house));
  const code = readRedirect(response).params.get('code') ?? '';
  const first = await postToken(house, redemption(code));
  assert.equal(first.status, 200);
  const replayed = await postToken(house, redemption(code));
  assert.equal(codeOf(replayed), 'AADB2C90129');
  assert.equal(codeOf(await refresh(first.body['refresh_token'])), 'AADB2C90090');
});

test('a code presented eight times at once is redeemed once, and nothing made from it lives', async () => {
  const response = await signIn(house, createBrowser(house));
  const code = readRedirect(response).params.get('code') ?? '';
  const answers = await Promise.all(Array.from({ length: 8 }, () => postToken(house, redemption(code))));
  const winners = answers.filter(({ status }) => status === 200);
  assert.equal(winners.length, 1);
  for (const winner of winners) assert.notEqual((await refresh(winner.body['refresh_token'])).status, 200);
});

test('a refresh token belongs to its flow and its client', async () => {
  const { body } = await signedIn(house);
  assert.equal(codeOf(await refresh(body['refresh_token'], {}, 'b2c_1_signin')), 'AADB2C90088');
  assert.equal(codeOf(await refresh(body['refresh_token'], { client_id: ids.native })), 'AADB2C90279');
  assert.equal((await refresh(body['refresh_token'])).status, 200);
});

test('a refresh may ask for another API, as MSAL does', async () => {
  const { body } = await signedIn(house);
  const scope = `api://${ids.otherApi}/other.use openid profile offline_access`;
  const answer = await refresh(body['refresh_token'], { scope });
  assert.equal(answer.status, 200);
  assert.equal(claimsOf(answer.body['access_token'])['aud'], ids.otherApi);
  assert.equal(answer.body['scope'], `api://${ids.otherApi}/other.use openid offline_access`);
});

test('a single-page application must sign in again after a day, however often it has refreshed', async () => {
  const { body } = await signedIn(house);
  house.clock.advance(80_000);
  const later = await refresh(body['refresh_token']);
  assert.equal(later.status, 200);
  assert.equal(later.body['refresh_token_expires_in'], 6_400);
  house.clock.advance(6_400);
  const last = await refresh(later.body['refresh_token']);
  assert.equal(codeOf(last), 'AADB2C90080');
  assert.match(String(last.body['error_description']), /Current time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/);
  house.clock.reset();
});

test('a confidential client has fourteen days from each use', async () => {
  const url = authorizeUrl({ client_id: ids.web, redirect_uri: 'http://localhost:3001/cb' });
  const code = readRedirect(await signIn(house, createBrowser(house), { url })).params.get('code') ?? '';
  const form = {
    ...redemption(code),
    client_id: ids.web,
    redirect_uri: 'http://localhost:3001/cb',
    client_secret: secret,
  };
  const { body } = await postToken(house, form);
  assert.equal(body['refresh_token_expires_in'], 1_209_600);
});

test('refreshing ends when the account is gone, disabled or signed out everywhere', async () => {
  const directory = house.contoso.directory;
  const by = system('test');
  const ref = { type: entities.user, id: house.lee.id };
  const ending = { user: house.lee };
  const tokens: unknown[] = [];
  for (const _ of [1, 2, 3]) {
    const response = await signIn(house, createBrowser(house), { ending });
    const { body } = await postToken(house, redemption(readRedirect(response).params.get('code') ?? ''));
    tokens.push(body['refresh_token']);
  }
  await directory.update(by, ref, { accountEnabled: false });
  assert.equal(codeOf(await refresh(tokens[0])), 'AADB2C90129');
  const soon = isoDateTime(house.clock.now() + 60);
  await directory.update(by, ref, { accountEnabled: true, signInSessionsValidFromDateTime: soon });
  assert.equal(codeOf(await refresh(tokens[1])), 'AADB2C90129');
  await directory.remove(by, ref);
  assert.equal(codeOf(await refresh(tokens[2])), 'AADB2C90128');
});

test('who refreshes in the very second in which the person was signed out everywhere has nothing of it', async () => {
  const { directory } = house.contoso;
  const ending = { user: house.adele };
  const response = await signIn(house, createBrowser(house), { ending });
  const first = await postToken(house, redemption(readRedirect(response).params.get('code') ?? ''));
  house.clock.advance(60);
  const second = await refresh(first.body['refresh_token']);
  assert.equal(second.status, 200);
  const validFrom = (signInSessionsValidFromDateTime: string | null) =>
    directory.update(system('test'), { type: entities.user, id: house.adele.id }, { signInSessionsValidFromDateTime });
  await validFrom(isoDateTime(house.clock.now()));
  assert.equal(codeOf(await refresh(second.body['refresh_token'])), 'AADB2C90129');
  await validFrom(null);
  house.clock.reset();
});

test('a code expires after ten minutes', async () => {
  const response = await signIn(house, createBrowser(house));
  house.clock.advance(601);
  const answer = await postToken(house, redemption(readRedirect(response).params.get('code') ?? ''));
  house.clock.reset();
  assert.equal(codeOf(answer), 'AADB2C90080');
});

test('a refresh asks the store three times and writes once', async (t) => {
  const { body } = await signedIn(house);
  const { store } = house.contoso;
  const names = ['get', 'findBy', 'put', 'consume', 'together', 'take', 'increment', 'remove', 'drop'] as const;
  const short = names.map((name) => [name, t.mock.method(store.ephemeral, name)] as const);
  const long = (['read', 'write'] as const).map((name) => [name, t.mock.method(store, name)] as const);
  assert.equal((await refresh(body['refresh_token'])).status, 200);
  const asked = [...short, ...long].flatMap(([name, { mock }]) =>
    mock.callCount() > 0 ? [[name, mock.callCount()]] : [],
  );
  // The token, whether its family is revoked, and the person as they are now.
  assert.deepEqual(Object.fromEntries(asked), { get: 2, read: 1, together: 1 });
});

test('no bearer value stands in the store as itself', async (t) => {
  const browser = createBrowser(house);
  const { ephemeral } = house.contoso.store;
  const writing = [t.mock.method(ephemeral, 'put'), t.mock.method(ephemeral, 'together')];
  const response = await signIn(house, browser);
  const code = readRedirect(response).params.get('code') ?? '';
  const { body } = await postToken(house, redemption(code));
  const stored = JSON.stringify(writing.flatMap(({ mock }) => mock.calls.map((call) => call.arguments)));
  assert.match(stored, /oidc\.AuthorizationCode.*oidc\.RefreshToken/);
  for (const value of [code, String(body['refresh_token']), String(body['id_token'])]) {
    assert.ok(value.length > 20 && !stored.includes(value));
  }
});
