import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { apiUri, type House, ids, openHouse } from './testing/harness.ts';
import {
  authorizeUrl,
  challenge,
  createBrowser,
  postToken,
  readRedirect,
  redemption,
  signedIn,
  signIn,
  type TokenAnswer,
  verifier,
} from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const choose = (settings: Readonly<Record<string, unknown>>) => {
  const { directory, tenant } = house.contoso;
  return directory.update(system('test'), { type: entities.organization, id: tenant.id }, { settings });
};
const refresh = (token: unknown): Promise<TokenAnswer> =>
  postToken(house, { grant_type: 'refresh_token', client_id: ids.spa, refresh_token: String(token) });
const code = ({ body }: TokenAnswer): string | undefined => /^AADB2C\d+/.exec(String(body['error_description']))?.[0];

test('a tenant may let a refresh token be used again for some seconds, and not longer', async () => {
  await choose({ reuseGraceSeconds: 30 });
  const first = await signedIn(house, { scope: `openid offline_access ${apiUri}/tasks.read` });
  const token = first.body['refresh_token'];
  const answers = await Promise.all(Array.from({ length: 4 }, () => refresh(token)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  house.clock.advance(29);
  const late = await refresh(token);
  assert.equal(late.status, 200);
  house.clock.advance(2);
  assert.equal(code(await refresh(token)), 'AADB2C90129');
  assert.equal((await refresh(late.body['refresh_token'])).status, 400);
  await choose({ reuseGraceSeconds: 0 });
});

const freshCode = async (changes: Readonly<Record<string, string | null>> = {}): Promise<string> => {
  const { params } = readRedirect(await signIn(house, createBrowser(house), { url: authorizeUrl(changes) }));
  return params.get('code') ?? params.get('error_description') ?? '';
};

test('a code is never good for a second use, whatever the tenant has chosen', async () => {
  await choose({ reuseGraceSeconds: 30 });
  const form = redemption(await freshCode());
  assert.equal((await postToken(house, form)).status, 200);
  assert.equal(code(await postToken(house, form)), 'AADB2C90129');
  await choose({ reuseGraceSeconds: 0 });
});

test('a tenant may take plain challenges; the verifier must still be the one', async () => {
  const plain = { code_challenge: verifier, code_challenge_method: 'plain' };
  const unnamed = { ...plain, code_challenge_method: null };
  for (const asked of [plain, unnamed]) assert.match(await freshCode(asked), /^AADB2C90184/);
  await choose({ allowPlainPkce: true });
  for (const asked of [plain, unnamed]) {
    const redeemed = await postToken(house, redemption(await freshCode(asked)));
    assert.equal(redeemed.status, 200);
    const wrong = { ...redemption(await freshCode(asked)), code_verifier: challenge };
    assert.equal(code(await postToken(house, wrong)), 'AADB2C90182');
  }
  assert.match(await freshCode({ ...plain, code_challenge: 'short' }), /^AADB2C99059/);
  assert.match(await freshCode({ ...plain, code_challenge_method: 'S512' }), /^AADB2C90184/);
  assert.equal((await postToken(house, redemption(await freshCode()))).status, 200);
  await choose({ allowPlainPkce: false });
});

test('a tenant may let the browser go anywhere after signing out, as B2C does', async () => {
  const { pathname } = new URL(authorizeUrl());
  const leave = (uri: string) =>
    house.fetch(`${pathname.replace('authorize', 'logout')}?post_logout_redirect_uri=${encodeURIComponent(uri)}`);
  assert.equal((await leave('https://elsewhere.example/bye')).status, 400);
  await choose({ allowAnyLogoutRedirect: true });
  const gone = await leave('https://elsewhere.example/bye');
  assert.deepEqual([gone.status, gone.headers.get('location')], [302, 'https://elsewhere.example/bye']);
  for (const uri of ['javascript:alert(1)', '//elsewhere.example']) {
    assert.equal((await leave(uri)).status, 400, uri);
  }
  await choose({ allowAnyLogoutRedirect: false });
  assert.equal((await leave('https://elsewhere.example/bye')).status, 400);
});
