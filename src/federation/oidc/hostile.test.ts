import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { client, type OidcKind, oidcKinds } from '../../../test/support/foreign-provider/kinds.ts';
import type { Failing } from '../../../test/support/foreign-provider/provider.ts';
import { admin } from '../testing/house.ts';
import { departure, ownId, type Setting, settle } from '../testing/oidc-setting.ts';

/** Providers that are broken, or that their operator has turned against the tenant. */

const [byCode, byToken] = oidcKinds as readonly [OidcKind, OidcKind, ...OidcKind[]];
const apple = oidcKinds.find(({ name }) => name === 'Apple') ?? byCode;

const warningsOf = ({ house }: Setting): readonly string[] =>
  house.observations.flatMap((seen) => (seen.kind === 'warning' ? [seen.message] : []));

/** Asks again, as if the copies had grown old. */
async function departLater(setting: Setting) {
  setting.house.clock.advance(2 * 86_400);
  return setting.provider.depart(departure);
}

test('metadata that names somebody else, or addresses that may not be called, sends nobody anywhere', async (t) => {
  const setting = await settle(t, byCode);
  const { local } = setting;
  const hostile: readonly (readonly [object, RegExp])[] = [
    [{ issuer: 'https://accounts.google.com' }, /another origin/],
    [{ issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }, /many tenants/],
    [{ authorization_endpoint: 'javascript:alert(1)' }, /'authorization_endpoint' is no address/],
    [{ authorization_endpoint: 'http://evil.example/' }, /'authorization_endpoint' is no address/],
    [{ token_endpoint: 'file:///etc/passwd' }, /'token_endpoint' is no address/],
    [{ jwks_uri: null }, /'jwks_uri' is no address/],
  ];
  for (const [metadata, warning] of hostile) {
    local.metadata = { ...metadata };
    assert.equal(await departLater(setting), undefined, JSON.stringify(metadata));
    assert.match(warningsOf(setting).at(-1) ?? '', warning);
  }
  local.metadata = {};
  assert.ok(await departLater(setting));
});

test('endpoints inside the network of the operator are not called', async (t) => {
  const setting = await settle(t, byCode);
  const { local, signIn } = setting;
  for (const host of ['10.0.0.1', '169.254.169.254', '[fd00:ec2::254]', '192.168.0.1']) {
    for (const name of ['token_endpoint', 'jwks_uri']) {
      local.metadata = { [name]: `https://${host}/` };
      setting.house.clock.advance(2 * 86_400);
      const outcome = await signIn();
      assert.equal(outcome.kind, 'failed', `${name} ${host}`);
      assert.match(outcome.kind === 'failed' ? outcome.reason : '', /may not be called|could not be read/);
      assert.match(warningsOf(setting).at(-1) ?? '', /is not a public address/);
    }
  }
  local.metadata = { userinfo_endpoint: 'https://169.254.169.254/latest/meta-data/' };
  local.person = { sub: '1' };
  setting.house.clock.advance(2 * 86_400);
  assert.equal((await signIn()).kind, 'proved');
});

test('metadata that is too long or none sends nobody anywhere, and is asked for again soon', async (t) => {
  const setting = await settle(t, byCode);
  const { local, house, provider } = setting;
  for (const failing of ['huge', 'html', 'broken', 'down'] satisfies readonly Failing[]) {
    local.failing = { metadata: failing };
    assert.equal(await departLater(setting), undefined, failing);
    const asked = local.asked.length;
    assert.equal(await provider.depart(departure), undefined);
    assert.equal(local.asked.length, asked, 'a provider that fails is not asked at every click');
  }
  local.failing = {};
  house.clock.advance(10);
  assert.ok(await provider.depart(departure));
});

test('endpoints that answer too much, or something else, prove nobody', async (t) => {
  const setting = await settle(t, byCode);
  const { local, house, signIn } = setting;
  for (const endpoint of ['token', 'keys'] as const) {
    for (const failing of ['huge', 'html', 'broken', 'down'] satisfies readonly Failing[]) {
      house.clock.advance(2 * 86_400);
      local.failing = { [endpoint]: failing };
      assert.equal((await signIn()).kind, 'failed', `${endpoint} ${failing}`);
    }
  }
});

test('what comes late sends nobody anywhere, is not waited for at every click, and proves nobody', async (t) => {
  const metadata = async () => {
    const { local, provider } = await settle(t, byCode);
    local.failing = { metadata: 'slow' };
    assert.equal(await provider.depart(departure), undefined);
    const asked = local.asked.length;
    assert.equal(await provider.depart(departure), undefined);
    assert.equal(local.asked.length, asked);
  };
  const token = async () => {
    const { local, signIn } = await settle(t, byCode);
    local.failing = { token: 'slow' };
    assert.deepEqual(await signIn(), { kind: 'failed', reason: 'the provider did not answer in time' });
  };
  await Promise.all([metadata(), token()]);
});

