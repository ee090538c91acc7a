import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, test } from 'node:test';
import forge from 'node-forge';
import { certificateFor } from '../../../test/support/certificate.ts';
import { entities } from '../../model/index.ts';
import { app, openTenant } from '../testing/harness.ts';

const house = await openTenant();
const { directory } = house;
after(() => house.close());

const type = entities.samlOrWsFedExternalDomainFederation;
const { certificate: pem } = certificateFor('idp.partner.example');
const der = new X509Certificate(pem).raw.toString('base64');

let made = 0;

/** As Graph's page shows it, each time of another issuer. */
function draft(more: Readonly<Record<string, unknown>> = {}) {
  made += 1;
  return {
    displayName: 'Partner',
    issuerUri: `https://idp.partner.example/${made}`,
    metadataExchangeUri: 'https://idp.partner.example/FederationMetadata/2007-06/FederationMetadata.xml',
    passiveSignInUri: 'https://idp.partner.example/adfs/ls?wauth=forms',
    preferredAuthenticationProtocol: 'saml',
    signingCertificate: der,
    ...more,
  };
}

const create = (more?: Readonly<Record<string, unknown>>) => directory.create(app, type, draft(more));

test('a federation is answered as it was sent, its certificate in one line however it came', async () => {
  const sent = draft();
  const { entity } = await directory.create(app, type, sent);
  assert.deepEqual(entity, { id: entity.id, ...sent });
  const oneLine = pem.replaceAll(/\r?\n/g, '');
  for (const form of [pem, pem.replaceAll('\n', '\r\n'), oneLine.replace(/-----[^-]+-----/g, ''), `${der}\n`]) {
    assert.equal((await create({ signingCertificate: form })).entity.signingCertificate, der, form);
  }
  const ref = { type: entities.identityProviderBase, id: entity.id };
  const changed = await directory.update(app, ref, { signingCertificate: null });
  assert.equal(changed.entity.displayName, 'Partner');
});

test('a federation that could not work is refused, on create and on update', async () => {
  const { entity } = await create();
  const weak = forge.pki.rsa.generateKeyPair(1024);
  const made = forge.pki.createCertificate();
  made.publicKey = weak.publicKey;
  made.sign(weak.privateKey, forge.md.sha256.create());
  const wrong: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ preferredAuthenticationProtocol: 'wsFed' }, 'identity.badFederation'],
    [{ preferredAuthenticationProtocol: 'oidc' }, 'model.invalidValue'],
    [{ issuerUri: 'google.com' }, 'identity.badFederation'],
    [{ issuerUri: 'contoso.onmicrosoft.com' }, 'identity.badFederation'],
    [{ issuerUri: 'urn:a b' }, 'identity.badFederation'],
    [{ issuerUri: 'https://appleid.apple.com' }, 'identity.badFederation'],
    [{ issuerUri: 'https://login.microsoftonline.com/x/v2.0' }, 'identity.badFederation'],
    [{ passiveSignInUri: 'http://idp.partner.example/sso' }, 'identity.badProviderUrl'],
    [{ passiveSignInUri: 'javascript:alert(1)' }, 'identity.badProviderUrl'],
    [{ metadataExchangeUri: 'http://idp.partner.example/metadata' }, 'identity.badProviderUrl'],
    [{ signingCertificate: 'hello' }, 'identity.badFederation'],
    [{ signingCertificate: forge.pki.certificateToPem(made) }, 'identity.badFederation'],
    [{ signingCertificate: null, metadataExchangeUri: null }, 'identity.badFederation'],
  ];
  for (const [patch, code] of wrong) {
    await assert.rejects(create(patch), { code, status: 400 }, JSON.stringify(patch));
    const updated = directory.update(app, { type, id: entity.id }, patch);
    await assert.rejects(updated, { code, status: 400 }, JSON.stringify(patch));
  }
  await create({ issuerUri: 'urn:amazon:webservices' });
});

const openId = {
  displayName: 'Contoso',
  clientId: 'contoso',
  clientSecret: '4294967296',
  claimsMapping: { userId: 'sub', displayName: 'name' },
  metadataUrl: 'https://op.partner.example/realm/.well-known/openid-configuration?x=1',
  responseMode: 'form_post',
  responseType: 'code',
  scope: 'openid',
};

const oidcDraft = {
  displayName: 'Contoso',
  clientId: 'contoso',
  responseType: 'code',
  scope: 'openid',
  clientAuthentication: {
    '@odata.type': '#microsoft.graph.oidcClientSecretAuthentication',
    clientSecret: '4294967296',
  },
};

test('no federation takes the issuer of another provider, nor the other way round', async () => {
  const taken = { code: 'identity.issuerTaken', status: 400 };
  const { entity } = await create({ issuerUri: 'https://op.partner.example/saml' });
  await assert.rejects(create({ issuerUri: 'https://OP.partner.example/saml/' }), taken);
  await directory.update(app, { type, id: entity.id }, { displayName: 'Still mine' });

  const exact = { ...oidcDraft, issuer: 'https://op.partner.example/realm' };
  await directory.create(app, entities.oidcIdentityProvider, exact);
  await assert.rejects(create({ issuerUri: 'https://op.partner.example/realm' }), taken);
  const { id } = (await create({ issuerUri: 'https://op.partner.example/other' })).entity;
  await assert.rejects(directory.update(app, { type, id }, { issuerUri: 'https://op.partner.example/realm/' }), taken);
  const other = { ...oidcDraft, issuer: 'https://op.partner.example/other' };
  await assert.rejects(directory.create(app, entities.oidcIdentityProvider, other), taken);
});

test('no federation takes an issuer that the metadata of another provider may name', async () => {
  const taken = { code: 'identity.issuerTaken', status: 400 };
  const custom = entities.openIdConnectIdentityProvider;
  const at = (address: string) => ({ ...openId, metadataUrl: `${address}/.well-known/openid-configuration` });
  const guid = '00001111-aaaa-2222-bbbb-3333cccc4444';
  for (const [published, issuerUri] of [
    ['https://one.b2clogin.com/one.onmicrosoft.com/B2C_1_susi/v2.0', `https://one.b2clogin.com/${guid}/v2.0/`],
    ['https://idp.shop.example/apps/7', 'https://idp.shop.example'],
    ['https://login.microsoftonline.com/one.onmicrosoft.com', `https://sts.windows.net/${guid}/`],
  ] as const) {
    const { id } = (await create({ issuerUri })).entity;
    await assert.rejects(directory.create(app, custom, at(published)), taken, published);
    await directory.remove(app, { type, id });
    await directory.create(app, custom, at(published));
    await assert.rejects(create({ issuerUri }), taken, issuerUri);
  }
  await create({ issuerUri: 'urn:shop:idp' });
});

test('the domains of a federation are names, in lower case, each once', async () => {
  const { entity } = await create();
  const within = { parent: { type, id: entity.id }, navigation: 'domains' };
  const add = (id: string) => directory.create(app, entities.externalDomainName, { id }, { within });
  assert.equal((await add('Partner.Example')).entity.id, 'partner.example');
  await assert.rejects(add('PARTNER.example'), { code: 'store.exists' });
  for (const id of [
    'partner',
    'a b.example',
    '@partner.example',
    '-a.example',
    `${'a'.repeat(64)}.example`,
    '*.example',
  ]) {
    await assert.rejects(add(id), { code: 'identity.badFederation', status: 400 }, id);
  }
  for (let i = 1; i < 50; i += 1) await add(`d${i}.example`);
  await assert.rejects(add('one-more.example'), { code: 'identity.tooManyDomains', status: 400 });
});
