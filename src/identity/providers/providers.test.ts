import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, test } from 'node:test';
import { type EntityType, entities } from '../../model/index.ts';
import { builtInProviders, maximumProviders, socialProviderIds } from '../built-in.ts';
import { app, openTenant, seed } from '../testing/harness.ts';

const house = await openTenant();
const { directory } = house;
after(() => house.close());

const base = entities.identityProviderBase;
const social = entities.socialIdentityProvider;
const builtIn = entities.builtInIdentityProvider;
const apple = entities.appleManagedIdentityProvider;
const custom = entities.openIdConnectIdentityProvider;
const oidc = entities.oidcIdentityProvider;

const socialDraft = (identityProviderType: string) => ({
  identityProviderType,
  displayName: `Login with ${identityProviderType}`,
  clientId: '56433757-cadd-4135-8431-2c9e3fd68ae8',
  clientSecret: '000000000000',
});

/** As documented (Graph example `identitycontainer-post-identityproviders#3`). */
const customDraft = {
  displayName: 'Contoso',
  clientId: '00001111-aaaa-2222-bbbb-3333cccc4444',
  clientSecret: '4294967296',
  claimsMapping: {
    userId: 'myUserId',
    givenName: 'myGivenName',
    surname: 'mySurname',
    email: 'myEmail',
    displayName: 'myDisplayName',
  },
  domainHint: 'mycustomoidc',
  metadataUrl: 'https://mycustomoidc.com/.well-known/openid-configuration',
  responseMode: 'form_post',
  responseType: 'code',
  scope: 'openid',
};

/** As documented (Graph example `identitycontainer-post-identityproviders#4`). */
const oidcDraft = {
  displayName: 'Contoso AAD B2C',
  clientId: '00001111-aaaa-2222-bbbb-3333cccc4444',
  issuer: 'https://contoso.b2clogin.com/00001111-aaaa-2222-bbbb-3333cccc4444/v2.0/',
  wellKnownEndpoint:
    'https://contoso.b2clogin.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration?p=B2C_1A_SIGNINEMAIL',
  responseType: 'code',
  scope: 'openid profile email offline_access',
  clientAuthentication: {
    '@odata.type': '#microsoft.graph.OIDCClientSecretAuthentication',
    clientSecret: '4294967296',
  },
  inboundClaimMapping: { sub: 'sub', given_name: 'given_name', address: { postal_code: 'postal_code' } },
};

const appleKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = appleKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const appleDraft = {
  displayName: 'Sign in with Apple',
  developerId: 'UBF8T346G9',
  serviceId: 'com.contoso.app',
  keyId: '99P6D879C4',
};

const create = <E extends EntityType>(type: E, draft: Readonly<Record<string, unknown>>) =>
  directory.create(app, type, draft);

test('a social provider has the id of its type, which a tenant has once', async () => {
  for (const [type, id] of Object.entries(socialProviderIds)) {
    const { entity } = await create(social, socialDraft(type.toUpperCase()));
    assert.deepEqual([entity.id, entity.identityProviderType], [id, type]);
    await assert.rejects(create(social, socialDraft(type)), { code: 'store.exists', status: 409 }, type);
  }
  for (const type of ['EmailPassword', 'AppleManaged', 'OpenIdConnect', 'MySpace', '__proto__', 'constructor']) {
    const refused = create(social, socialDraft(type));
    await assert.rejects(refused, { code: 'identity.unknownProviderType', status: 400 }, type);
  }
});

test('what the page calls updatable is, the type of a social provider is not', async () => {
  const ref = { type: base, id: 'google-oauth' };
  const patch = { displayName: 'Google', clientId: 'next', clientSecret: 'next secret' };
  const { entity } = await directory.update(app, ref, patch);
  assert.deepEqual(entity, {
    id: 'Google-OAUTH',
    displayName: 'Google',
    identityProviderType: 'Google',
    clientId: 'next',
    clientSecret: '******',
  });
  assert.deepEqual(await directory.reveal(ref), { clientSecret: 'next secret' });
  const refused = directory.update(app, ref, { identityProviderType: 'Facebook' });
  await assert.rejects(refused, { code: 'model.immutableProperty', status: 400 });
});

