import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Mischief, SoftwareAuthenticator } from '../../test/support/software-authenticator.ts';
import { entities } from '../model/index.ts';
import { maximumMethods } from './authenticator-rules.ts';
import { passkeyName } from './passkey-names.ts';
import { type PasskeyPlace, type PasskeyQuestion, relyingPartyId } from './passkeys.ts';
import { openTenant, seed, type TestTenant } from './testing/harness.ts';

const origin = 'https://login.example';
const place: PasskeyPlace = { origin, userVerification: 'preferred' };

let house: TestTenant;
let people = 0;

before(async () => {
  house = await openTenant();
});
after(() => house.close());

async function newUser(): Promise<string> {
  people += 1;
  return (await house.identity.register(seed, { email: `person${people}@contoso.example`, attributes: {} })).id;
}

const present = <T>(value: T | undefined): T => {
  assert.ok(value !== undefined);
  return value;
};

const owner = { name: 'adele@contoso.example', displayName: 'Adele' };
const toUse = async (at = place, userId?: string) => present(await house.identity.passkeys.toUse(at, userId));
const now = () => house.clock.now();

/** Somebody with a passkey that is kept. */
async function equipped(device = new SoftwareAuthenticator(origin)) {
  const { passkeys, authenticators } = house.identity;
  const userId = await newUser();
  const { challenge, options } = present(await passkeys.toCreate(place, { ...owner, userId }));
  const { passkey } = present(await passkeys.created(challenge, device.create(options), 'Firefox/133.0'));
  await authenticators.add(seed, userId, { kind: 'passkey', content: passkey });
  return { userId, device, passkey };
}

const proveWith = ({ challenge }: PasskeyQuestion, answer: string, userId?: string) =>
  house.identity.passkeys.prove(challenge, answer, now(), userId);

