import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metadataXml, startSamlProvider } from '../../../test/support/saml-provider.ts';
import { departure, others, ours, reasonOf, settle } from '../testing/saml-setting.ts';

test('a provider that changes its key is believed once its metadata says so', async (t) => {
  const local = await startSamlProvider(ours);
  t.after(() => local.close());
  const { house, provider } = await settle(t, {
    metadataExchangeUri: `${local.origin}/metadata`,
    passiveSignInUri: `${local.origin}/sso`,
  });
  const signIn = async () => {
    const departed = await provider.depart(departure);
    assert.ok(departed);
    return provider.receive(await local.visit(departed.url), { ...departure, kept: departed.kept });
  };
  const reads = () => local.asked.filter((path) => path === '/metadata').length;
  assert.equal((await signIn()).kind, 'proved');
  assert.equal(reads(), 0);
  local.key = others;
  local.metadata = { status: 500, body: '' };
  assert.match(reasonOf(await signIn()), /no assertion/);
  local.metadata = undefined;
  assert.match(reasonOf(await signIn()), /no assertion/, 'it is not asked again at once');
  assert.equal(reads(), 1);
  house.clock.advance(301);
  assert.equal((await signIn()).kind, 'proved');
  assert.equal((await signIn()).kind, 'proved');
  assert.equal(reads(), 2);
  assert.ok(house.observations.some((one) => one.kind === 'warning' && one.message.includes(provider.id)));
});

test('without a certificate the keys are those of the metadata, if it is the metadata of this provider', async (t) => {
  const local = await startSamlProvider(ours);
  t.after(() => local.close());
  const wrong: readonly string[] = [
    '',
    'hello',
    '<!DOCTYPE x><x/>',
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.partner.example/entity"/>',
  ];
  const right = metadataXml(local.entityId, ours.certificate).replace('>', '><!-- ours, since spring -->');
  for (const body of [...wrong, right]) {
    const { provider } = await settle(t, {
      signingCertificate: null,
      metadataExchangeUri: `${local.origin}/metadata`,
      passiveSignInUri: `${local.origin}/sso`,
    });
    local.metadata = { body };
    const departed = await provider.depart(departure);
    assert.ok(departed);
    const outcome = await provider.receive(await local.visit(departed.url), { ...departure, kept: departed.kept });
    assert.equal(outcome.kind, body === right ? 'proved' : 'failed', body);
  }
});

test('the metadata of another provider lends no keys', async (t) => {
  const local = await startSamlProvider(others);
  t.after(() => local.close());
  const { provider } = await settle(t, {
    issuerUri: 'https://idp.other.example/entity',
    signingCertificate: null,
    metadataExchangeUri: `${local.origin}/metadata`,
    passiveSignInUri: `${local.origin}/sso`,
  });
  const departed = await provider.depart(departure);
  assert.ok(departed);
  const answer = await local.visit(departed.url, () => ({ issuer: 'https://idp.other.example/entity' }));
  assert.match(reasonOf(await provider.receive(answer, { ...departure, kept: departed.kept })), /no assertion/);
});

test('metadata made of beginnings of comments costs no more time than other metadata', async (t) => {
  const local = await startSamlProvider(ours);
  t.after(() => local.close());
  const { provider } = await settle(t, {
    signingCertificate: null,
    metadataExchangeUri: `${local.origin}/metadata`,
    passiveSignInUri: `${local.origin}/sso`,
  });
  local.metadata = { body: '<!--'.repeat(65_000) };
  const departed = await provider.depart(departure);
  assert.ok(departed);
  const answer = await local.visit(departed.url);
  const began = performance.now();
  assert.match(reasonOf(await provider.receive(answer, { ...departure, kept: departed.kept })), /no assertion/);
  const milliseconds = performance.now() - began;
  assert.ok(milliseconds < 1_000, `the server stood still for ${Math.round(milliseconds)} ms`);
});
