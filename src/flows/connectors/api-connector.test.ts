import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { type Caller, system } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { type House, openHouse } from '../testing/harness.ts';
import { files, type Pkcs12File, pkcs12Between } from './testing/pkcs12.ts';

const admin: Caller = { kind: 'app', appId: '44444444-4444-4444-8444-444444444444', roles: [] };
const type = entities.identityApiConnector;
const now = 1_800_000_000;
const day = 86_400;

const basic = { '@odata.type': '#microsoft.graph.basicAuthentication', username: 'MyUsername', password: 'MyPassword' };
const draft = { displayName: 'Test API', targetUrl: 'https://someapi.com/api', authenticationConfiguration: basic };
const pkcs12 = ({ base64, password }: Pkcs12File) => ({ pkcs12Value: base64, password });
const asPkcs12 = (file: Pkcs12File) => ({ '@odata.type': 'microsoft.graph.pkcs12Certificate', ...pkcs12(file) });

describe('an API connector', () => {
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());

  const create = (change: Readonly<Record<string, unknown>> = {}) =>
    house.directory.create(admin, type, { ...draft, ...change });
  const patch = (id: string, change: Readonly<Record<string, unknown>>) =>
    house.directory.update(admin, { type, id }, change);
  const get = async (id: string) => (await house.directory.get({ type, id }))?.entity ?? assert.fail('it is gone');
  const upload = (id: string, parameters: Readonly<Record<string, unknown>>) =>
    house.directory.invoke(admin, { type, id }, 'uploadClientCertificate', parameters);
  const listOf = async (id: string) => {
    const { authenticationConfiguration: authentication } = await get(id);
    if (authentication['@odata.type'] !== 'clientCertificateAuthentication') assert.fail(authentication['@odata.type']);
    return authentication.certificateList;
  };

  test('keeps its password, and shows that there is one', async () => {
    const { entity } = await create();
    assert.deepEqual(entity, {
      id: entity.id,
      displayName: 'Test API',
      targetUrl: 'https://someapi.com/api',
      authenticationConfiguration: { '@odata.type': 'basicAuthentication', username: 'MyUsername', password: '******' },
    });
    const secrets = await house.directory.reveal({ type, id: entity.id });
    assert.deepEqual(secrets, { 'authenticationConfiguration/password': 'MyPassword' });
  });

  test('keeps the password when the mask of it comes back', async () => {
    const { entity } = await create();
    await patch(entity.id, { authenticationConfiguration: { ...basic, username: 'Other', password: '******' } });
    assert.deepEqual(await house.directory.reveal({ type, id: entity.id }), {
      'authenticationConfiguration/password': 'MyPassword',
    });
    await assert.rejects(create({ authenticationConfiguration: { ...basic, password: '******' } }), { status: 400 });
  });

  test('does not carry a stored secret to another origin', async () => {
    const refused = {
      code: 'flows.secretForOtherOrigin',
      status: 400,
      data: { target: 'authenticationConfiguration' },
    };
    const { entity } = await create();
    const mask = { ...basic, password: '******' };
    const origins = ['https://evil.example/api', 'https://someapi.com:8443/api', 'https://someapi.com.evil.example/'];
    for (const targetUrl of origins) {
      await assert.rejects(patch(entity.id, { targetUrl }), refused, targetUrl);
      await assert.rejects(patch(entity.id, { targetUrl, authenticationConfiguration: mask }), refused, targetUrl);
      const { password: _, ...nameless } = basic;
      await assert.rejects(patch(entity.id, { targetUrl, authenticationConfiguration: nameless }), refused, targetUrl);
    }
    assert.equal((await get(entity.id)).targetUrl, draft.targetUrl);
    await patch(entity.id, { targetUrl: 'https://SOMEAPI.com:443/other?code=1', displayName: 'Elsewhere there' });
    await patch(entity.id, { targetUrl: 'https://otherapi.com/', authenticationConfiguration: basic });
    const file = asPkcs12(pkcs12Between(now, now + day));
    await patch(entity.id, { targetUrl: 'https://third.example/', authenticationConfiguration: file });
    await assert.rejects(patch(entity.id, { targetUrl: 'https://evil.example/' }), refused);
    const named = { '@odata.type': '#microsoft.graph.clientCertificateAuthentication' };
    await assert.rejects(
      patch(entity.id, { targetUrl: 'https://evil.example/', authenticationConfiguration: named }),
      refused,
    );
    await house.directory.update(system('test'), { type, id: entity.id }, { targetUrl: 'https://moved.example/' });
  });

  test('says whom it calls and how', async () => {
    for (const name of ['displayName', 'targetUrl', 'authenticationConfiguration']) {
      await assert.rejects(create({ [name]: undefined }), { code: 'model.requiredProperty', status: 400 }, name);
    }
    await assert.rejects(create({ authenticationConfiguration: {} }), { code: 'model.invalidValue', status: 400 });
  });

  test('calls an absolute https address, or a program on this machine', async () => {
    for (const targetUrl of ['https://api.example:8443/x?code=key', 'http://localhost:7071/api', 'http://[::1]/']) {
      assert.equal((await create({ targetUrl })).entity.targetUrl, targetUrl);
    }
    const wrong = [
      'api',
      '/api',
      'https://',
      'https:///api',
      'https:api.example',
      'http://api.example/',
      'http://localhost.evil.example/',
      'https://user:secret@api.example/',
      'https://api.example/#part',
      'https://api.example/a b',
      'https://api.example\\@evil.example/',
      'ftp://api.example/',
      'javascript:alert(1)',
      'https://[::1',
    ];
    for (const targetUrl of wrong) {
      await assert.rejects(create({ targetUrl }), { code: 'flows.badTargetUrl', status: 400 }, targetUrl);
    }
    const { entity } = await create();
    await assert.rejects(patch(entity.id, { targetUrl: 'http://api.example/' }), { code: 'flows.badTargetUrl' });
    await assert.rejects(create({ targetUrl: '' }), { code: 'model.invalidValue', status: 400 });
    await assert.rejects(create({ targetUrl: `https://api.example/${'x'.repeat(2048)}` }), { status: 400 });
  });

  test('shows of a certificate what is public, and keeps what a call needs', async () => {
    const file = pkcs12Between(now - day, now + day);
    const { entity } = await create({ authenticationConfiguration: asPkcs12(file) });
    const [shown, ...others] = await listOf(entity.id);
    assert.deepEqual([shown?.notBefore, shown?.notAfter, shown?.isActive], [now - day, now + day, true]);
    assert.match(shown?.thumbprint ?? '', /^[0-9A-F]{40}$/);
    assert.equal(shown?.privateKey, '******');
    assert.deepEqual(others, []);
    const path = 'authenticationConfiguration/certificateList/0/privateKey';
    const { [path]: key, ...rest } = await house.directory.reveal({ type, id: entity.id });
    assert.deepEqual(rest, {});
    createSecureContext({ key, cert: shown?.certificateChain });
  });

  test('tells by the clock which certificate is active', async () => {
    const { entity } = await create({ authenticationConfiguration: asPkcs12(pkcs12Between(now - day, now + day)) });
    await upload(entity.id, pkcs12(pkcs12Between(now + day - 60, now + 9 * day)));
    const active = async () => (await listOf(entity.id)).map(({ isActive }) => isActive);
    assert.deepEqual(await active(), [false, true]);
    house.clock.advance(day);
    assert.deepEqual(await active(), [true, false]);
    house.clock.advance(9 * day);
    assert.deepEqual(await active(), [false, false]);
    house.clock.reset();
  });

  test('gains certificates by upload, the latest first, each once and with its key', async () => {
    const [first, second] = [pkcs12Between(now, now + day), pkcs12Between(now, now + 2 * day)];
    const { entity } = await create({ authenticationConfiguration: asPkcs12(first) });
    const returned = await upload(entity.id, pkcs12(second));
    assert.equal((returned as { readonly entity: { readonly id: string } }).entity.id, entity.id);
    const ends = async () => (await listOf(entity.id)).map(({ notAfter }) => notAfter - now);
    assert.deepEqual(await ends(), [2 * day, day]);
    await upload(entity.id, pkcs12(first));
    assert.deepEqual(await ends(), [day, 2 * day]);
    const secrets = await house.directory.reveal({ type, id: entity.id });
    for (const [index, { certificateChain }] of (await listOf(entity.id)).entries()) {
      const key = secrets[`authenticationConfiguration/certificateList/${index}/privateKey`];
      createSecureContext({ key, cert: certificateChain });
    }
  });

  test('keeps ten certificates, and uploads at the same moment all arrive', async () => {
    const { entity } = await create();
    const many = Array.from({ length: 12 }, (_, index) => pkcs12Between(now, now + (index + 1) * day));
    for (const file of many.slice(0, 9)) await upload(entity.id, pkcs12(file));
    assert.equal((await listOf(entity.id)).length, 9);
    await Promise.all(many.slice(9).map((file) => upload(entity.id, pkcs12(file))));
    const ends = (await listOf(entity.id)).map(({ notAfter }) => (notAfter - now) / day);
    assert.equal(ends.length, 10);
    assert.deepEqual(new Set(ends), new Set([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
  });

  test('is changed to a certificate by upload or PATCH, and a PATCH replaces them all', async () => {
    const { entity } = await create();
    await upload(entity.id, pkcs12(pkcs12Between(now, now + day)));
    assert.deepEqual(
      (await listOf(entity.id)).map(({ notAfter }) => notAfter - now),
      [day],
    );
    await patch(entity.id, { authenticationConfiguration: asPkcs12(pkcs12Between(now, now + 2 * day)) });
    assert.deepEqual(
      (await listOf(entity.id)).map(({ notAfter }) => notAfter - now),
      [2 * day],
    );
    await patch(entity.id, { displayName: 'Renamed' });
    assert.equal((await listOf(entity.id)).length, 1);
    await patch(entity.id, { authenticationConfiguration: basic });
    assert.equal((await get(entity.id)).authenticationConfiguration['@odata.type'], 'basicAuthentication');
    assert.deepEqual(await house.directory.reveal({ type, id: entity.id }), {
      'authenticationConfiguration/password': 'MyPassword',
    });
  });

  test('takes no certificate in the form in which it is read', async () => {
    const certificateList = [{ thumbprint: 'A'.repeat(40), notBefore: 0, notAfter: 1, isActive: true }];
    const read = { '@odata.type': '#microsoft.graph.clientCertificateAuthentication' };
    await assert.rejects(create({ authenticationConfiguration: { ...read, certificateList } }), {
      code: 'model.readOnlyProperty',
    });
    await assert.rejects(create({ authenticationConfiguration: read }), { code: 'flows.sentCertificateList' });
    const { entity } = await create();
    await assert.rejects(patch(entity.id, { authenticationConfiguration: read }), {
      code: 'flows.sentCertificateList',
      status: 400,
    });
  });

  test('refuses a certificate that cannot be opened, and stays as it is', async () => {
    const { entity } = await create();
    const before = await house.directory.get({ type, id: entity.id });
    const { base64 = '' } = files['modern'] ?? {};
    const refused = { code: 'flows.wrongPkcs12Password', status: 400 };
    await assert.rejects(upload(entity.id, { pkcs12Value: base64, password: 'wrong' }), refused);
    const authenticationConfiguration = asPkcs12({ base64, password: '' });
    await assert.rejects(patch(entity.id, { authenticationConfiguration }), refused);
    await assert.rejects(create({ authenticationConfiguration }), refused);
    const { password: _, ...incomplete } = authenticationConfiguration;
    await assert.rejects(patch(entity.id, { authenticationConfiguration: incomplete }), {
      code: 'flows.incompletePkcs12',
    });
    await assert.rejects(create({ authenticationConfiguration: incomplete }), { code: 'model.requiredProperty' });
    await assert.rejects(upload(entity.id, { pkcs12Value: base64 }), { code: 'model.requiredProperty' });
    await assert.rejects(upload(entity.id, { pkcs12Value: 'A'.repeat(50_000), password: '' }), {
      code: 'model.invalidValue',
    });
    assert.deepEqual(await house.directory.get({ type, id: entity.id }), before);
  });

  test('is not uploaded to when it is not there', async () => {
    await assert.rejects(upload('nobody', pkcs12(pkcs12Between(now, now + day))), { status: 404 });
  });
});

test('a tenant has at most 250 API connectors', async () => {
  const house = await openHouse();
  try {
    for (let count = 0; count < 250; count += 1) await house.directory.create(admin, type, draft);
    await assert.rejects(house.directory.create(admin, type, draft), { code: 'flows.tooManyConnectors', status: 400 });
  } finally {
    await house.close();
  }
});