describe('a passkey', () => {
  test('is made for the host that was asked, by what tells nothing about its owner', async () => {
    const { options } = present(await house.identity.passkeys.toCreate(place, owner));
    const { rp, user, attestation, authenticatorSelection, pubKeyCredParams } = options as {
      rp: object;
      user: { id: string; name: string };
      attestation: string;
      authenticatorSelection: object;
      pubKeyCredParams: readonly { alg: number }[];
    };
    assert.deepEqual(rp, { id: 'login.example', name: 'Contoso' });
    assert.equal(Buffer.from(user.id, 'base64url').length, 64);
    assert.equal(attestation, 'none');
    assert.deepEqual(authenticatorSelection, {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'preferred',
    });
    assert.deepEqual(
      pubKeyCredParams.map(({ alg }) => alg),
      [-8, -7, -257],
    );
  });

  test('signs its owner in without a name, as often as it is asked', async () => {
    const { userId, device, passkey } = await equipped();
    assert.deepEqual(
      [passkey.transports, passkey.aaguid, passkey.displayName, passkey.isBackupEligible],
      [['internal'], null, 'Firefox', false],
    );
    for (let count = 0; count < 2; count += 1) {
      const asked = await toUse();
      assert.deepEqual(asked.options['allowCredentials'], []);
      const proof = await proveWith(asked, device.get(asked.options));
      assert.ok(proof.kind === 'proved' && proof.user.id === userId && proof.isUserVerified);
    }
  });

  test('of one person bear one user handle, and the browser is told which there are', async () => {
    const { userId, device, passkey } = await equipped();
    const { options } = present(await house.identity.passkeys.toCreate(place, { ...owner, userId }));
    assert.equal((options['user'] as { id: string }).id, passkey.userHandle);
    const [excluded] = options['excludeCredentials'] as readonly { id: string }[];
    assert.equal(excluded?.id, device.keys[0]?.id);
    const other = await equipped();
    assert.notEqual(other.passkey.userHandle, passkey.userHandle);
  });

  test('is called after what keeps it', async () => {
    assert.equal(passkeyName('fbfc3007-154e-4ecc-8c0b-6e020557d7bd', undefined), 'iCloud Keychain');
    const edge = 'Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0';
    assert.equal(passkeyName(null, edge), 'Edge, Windows 10');
    assert.equal(passkeyName(null, undefined), null);
  });

  test('cannot be had at an address, nor beyond the number of methods', async () => {
    const { passkeys, authenticators } = house.identity;
    for (const origin of ['https://127.0.0.1:8443', 'https://[::1]', undefined]) {
      assert.equal(await passkeys.toCreate({ ...place, origin }, owner), undefined);
      assert.equal(await passkeys.toUse({ ...place, origin }), undefined);
    }
    assert.equal(relyingPartyId('https://localhost:8443'), 'localhost');
    const userId = await newUser();
    for (let one = 0; one < maximumMethods; one += 1) {
      await authenticators.add(seed, userId, { kind: 'phone', content: `+4917012345${10 + one}` });
    }
    assert.equal(await passkeys.toCreate(place, { ...owner, userId }), undefined);
  });

  test('of a disabled account proves nobody', async () => {
    const { userId, device } = await equipped();
    await house.directory.update(seed, { type: entities.user, id: userId }, { accountEnabled: false });
    const asked = await toUse();
    assert.equal((await proveWith(asked, device.get(asked.options))).kind, 'disabled');
  });

  test('is made and used in other ways than it was asked: refused', async () => {
    const wrong: readonly Mischief[] = [
      { origin: 'https://login.example.evil.example' },
      { origin: 'http://login.example' },
      { rpId: 'evil.example' },
      { challenge: 'AAAA' },
      { type: 'payment.get' },
      { crossOrigin: true },
      { isUserPresent: false },
      { id: 'AAAA' },
    ];
    const { userId, device } = await equipped();
    for (const mischief of wrong) {
      const toCreate = present(await house.identity.passkeys.toCreate(place, { ...owner, userId }));
      const fresh = new SoftwareAuthenticator(origin).create(toCreate.options, mischief);
      const what = JSON.stringify(mischief);
      assert.equal(await house.identity.passkeys.created(toCreate.challenge, fresh, undefined), undefined, what);
      const asked = await toUse();
      assert.equal((await proveWith(asked, device.get(asked.options, mischief))).kind, 'wrong', what);
    }
    const uses: readonly Mischief[] = [
      { tampers: true },
      { userHandle: 'AAAA' },
      { userHandle: null },
      // A key that could not leave its device cannot do so later.
      { isBackupEligible: true },
    ];
    for (const mischief of uses) {
      const asked = await toUse();
      const { kind } = await proveWith(asked, device.get(asked.options, mischief));
      assert.equal(kind, 'wrong', JSON.stringify(mischief));
    }
    const asked = await toUse();
    assert.equal((await proveWith(asked, device.get(asked.options))).kind, 'proved');
  });

  test('may be of each algorithm that is asked for', async () => {
    for (const kind of ['EdDSA', 'ES256', 'RS256'] as const) {
      const { device, userId } = await equipped(new SoftwareAuthenticator(origin, { kind }));
      const asked = await toUse();
      const proof = await proveWith(asked, device.get(asked.options));
      assert.ok(proof.kind === 'proved' && proof.user.id === userId, kind);
      assert.equal((await proveWith(asked, device.get(asked.options, { tampers: true }))).kind, 'wrong', kind);
    }
  });

  test('of another algorithm than was asked for is not taken', async () => {
    const { challenge, options } = present(await house.identity.passkeys.toCreate(place, owner));
    const answer = new SoftwareAuthenticator(origin).create(options, { algorithm: -35 });
    assert.equal(await house.identity.passkeys.created(challenge, answer, undefined), undefined);
  });

  test('that somebody has already cannot be brought along by another', async () => {
    const { device } = await equipped();
    const credentialId = device.keys[0]?.id ?? '';
    const thief = new SoftwareAuthenticator(origin);
    const { challenge, options } = present(await house.identity.passkeys.toCreate(place, owner));
    const stolen = thief.create(options, { credentialId });
    assert.equal(await house.identity.passkeys.created(challenge, stolen, undefined), undefined);
    assert.ok(await house.identity.passkeys.created(challenge, thief.create(options), undefined));
  });

  test('proves who holds it only where a finger or PIN is asked for', async () => {
    const { device } = await equipped();
    const strict = await toUse({ ...place, userVerification: 'required' });
    const without = { isUserVerified: false };
    assert.equal((await proveWith(strict, device.get(strict.options, without))).kind, 'wrong');
    assert.equal((await proveWith(strict, device.get(strict.options))).kind, 'proved');
    const lax = await toUse();
    const proof = await proveWith(lax, device.get(lax.options, without));
    assert.ok(proof.kind === 'proved' && !proof.isUserVerified);
    const asked = present(
      await house.identity.passkeys.toCreate({ ...place, userVerification: 'required' }, { ...owner }),
    );
    const made = new SoftwareAuthenticator(origin).create(asked.options, without);
    assert.equal(await house.identity.passkeys.created(asked.challenge, made, undefined), undefined);
  });

  test('answers only for its owner where the owner is known', async () => {
    const [adele, other] = [await equipped(), await equipped()];
    const asked = await toUse(place, adele.userId);
    const [allowed, ...others] = asked.options['allowCredentials'] as readonly { id: string }[];
    assert.deepEqual([allowed?.id, others.length], [adele.device.keys[0]?.id, 0]);
    const foreign = other.device.get(asked.options);
    assert.equal((await proveWith(asked, foreign, adele.userId)).kind, 'wrong');
    const own = adele.device.get(asked.options, { userHandle: null });
    assert.equal((await proveWith(asked, own, adele.userId)).kind, 'proved');
  });

  test('that counts is refused when its count goes back or stands still: it may be a copy', async () => {
    const { device } = await equipped(new SoftwareAuthenticator(origin, { counts: true }));
    const asked = await toUse();
    const answer = device.get(asked.options);
    assert.equal((await proveWith(asked, answer)).kind, 'proved');
    assert.equal((await proveWith(asked, answer)).kind, 'wrong');
    assert.equal((await proveWith(asked, device.get(asked.options, { signCount: 0 }))).kind, 'wrong');
    assert.equal((await proveWith(asked, device.get(asked.options))).kind, 'proved');
  });

  test('that counts and is used eight times at once is good once', async () => {
    const { device } = await equipped(new SoftwareAuthenticator(origin, { counts: true }));
    const asked = await toUse();
    const answer = device.get(asked.options);
    const proofs = await Promise.all(Array.from({ length: 8 }, () => proveWith(asked, answer)));
    assert.equal(proofs.filter(({ kind }) => kind === 'proved').length, 1);
  });

  test('that does not count is good for eight people at eight places at once', async () => {
    const { device, userId } = await equipped();
    const proofs = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const asked = await toUse();
        return proveWith(asked, device.get(asked.options));
      }),
    );
    assert.ok(proofs.every((proof) => proof.kind === 'proved' && proof.user.id === userId));
  });

  test('whatever else is sent proves nothing and breaks nothing', async () => {
    const { device } = await equipped();
    const asked = await toUse();
    const toCreate = present(await house.identity.passkeys.toCreate(place, owner));
    const right = JSON.parse(device.get(asked.options));
    const { response, ...rest } = right;
    const junk = [
      '',
      'null',
      '[]',
      '"text"',
      '{',
      '{}',
      JSON.stringify({ ...rest }),
      JSON.stringify({ ...rest, response: [] }),
      JSON.stringify({ ...right, type: 'password' }),
      JSON.stringify({ ...right, rawId: 'AAAA' }),
      JSON.stringify({ ...rest, response: { ...response, signature: 7 } }),
      JSON.stringify({ ...rest, response: { ...response, signature: 'AAAA' } }),
      JSON.stringify({ ...rest, response: { ...response, authenticatorData: 'AAAA' } }),
      JSON.stringify({ ...rest, response: { ...response, clientDataJSON: 'bm8' } }),
      JSON.stringify({ ...rest, response: { ...response, clientDataJSON: 'bnVsbA' } }),
      JSON.stringify({ ...right, id: 'A'.repeat(1365), rawId: 'A'.repeat(1365) }),
      `${JSON.stringify(right)}${' '.repeat(20_000)}`,
    ];
    for (const answer of junk) {
      assert.equal((await proveWith(asked, answer)).kind, 'wrong', answer.slice(0, 80));
      const made = await house.identity.passkeys.created(toCreate.challenge, answer, undefined);
      assert.equal(made, undefined, answer.slice(0, 80));
    }
    const fresh = JSON.parse(new SoftwareAuthenticator(origin).create(toCreate.options));
    const nested = Buffer.alloc(6000, 0x81).toString('base64url');
    for (const attestationObject of ['oA', 'AAAA', nested]) {
      const answer = JSON.stringify({ ...fresh, response: { ...fresh.response, attestationObject } });
      const made = await house.identity.passkeys.created(toCreate.challenge, answer, undefined);
      assert.equal(made, undefined, attestationObject.slice(0, 80));
    }
    assert.ok(await house.identity.passkeys.created(toCreate.challenge, JSON.stringify(fresh), undefined));
    assert.equal((await proveWith(asked, JSON.stringify(right))).kind, 'proved');
  });

  test('of another tenant proves nobody here', async () => {
    const elsewhere = await openTenant();
    try {
      const { device } = await equipped();
      const asked = present(await elsewhere.identity.passkeys.toUse(place));
      const answer = device.get(asked.options);
      const proof = await elsewhere.identity.passkeys.prove(asked.challenge, answer, elsewhere.clock.now());
      assert.deepEqual(proof, { kind: 'wrong', account: undefined });
    } finally {
      await elsewhere.close();
    }
  });
});