test('an API caller names every provider, a seed may leave it to the server', async () => {
  const { displayName: _, ...nameless } = socialDraft('Google');
  await directory.remove(app, { type: base, id: 'Google-OAUTH' });
  for (const draft of [nameless, { ...nameless, displayName: null }, { ...nameless, displayName: ' ' }]) {
    await assert.rejects(create(social, draft), { code: 'identity.unnamedProvider', status: 400 });
  }
  const { entity } = await directory.create(seed, social, nameless);
  assert.equal(entity.displayName, 'Google');
  const emptied = directory.update(app, { type: base, id: entity.id }, { displayName: null });
  await assert.rejects(emptied, { code: 'identity.unnamedProvider' });
});

test('built-in providers are there from the beginning and cannot be made, changed or removed', async () => {
  const refused = { code: 'identity.builtInProvider', status: 400 };
  for (const { id, identityProviderType, displayName } of builtInProviders) {
    assert.deepEqual((await directory.get({ type: base, id }))?.entity, {
      id,
      displayName,
      identityProviderType,
      state: null,
    });
    await assert.rejects(create(builtIn, { identityProviderType }), refused);
    await assert.rejects(directory.update(app, { type: builtIn, id }, { displayName: 'x' }), refused);
    await assert.rejects(directory.remove(app, { type: base, id }), refused);
  }
});

test('every form of the Apple key is taken and stored as the same PEM, which nobody reads', async () => {
  const ref = { type: apple, id: 'Apple-Managed-OIDC' };
  const { entity } = await create(apple, appleDraft);
  assert.deepEqual([entity.id, entity.certificateData], [ref.id, null]);
  const body = pem.replace(/-----[^-]+-----|\s/g, '');
  for (const form of [pem, pem.trim(), pem.replaceAll('\n', '\r\n'), pem.replaceAll('\n', '\\n'), body, ` ${body}\n`]) {
    const updated = await directory.update(app, ref, { certificateData: form });
    assert.equal(updated.entity.certificateData, '******');
    assert.deepEqual(await directory.reveal(ref), { certificateData: pem });
  }
  await directory.update(app, ref, { displayName: 'Apple', certificateData: '******' });
  assert.deepEqual(await directory.reveal(ref), { certificateData: pem });
  await assert.rejects(create(apple, appleDraft), { status: 409 });
});

test('a text that is no key of Apple is refused, and not repeated in the refusal', async () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const publicKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  const wrong = [
    'not a key',
    'AAAA',
    pem.slice(0, 80),
    other.export({ format: 'pem', type: 'pkcs8' }).toString(),
    rsa.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    appleKey.export({ format: 'pem', type: 'sec1' }).toString(),
  ];
  for (const certificateData of wrong) {
    const refused = directory.update(app, { type: apple, id: 'Apple-Managed-OIDC' }, { certificateData });
    await assert.rejects(refused, (fault: Error & { code: string; cause?: unknown }) => {
      assert.equal(fault.code, 'identity.badAppleKey', certificateData.slice(0, 20));
      assert.ok(!fault.message.includes(certificateData.trim()));
      assert.equal(fault.cause, undefined);
      return true;
    });
  }
});

test('a custom provider is answered as it was sent, with an id of its name and the secret masked', async () => {
  const { entity } = await create(custom, customDraft);
  const { id, ...rest } = entity;
  assert.match(id, /^Contoso-OIDC-[0-9a-f-]{36}$/);
  assert.deepEqual(rest, { ...customDraft, clientSecret: '******' });
  assert.notEqual((await create(custom, customDraft)).entity.id, id);
});

