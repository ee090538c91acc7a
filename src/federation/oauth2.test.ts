import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documented } from '../../test/support/social-providers/documented.ts';
import { client, type Reply } from '../../test/support/social-providers/server.ts';
import type { ForeignOutcome } from './provider.ts';
import { departure, settle } from './testing/oauth2-setting.ts';

/** Never tells what is secret. */
function reasonOf(outcome: ForeignOutcome, secrets: readonly string[] = []): string {
  assert.equal(outcome.kind, 'failed', JSON.stringify(outcome));
  const reason = outcome.kind === 'failed' ? outcome.reason : '';
  for (const secret of [client.secret, departure.state, 'localhost', ...secrets]) {
    assert.ok(!reason.includes(secret), reason);
  }
  return reason;
}

for (const one of documented) {
  const { type, provider: described, person, named } = one;

  test(`${type}: whoever agrees there is proved, with what the provider tells`, async (t) => {
    const { signIn } = await settle(t, one);
    const outcome = await signIn();
    assert.equal(outcome.kind, 'proved', JSON.stringify(outcome));
    if (outcome.kind !== 'proved') return;
    const { accessToken, ...rest } = outcome.person;
    assert.deepEqual(rest, person);
    assert.match(accessToken ?? '', /^[0-9a-f]{24}$/);
  });

  test(`${type}: whoever turns back there proves nothing, and an error is none of it`, async (t) => {
    const { local, signIn } = await settle(t, one);
    local.person = 'turns back';
    assert.deepEqual(await signIn(), { kind: 'cancelled' });
    local.person = 'meets trouble';
    assert.match(reasonOf(await signIn()), /server_error/);
    assert.ok(!local.asked.includes(described.tokenPath));
  });

  test(`${type}: an answer with another state, or none, is not looked into`, async (t) => {
    const { local, provider, go } = await settle(t, one);
    const { answer, way } = await go();
    for (const state of [undefined, '', 'another', `${departure.state} `]) {
      const { state: _, ...params } = answer.params;
      const forged = { params: state === undefined ? params : { ...params, state } };
      assert.match(reasonOf(await provider.receive(forged, way)), /another state/);
      const refused = { params: { ...(state === undefined ? {} : { state }), ...described.refusal } };
      assert.match(reasonOf(await provider.receive(refused, way)), /another state/);
    }
    assert.ok(!local.asked.includes(described.tokenPath));
  });

  test(`${type}: a code is good once`, async (t) => {
    const { provider, go } = await settle(t, one);
    const { answer, way } = await go();
    assert.equal((await provider.receive(answer, way)).kind, 'proved');
    const code = answer.params['code'] ?? '';
    assert.match(
      reasonOf(await provider.receive(answer, way), [code]),
      /the code was not exchanged: the provider answered/,
    );
  });

  if (described.hasProofKey) {
    test(`${type}: a code of another journey is worth nothing`, async (t) => {
      const { provider, go } = await settle(t, one);
      const [theirs, mine] = [await go(), await go()];
      assert.notDeepEqual(theirs.way.kept, mine.way.kept);
      reasonOf(await provider.receive(theirs.answer, mine.way));
      const third = await go();
      assert.match(reasonOf(await provider.receive(third.answer, { ...third.way, kept: {} })), /proof key/);
    });
  }

  test(`${type}: who is not named, or by an address, is nobody`, async (t) => {
    const { local, signIn } = await settle(t, one);
    const names = [
      undefined,
      null,
      '',
      ' ',
      'anna@example.com',
      'a b',
      'x'.repeat(257),
      {},
      ['1'],
      true,
      0,
      -1,
      1.5,
      2 ** 60,
    ];
    for (const subject of names) {
      local.odd.set(named.path, named.by(subject));
      assert.match(reasonOf(await signIn()), /it is not named/, JSON.stringify(subject));
    }
  });

  test(`${type}: what the token endpoint answers beside tokens proves nobody`, async (t) => {
    const { local, signIn } = await settle(t, one);
    const wrong: readonly (readonly [Reply, RegExp])[] = [
      [{ status: 500, contentType: 'text/html', body: '<h1>Sorry</h1>' }, /answered 500$/],
      [{ status: 302, body: '' }, /answered 302$/],
      [{ contentType: 'text/html', body: '<html><a href="?a=b">Sign in</a></html>' }, /something else than data/],
      [{ body: '' }, /something else than data/],
      [{ body: '{"access_token":' }, /something else than data/],
      [{ body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]) }, /something else than data/],
      [{ body: 'callback( {"access_token": ' }, /something else than data/],
      [{ body: '[]' }, /another shape/],
      [{ body: '"token"' }, /something else than data/],
      [{ body: '{}' }, /no access token/],
      [{ body: '{"access_token":7}' }, /no access token/],
      [{ body: '{"access_token":"a b\\r\\nx: y"}' }, /no access token/],
      [{ body: '{"access_token":"t","token_type":"mac"}' }, /no bearer token/],
      [{ body: JSON.stringify({ access_token: 't', filler: 'x'.repeat(3_000_000) }) }, /too long/],
      [{ body: `{"error":"${client.secret} is wrong"}` }, /answered 200$/],
      [{ status: 401, body: '{"error":"invalid_client"}' }, /answered 401 with 'invalid_client'/],
    ];
    for (const [reply, expected] of wrong) {
      local.odd.set(described.tokenPath, reply);
      assert.match(reasonOf(await signIn()), expected, String(reply.body).slice(0, 60));
    }
  });

  test(`${type}: what its API answers beside a profile proves nobody`, async (t) => {
    const { local, signIn } = await settle(t, one);
    const [path = ''] = Object.keys(described.api);
    const wrong: readonly Reply[] = [
      { status: 503, contentType: 'text/html', body: '' },
      { contentType: 'text/html', body: '<p>hello</p>' },
      { body: '[{"id":1}]' },
      { body: '{}' },
      { body: '{"error":"rate_limited"}' },
      { body: `{"id":"1","filler":"${'x'.repeat(300_000)}"}` },
    ];
    for (const reply of wrong) {
      local.odd.set(path, reply);
      reasonOf(await signIn());
    }
  });

  test(`${type}: a provider that is away proves nobody`, async (t) => {
    const { local, provider, go } = await settle(t, one);
    const { answer, way } = await go();
    await local.close();
    assert.match(reasonOf(await provider.receive(answer, way)), /could not be reached/);
  });

  test(`${type}: an answer without a code, or with what is none, is not taken there`, async (t) => {
    const { local, provider, go } = await settle(t, one);
    const { way } = await go();
    for (const code of ['', 'a b', 'x'.repeat(5000), 'ü']) {
      const outcome = await provider.receive({ params: { state: departure.state, code } }, way);
      assert.match(reasonOf(outcome), /no code/);
    }
    assert.ok(!local.asked.includes(described.tokenPath));
  });
}
