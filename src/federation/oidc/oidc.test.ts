import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { client, type OidcKind, oidcKinds } from '../../../test/support/foreign-provider/kinds.ts';
import type { Mischief } from '../../../test/support/foreign-provider/provider.ts';
import type { ForeignOutcome } from '../provider.ts';
import { departure, settle, type Trip } from '../testing/oidc-setting.ts';

/** Never tells what came with the answer, or what it was held against. */
function reasonOf(outcome: ForeignOutcome, trip?: Trip): string {
  assert.equal(outcome.kind, 'failed', JSON.stringify(outcome));
  const reason = outcome.kind === 'failed' ? outcome.reason : '';
  // Codes of errors are told.
  const { error: _, ...params } = trip?.answer.params ?? {};
  const values = [...Object.values(params), ...Object.values(trip?.way.kept ?? {})];
  for (const value of [
    client.secret,
    departure.state,
    'localhost',
    'somebody-else',
    'another.example',
    'Words',
    ...values,
  ]) {
    assert.ok(!reason.includes(value), `'${reason}' tells '${value}'`);
  }
  return reason;
}

/** What each misdeed is refused for. */
const misdeeds: readonly (readonly [Mischief, RegExp, OidcKind['responseType']?])[] = [
  ['error', /error 'server_error'/],
  ['wrongState', /"state"/],
  ['absentState', /"state" missing/],
  ['issOfAnother', /"iss" \(issuer\) response parameter/],
  ['absentIss', /"iss" \(issuer\) missing/, 'code'],
  ['foreignCode', /the code was not exchanged: 'invalid_grant'/, 'code'],
  ['wrongNonce', /"nonce"/],
  ['absentNonce', /"nonce".*missing/],
  ['otherIssuer', /"iss"/],
  ['otherAudience', /"aud"/],
  ['moreAudiences', /additional untrusted audiences/],
  ['otherParty', /for another party/],
  ['expired', /"exp".*past/],
  ['issuedTomorrow', /in the future/],
  ['absentSubject', /"sub".*missing/],
  ['absentIssuer', /"iss".*missing/],
  ['absentAudience', /"aud".*missing/],
  ['absentExpiry', /"exp".*missing/],
  ['absentIssueTime', /"iat".*missing/],
  ['algNone', /"alg"/],
  ['hmacWithPublicKey', /"alg"/],
  ['hmacWithClientSecret', /"alg"/],
  ['unknownKey', /no applicable keys/],
  ['forged', /signature/],
  ['wrongAccessTokenHash', /another access token/, 'code'],
  ['wrongCodeHash', /another code/, 'code'],
  ['encrypted', /JWE decryption is not configured|unsupported/],
  ['noToken', /"id_token"|invalid response/],
];