test('a name that cannot stand in an address still gives an id', async () => {
  const named = async (displayName: string) => (await create(custom, { ...customDraft, displayName })).entity.id;
  assert.match(await named('Login with the Contoso / #1?'), /^Login-with-the-Contoso-1-OIDC-[0-9a-f-]{36}$/);
  assert.match(await named('日本'), /^OIDC-[0-9a-f-]{36}$/);
  assert.match(await named('..'), /^OIDC-[0-9a-f-]{36}$/);
  assert.match(await named('x'.repeat(256)), /^x{64}-OIDC-[0-9a-f-]{36}$/);
});

test('claims beyond the declared ones can be mapped', async () => {
  const claimsMapping = { ...customDraft.claimsMapping, city: 'locality' };
  const { entity } = await create(custom, { ...customDraft, claimsMapping });
  assert.deepEqual(entity.claimsMapping, claimsMapping);
  const changed = await directory.update(app, { type: custom, id: entity.id }, { claimsMapping: { email: 'mail' } });
  assert.deepEqual(changed.entity.claimsMapping, { ...claimsMapping, email: 'mail' });
  for (const lacking of ['userId', 'displayName']) {
    const { [lacking]: _, ...rest } = claimsMapping as Readonly<Record<string, string>>;
    const refused = create(custom, { ...customDraft, claimsMapping: rest });
    await assert.rejects(refused, { code: 'model.requiredProperty', status: 400 }, lacking);
  }
});

test('a secret is needed where a code is exchanged, and only there', async () => {
  const { clientSecret: _, ...secretless } = customDraft;
  const required = { code: 'identity.clientSecretRequired', status: 400 };
  await assert.rejects(create(custom, secretless), required);
  const { entity } = await create(custom, { ...secretless, responseType: 'id_token' });
  const ref = { type: custom, id: entity.id };
  assert.equal(entity.clientSecret, null);
  await assert.rejects(directory.update(app, ref, { responseType: 'code' }), required);
  await directory.update(app, ref, { responseType: 'code', clientSecret: 'now' });
  await assert.rejects(directory.update(app, ref, { clientSecret: null }), required);
  await directory.update(app, ref, { responseType: 'id_token', clientSecret: null });
});

const wrongCustom: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
  [{ responseType: 'token' }, 'identity.badResponseType'],
  [{ responseType: 'code,id_token' }, 'identity.badResponseType'],
  [{ responseType: '0' }, 'identity.badResponseType'],
  [{ responseType: 'password' }, 'model.invalidValue'],
  [{ responseType: 'id_token', responseMode: 'query' }, 'identity.badResponseMode'],
  [{ responseMode: 'unknownFutureValue' }, 'model.invalidValue'],
  [{ scope: 'profile email' }, 'identity.badScope'],
  [{ scope: '' }, 'model.invalidValue'],
  [{ clientSecret: ' ' }, 'model.invalidValue'],
  [{ scope: 'openid  profile' }, 'identity.badScope'],
  [{ scope: 'openid "x"' }, 'identity.badScope'],
  [{ metadataUrl: 'http://idp.example/.well-known/openid-configuration' }, 'identity.badProviderUrl'],
  [{ metadataUrl: 'https://idp.example/metadata' }, 'identity.badProviderUrl'],
  [{ metadataUrl: 'https://u:p@idp.example/.well-known/openid-configuration' }, 'identity.badProviderUrl'],
  [{ metadataUrl: 'https:\\\\idp.example/.well-known/openid-configuration' }, 'identity.badProviderUrl'],
  [{ metadataUrl: 'https://idp.example/.well-known/openid-configuration#x' }, 'identity.badProviderUrl'],
  [{ metadataUrl: '/.well-known/openid-configuration' }, 'identity.badProviderUrl'],
  [{ clientSecret: '******' }, 'directory.maskedSecret'],
];