test('a token of which one character was changed proves nobody', async (t) => {
  const { provider, go } = await settle(t, byToken);
  const { answer, way } = await go();
  const token = answer.params['id_token'] ?? '';
  const signed = token.lastIndexOf('.');
  assert.ok(signed > 100);
  for (let at = 0; at < signed; at += 7) {
    const other = token[at] === 'A' ? 'B' : 'A';
    const forged = { ...answer.params, id_token: token.slice(0, at) + other + token.slice(at + 1) };
    assert.equal((await provider.receive({ params: forged }, way)).kind, 'failed', `character ${at}`);
  }
  assert.equal((await provider.receive(answer, way)).kind, 'proved');
});

test('a key that cannot be read again is no reason to believe a token', async (t) => {
  const { local, house, signIn } = await settle(t, byCode);
  assert.equal((await signIn()).kind, 'proved');
  local.rotateKeys();
  local.failing = { keys: 'down' };
  assert.equal((await signIn()).kind, 'failed');
  local.failing = {};
  house.clock.advance(10);
  assert.equal((await signIn()).kind, 'proved');
});

test('tokens with keys that nobody has heard of do not make the server ask for keys without end', async (t) => {
  const { local, house, signIn } = await settle(t, byToken);
  local.mischief = 'unknownKey';
  const began = house.clock.now();
  for (let count = 0; count < 20; count += 1) assert.equal((await signIn()).kind, 'failed');
  const read = local.asked.filter(({ endpoint }) => endpoint === 'keys').length;
  // Once, and five times more in ten seconds, of which a machine with much else to do may need several.
  const most = 1 + 5 * Math.ceil((house.clock.now() - began + 1) / 10);
  assert.ok(read <= most, `${read} times, not ${most}`);
  local.mischief = undefined;
  local.rotateKeys();
  house.clock.advance(10);
  assert.equal((await signIn()).kind, 'proved');
});

test('algorithms that anybody could sign with are refused, also where the metadata offers them', async (t) => {
  for (const kind of [byCode, byToken]) {
    const { local, signIn } = await settle(t, kind);
    local.metadata = { id_token_signing_alg_values_supported: ['none', 'HS256', 'RS256'] };
    for (const mischief of ['algNone', 'hmacWithPublicKey', 'hmacWithClientSecret'] as const) {
      local.mischief = mischief;
      assert.equal((await signIn()).kind, 'failed', mischief);
    }
    local.mischief = undefined;
    assert.equal((await signIn()).kind, 'proved');
  }
});

test('what a provider publishes is kept as long as it says, within bounds, and longer while it is away', async (t) => {
  const setting = await settle(t, byCode);
  const { local, house, provider } = setting;
  const asked = () => local.asked.filter(({ endpoint }) => endpoint === 'metadata').length;
  local.cacheControl = 'public, max-age=3600';
  await Promise.all([1, 2, 3].map(() => provider.depart(departure)));
  assert.equal(asked(), 1);
  house.clock.advance(3_599);
  await provider.depart(departure);
  assert.equal(asked(), 1);
  house.clock.advance(1);
  local.cacheControl = 'no-store';
  await provider.depart(departure);
  assert.equal(asked(), 2);
  house.clock.advance(299);
  await provider.depart(departure);
  assert.equal(asked(), 2);
  local.failing = { metadata: 'down' };
  house.clock.advance(86_000);
  assert.ok(await provider.depart(departure));
  assert.equal(asked(), 3);
  house.clock.advance(500);
  assert.equal(await provider.depart(departure), undefined);
});

test('claims that the ID token lacks are asked of the UserInfo endpoint, and of nobody else than that person', async (t) => {
  const { local, signIn } = await settle(t, byCode, {
    claimsMapping: { userId: 'sub', displayName: 'name', email: 'email', city: 'town' },
  });
  const person = async () => {
    const outcome = await signIn();
    assert.equal(outcome.kind, 'proved', JSON.stringify(outcome));
    return outcome.kind === 'proved' ? outcome.person.claims : {};
  };
  assert.deepEqual(await person(), { displayName: 'Robin Doe', email: 'robin@contoso.example' });
  local.metadata = {};
  local.person = { ...local.person, town: 'Springfield' };
  assert.deepEqual(await person(), { displayName: 'Robin Doe', email: 'robin@contoso.example', city: 'Springfield' });
  const before = local.asked.filter(({ endpoint }) => endpoint === 'userinfo').length;
  assert.equal(before, 1, 'a token that says everything is enough');
});

test('an address is asked for where its scope is', async (t) => {
  const external = oidcKinds.find(({ name }) => name === 'a provider of an external tenant, by secret') ?? byCode;
  for (const [scope, asks] of [
    ['openid profile email', 0],
    ['openid profile email address', 1],
  ] as const) {
    const { local, signIn } = await settle(t, external, { scope, inboundClaimMapping: null });
    const { address: _, ...claims } = external.claims;
    local.person = claims;
    assert.equal((await signIn()).kind, 'proved');
    assert.equal(local.asked.filter(({ endpoint }) => endpoint === 'userinfo').length, asks, scope);
  }
});