for (const kind of oidcKinds) {
  const isSaid = (wanted: OidcKind['responseType'] | undefined) => wanted === undefined || wanted === kind.responseType;

  test(`${kind.name}: whoever is signed in there is proved`, async (t) => {
    const { local, house, signIn } = await settle(t, kind);
    const outcome = await signIn();
    assert.deepEqual(outcome, { kind: 'proved', person: kind.person(local) });
    assert.deepEqual(
      house.observations.filter(({ kind: seen }) => seen === 'warning'),
      [],
    );
  });

  test(`${kind.name}: people are sent there with what is documented, and a nonce and a proof key of their own`, async (t) => {
    const { local, go } = await settle(t, kind);
    const first = await go({ loginHint: 'robin@elsewhere.example', isFresh: true });
    const { way } = await go();
    assert.notEqual(first.way.kept['nonce'], way.kept['nonce']);
    const { params } = local.asked.find(({ endpoint }) => endpoint === 'authorize') ?? {};
    const { nonce, code_challenge: challenge, code_challenge_method: method, scope, ...rest } = params ?? {};
    const isApple = kind.standsFor === 'Apple';
    const wishes = { prompt: 'login', login_hint: 'robin@elsewhere.example', ui_locales: 'de-CH en' };
    assert.deepEqual(rest, {
      client_id: client.id,
      redirect_uri: departure.callback,
      response_type: kind.responseType,
      response_mode: kind.responseMode,
      state: departure.state,
      ...(isApple ? {} : wishes),
    });
    assert.ok(scope?.split(' ').includes('openid'));
    assert.equal(nonce, first.way.kept['nonce']);
    const { verifier } = first.way.kept;
    const expected = kind.hasProofKey
      ? createHash('sha256')
          .update(verifier ?? '')
          .digest('base64url')
      : undefined;
    assert.deepEqual([challenge, method], [expected, kind.hasProofKey ? 'S256' : undefined]);
  });

  test(`${kind.name}: who turns back there proves nothing`, async (t) => {
    const { local, signIn } = await settle(t, kind);
    local.mischief = 'cancel';
    assert.deepEqual(await signIn(), { kind: 'cancelled' });
    local.extra = { error: 'user_cancelled_authorize' };
    assert.deepEqual(await signIn(), { kind: 'cancelled' });
  });

  test(`${kind.name}: an answer that is wrong in any one way proves nobody`, async (t) => {
    const { local, provider, go, signIn } = await settle(t, kind);
    for (const [mischief, reason, responseType] of misdeeds) {
      if (!isSaid(responseType)) continue;
      local.mischief = mischief;
      const trip = await go();
      assert.match(reasonOf(await provider.receive(trip.answer, trip.way), trip), reason, mischief);
    }
    local.mischief = undefined;
    assert.equal((await signIn()).kind, 'proved');
  });

  test(`${kind.name}: an answer is good for one journey, and a code once`, async (t) => {
    const { provider, go } = await settle(t, kind);
    const [theirs, mine] = [await go(), await go()];
    assert.match(reasonOf(await provider.receive(theirs.answer, mine.way), theirs), /nonce|not exchanged/);
    const { kept: _, ...lost } = mine.way;
    assert.match(reasonOf(await provider.receive(mine.answer, { ...lost, kept: {} }), mine), /is lost/);
    const third = await go();
    assert.equal((await provider.receive(third.answer, third.way)).kind, 'proved');
    if (kind.responseType === 'code') reasonOf(await provider.receive(third.answer, third.way), third);
  });

  test(`${kind.name}: keys that the provider changes are read again, and the old ones no longer believed`, async (t) => {
    const { local, provider, go, signIn } = await settle(t, kind);
    const before = await go();
    assert.equal((await signIn()).kind, 'proved');
    const read = () => local.asked.filter(({ endpoint }) => endpoint === 'keys').length;
    assert.equal(read(), 1);
    local.rotateKeys();
    assert.equal((await signIn()).kind, 'proved');
    assert.equal((await signIn()).kind, 'proved');
    assert.equal(read(), 2);
    if (kind.responseType === 'id_token') {
      assert.match(reasonOf(await provider.receive(before.answer, before.way), before), /no applicable keys/);
    }
  });

  test(`${kind.name}: an address that the provider does not vouch for is not taken for proved`, async (t) => {
    const { local, signIn } = await settle(t, kind);
    for (const email_verified of [false, 'false', undefined, null, 1, 'yes']) {
      local.person = { ...kind.claims, email_verified };
      const outcome = await signIn();
      assert.equal(outcome.kind === 'proved' && outcome.person.isEmailVerified, false, String(email_verified));
    }
  });

  test(`${kind.name}: a provider that cannot be reached is said to be so, and nothing else goes wrong`, async (t) => {
    const { local, house, provider, go } = await settle(t, kind);
    const trip = await go();
    await local.close();
    house.clock.advance(2 * 86_400);
    assert.equal(await provider.depart(departure), undefined);
    assert.equal(reasonOf(await provider.receive(trip.answer, trip.way)), 'the provider cannot be used');
    const warned = house.observations.flatMap((seen) => (seen.kind === 'warning' ? [seen.message] : []));
    assert.match(warned[0] ?? '', /could not be read: /);
  });

  test(`${kind.name}: another issuer than before is another provider`, async (t) => {
    const { local, house, provider, go } = await settle(t, kind);
    const trip = await go();
    local.metadata = { issuer: 'https://evil.example' };
    house.clock.advance(2 * 86_400);
    assert.equal(await provider.depart(departure), undefined);
    reasonOf(await provider.receive(trip.answer, trip.way), trip);
    local.metadata = { issuer: `${local.origin}/another` };
    house.clock.advance(2 * 86_400);
    assert.match(reasonOf(await provider.receive(trip.answer, trip.way), trip), /changed|cannot be used/);
  });
}