test('a custom provider that could not work is refused, on create and on update', async () => {
  const { entity } = await create(custom, customDraft);
  for (const [patch, code] of wrongCustom) {
    await assert.rejects(create(custom, { ...customDraft, ...patch }), { code, status: 400 }, JSON.stringify(patch));
    if (code === 'directory.maskedSecret') continue;
    const updated = directory.update(app, { type: custom, id: entity.id }, patch);
    await assert.rejects(updated, { code, status: 400 }, JSON.stringify(patch));
  }
});

test('the metadata address of a custom provider can be changed', async () => {
  const { entity } = await create(custom, customDraft);
  const metadataUrl = 'https://idp.example/.well-known/openid-configuration?tenant=1';
  const changed = await directory.update(app, { type: base, id: entity.id }, { metadataUrl, clientSecret: 'new' });
  assert.deepEqual(changed.entity, { ...entity, metadataUrl });
});

test('a provider on the machine itself may be reached over plain HTTP', async () => {
  const metadataUrl = 'http://localhost:9000/realms/contoso/.well-known/openid-configuration';
  assert.equal((await create(custom, { ...customDraft, metadataUrl })).entity.metadataUrl, metadataUrl);
  const issuer = 'http://127.0.0.1:9000/realms/contoso';
  const draft = { ...oidcDraft, displayName: 'Local', issuer, wellKnownEndpoint: null };
  assert.equal((await create(oidc, draft)).entity.issuer, issuer);
  const elsewhere = metadataUrl.replace('localhost', 'localhost.evil.example');
  const refused = create(custom, { ...customDraft, metadataUrl: elsewhere });
  await assert.rejects(refused, { code: 'identity.badProviderUrl', status: 400 });
});

test('a client secret is not carried along to another origin', async () => {
  const refused = { code: 'identity.secretForOtherOrigin', status: 400 };
  const custom1 = { type: custom, id: (await create(custom, customDraft)).entity.id };
  const elsewhere = 'https://evil.example/.well-known/openid-configuration';
  await assert.rejects(directory.update(app, custom1, { metadataUrl: elsewhere }), refused);
  await assert.rejects(directory.update(app, custom1, { metadataUrl: elsewhere, clientSecret: '******' }), refused);
  await directory.update(app, custom1, { metadataUrl: `${customDraft.metadataUrl}?p=1` });
  const external = { type: oidc, id: (await create(oidc, oidcDraft)).entity.id };
  await assert.rejects(directory.update(app, external, { wellKnownEndpoint: elsewhere }), refused);
  await assert.rejects(directory.update(app, external, { issuer: 'https://evil.example/' }), refused);
  const masked = { ...oidcDraft.clientAuthentication, clientSecret: '******' };
  const withMask = { wellKnownEndpoint: elsewhere, clientAuthentication: masked };
  await assert.rejects(directory.update(app, external, withMask), refused);
  const clientAuthentication = { ...masked, clientSecret: 'a new one' };
  const issuer = 'https://evil.example';
  await directory.update(app, external, { issuer, wellKnownEndpoint: elsewhere, clientAuthentication });
});