test('what another person is said to be is not taken over', async (t) => {
  const saying = (userinfo: object): OidcKind => ({ ...byCode, provider: { userinfo: () => userinfo } });
  const { local, house, signIn } = await settle(
    t,
    saying({ sub: 'somebody-else', name: 'Mallory', email: 'm@evil.example' }),
  );
  local.person = { sub: '1' };
  const outcome = await signIn();
  assert.deepEqual(outcome.kind === 'proved' && outcome.person.claims, {});
  assert.match(JSON.stringify(house.observations), /did not say more about a person/);
});

test('a provider that gives the ID token alone proves who somebody is', async (t) => {
  const { local, signIn } = await settle(t, byCode);
  local.mischief = 'noAccessToken';
  const { sub, name } = byCode.claims;
  local.person = { sub, name };
  const outcome = await signIn();
  assert.deepEqual(outcome.kind === 'proved' && outcome.person.claims, { displayName: name });
  assert.ok(!local.asked.some(({ endpoint }) => endpoint === 'userinfo'));
});

test('a fresh sign-in that the provider did not ask for is none', async (t) => {
  const { local, house, signIn } = await settle(t, byCode);
  local.person = { ...local.person, auth_time: house.clock.now() - 3_600 };
  assert.equal((await signIn()).kind, 'proved');
  const outcome = await signIn({ isFresh: true });
  assert.deepEqual(outcome, { kind: 'failed', reason: 'the person did not prove themselves anew' });
});

test('the end of a session at the provider is where its metadata says', async (t) => {
  const { local, house, provider } = await settle(t, byCode);
  const url = new URL((await provider.signOutUrl?.('https://login.example/signed-out')) ?? '');
  assert.equal(url.origin + url.pathname, `${local.origin}/logout`);
  assert.equal(url.searchParams.get('post_logout_redirect_uri'), 'https://login.example/signed-out');
  local.metadata = { end_session_endpoint: undefined };
  house.clock.advance(2 * 86_400);
  assert.equal(await provider.signOutUrl?.('https://login.example/signed-out'), undefined);
});

test('a provider is told who asks in the way that it takes', async (t) => {
  /** RFC 6749 §2.3.1. */
  const pairIn = (header = ''): readonly string[] =>
    Buffer.from(header.replace(/^Basic /, ''), 'base64')
      .toString()
      .split(':')
      .map((one) => new URLSearchParams(`v=${one}`).get('v') ?? '');
  const accepts: NonNullable<OidcKind['provider']['accepts']> = ({ headers, params }) => {
    assert.deepEqual(pairIn(headers['authorization']), [client.id, client.secret]);
    return params['client_secret'] === undefined;
  };
  /** OpenID Connect Core §9: the secret is the key of an HMAC. */
  const isSigned = (jwt = ''): boolean => {
    const [head, body, tail] = jwt.split('.');
    return createHmac('sha256', client.secret).update(`${head}.${body}`).digest('base64url') === tail;
  };
  const ways: Readonly<Record<string, typeof accepts>> = {
    client_secret_basic: accepts,
    client_secret_jwt: ({ params }) => isSigned(params['client_assertion']) && params['client_secret'] === undefined,
  };
  for (const [method, provider] of Object.entries(ways)) {
    const { local, signIn } = await settle(t, { ...byCode, provider: { accepts: provider } });
    local.metadata = { token_endpoint_auth_methods_supported: [method, 'private_key_jwt'] };
    assert.equal((await signIn()).kind, 'proved', method);
  }
});

test('a provider without its secret or key sends nobody anywhere', async (t) => {
  for (const [kind, without] of [
    [byCode, { clientSecret: null }],
    [apple, { certificateData: null }],
  ] as const) {
    const setting = await settle(t, kind, without);
    assert.equal(await setting.provider.depart(departure), undefined);
    assert.match(warningsOf(setting)[0] ?? '', /cannot be used: its client secret or key is missing/);
  }
});

test('Apple: the name comes once, by the hand of the browser, and so does an address that is not believed', async (t) => {
  const { local, signIn } = await settle(t, apple);
  const user = { name: { firstName: 'Robin', lastName: 'Doe' }, email: 'admin@victim.example' };
  local.extra = { user: JSON.stringify(user) };
  assert.deepEqual(await signIn(), { kind: 'proved', person: apple.person(local) });
  for (const odd of ['', '{', '7', '{"name":"x"}', '{"name":{"firstName":7,"lastName":["x"]}}']) {
    local.extra = { user: odd };
    const outcome = await signIn();
    const claims = outcome.kind === 'proved' ? outcome.person.claims : undefined;
    assert.deepEqual(claims, { email: 'dpdcnf87nu@privaterelay.appleid.com' }, odd);
  }
});

test('a provider that changes is used as it is now', async (t) => {
  const { house } = await settle(t, byCode);
  await house.directory.update(admin, { type: byCode.type, id: ownId }, { clientId: 'another client' });
  const provider = await house.federation.find(ownId);
  const departed = await provider?.depart(departure);
  assert.equal(new URL(departed?.url ?? '').searchParams.get('client_id'), 'another client');
  await house.directory.remove(admin, { type: byCode.type, id: ownId });
  assert.equal(await house.federation.find(ownId), undefined);
});