test('a provider of an external tenant is answered as it was sent, its secret masked', async () => {
  const { entity } = await create(oidc, oidcDraft);
  assert.match(entity.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.deepEqual(entity.clientAuthentication, {
    '@odata.type': 'oidcClientSecretAuthentication',
    clientSecret: '******',
  });
  assert.equal(entity.inboundClaimMapping?.address?.postal_code, 'postal_code');
  assert.equal(entity.inboundClaimMapping?.phone_number, null);
  const ref = { type: oidc, id: entity.id };
  assert.deepEqual(Object.values(await directory.reveal(ref)), ['4294967296']);
  const keyed = { clientAuthentication: { '@odata.type': 'microsoft.graph.oidcPrivateJwtKeyClientAuthentication' } };
  const changed = await directory.update(app, ref, keyed);
  assert.deepEqual(changed.entity.clientAuthentication, { '@odata.type': 'oidcPrivateJwtKeyClientAuthentication' });
  assert.deepEqual(await directory.reveal(ref), {});
});

test('a provider of an external tenant that could not work is refused', async () => {
  const wrong: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ issuer: 'http://idp.example' }, 'identity.badProviderUrl'],
    [{ issuer: 'https://idp.example/?x=1' }, 'identity.badProviderUrl'],
    [{ issuer: 'https://idp.example/#' }, 'identity.badProviderUrl'],
    [{ issuer: 'https://login.microsoftonline.com/common/v2.0' }, 'identity.badProviderUrl'],
    [{ wellKnownEndpoint: 'https://idp.example/openid' }, 'identity.badProviderUrl'],
    [{ issuer: 'https://appleid.apple.com' }, 'identity.badProviderUrl'],
    [{ responseType: 'id_token' }, 'identity.badResponseType'],
    [{ scope: 'email' }, 'identity.badScope'],
    [{ clientAuthentication: { '@odata.type': '#microsoft.graph.other' } }, 'model.invalidValue'],
    [{ clientAuthentication: {} }, 'model.invalidValue'],
    [{ clientAuthentication: { '@odata.type': 'oidcClientSecretAuthentication' } }, 'model.requiredProperty'],
    [{ issuer: undefined }, 'model.requiredProperty'],
  ];
  for (const [patch, code] of wrong) {
    const refused = create(oidc, { ...oidcDraft, ...patch });
    await assert.rejects(refused, { code, status: 400 }, JSON.stringify(patch));
  }
});

test('a provider that a user flow offers cannot be removed before it is taken out of the flow', async () => {
  const flow = { id: 'B2C_1_susi', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 };
  const links = { userFlowIdentityProviders: ['Facebook-OAUTH'] };
  await directory.create(seed, entities.b2cIdentityUserFlow, flow, { links });
  const ref = { type: base, id: 'facebook-oauth' };
  await assert.rejects(directory.remove(app, ref), {
    code: 'identity.providerInUse',
    status: 400,
    message: "The identity provider 'Facebook-OAUTH' is used by 'B2C_1_susi'. Remove it there first.",
  });
  await directory.unlink(app, { type: entities.b2cIdentityUserFlow, id: flow.id }, 'identityProviders', ref.id);
  await directory.remove(app, ref);
  assert.equal(await directory.get(ref), undefined);
});

test('the types that can be configured are those of every kind of tenant', async () => {
  const types = await directory.invoke(app, { type: base }, 'availableProviderTypes', {});
  assert.ok(Array.isArray(types));
  for (const type of ['Microsoft', 'GitHub', 'AppleManaged', 'OpenIdConnect', 'MicrosoftAccount', 'EmailOTP']) {
    assert.ok(types.includes(type), type);
  }
  assert.equal(new Set(types).size, types.length);
  const earlier = await directory.invoke(app, { type: entities.identityProvider }, 'availableProviderTypes', {});
  assert.deepEqual(earlier, [
    'Amazon',
    'EmailOTP',
    'Facebook',
    'GitHub',
    'Google',
    'LinkedIn',
    'Microsoft',
    'MicrosoftAccount',
    'OpenIDConnect',
    'QQ',
    'Twitter',
    'WeChat',
    'Weibo',
  ]);
});

test('a tenant has a bounded number of providers', async () => {
  const other = await openTenant();
  after(() => other.close());
  const made = { type: custom, draft: { ...customDraft, responseType: 'id_token', clientSecret: null } };
  for (let count = builtInProviders.length; count < maximumProviders; count += 1) {
    await other.directory.create(app, made.type, made.draft);
  }
  const refused = other.directory.create(app, made.type, made.draft);
  await assert.rejects(refused, { code: 'identity.tooManyProviders', status: 400 });
});
