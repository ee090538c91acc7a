import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Version } from '../model/index.ts';
import { documentOf } from './document.ts';
import { metadataXml } from './metadata.ts';

const golden = (version: Version): URL => new URL(`../../test/golden/metadata-${version}.xml`, import.meta.url);

for (const version of ['v1.0', 'beta'] as const) {
  test(`$metadata of ${version} is what it was (else: npm run golden)`, () => {
    assert.equal(metadataXml(version), readFileSync(golden(version), 'utf8'));
  });

  test(`$metadata of ${version} names every type it uses, once, and no internal one`, () => {
    const xml = metadataXml(version);
    const declared = [...xml.matchAll(/<(?:EnumType|ComplexType|EntityType) Name="(\w+)"/g)].map(([, name]) => name);
    assert.equal(new Set(declared).size, declared.length);
    for (const [, used] of xml.matchAll(/(?:graph|microsoft\.graph)\.(\w+)[")]/g))
      assert.ok(declared.includes(used), used);
    assert.doesNotMatch(xml, /passwordHash|signingKey|secretHash|forceChangePassword"/);
  });
}

test('the document of a version is printed once, and anybody may keep it for an hour', () => {
  const { etag, reply } = documentOf('metadata', 'beta');
  assert.equal(documentOf('metadata', 'beta').reply, reply);
  assert.ok(Buffer.isBuffer(reply.body), 'as bytes it is compressed once, too');
  assert.equal(reply.body.toString(), metadataXml('beta'));
  assert.equal(documentOf('metadata', 'v1.0').reply.body?.toString(), metadataXml('v1.0'));
  assert.equal(reply.headers?.['cache-control'], 'public, max-age=3600');
  assert.notEqual(documentOf('metadata', 'v1.0').etag, etag);
});

test('user flows of B2C are part of beta only', () => {
  assert.match(metadataXml('beta'), /Name="b2cUserFlows"/);
  assert.doesNotMatch(metadataXml('v1.0'), /b2cIdentityUserFlow|b2cUserFlows/);
});

/** What the cloud does not have, by the type that has it here: whose it is, so that nobody expects it there. */
const origins = {
  b2cIdentityUserFlow: {
    authenticationMethods: 'drafted',
    tokenClaimsConfiguration: 'drafted',
    tokenLifetimeConfiguration: 'drafted',
    singleSignOnSessionConfiguration: 'drafted',
    multifactorAuthenticationConfiguration: 'drafted',
    isConditionalAccessEnforced: 'drafted',
    isJavaScriptEnabled: 'drafted',
    passwordComplexityConfiguration: 'drafted',
    settings: 'own',
    applicationClaims: 'drafted',
    pageLayouts: 'drafted',
  },
  application: { settings: 'own' },
  organization: { settings: 'own' },
  user: { recoveryEmail: 'own' },
} as const;

test('$metadata says of each member that Microsoft drafted or that is our own whose it is, and of no other', () => {
  const found: Record<string, Record<string, string>> = {};
  for (const [, type = '', body = ''] of metadataXml('beta').matchAll(
    /<(?:Entity|Complex)Type Name="(\w+)"[^>]*>(.*?)<\/(?:Entity|Complex)Type>/gs,
  )) {
    for (const [, member = '', children = ''] of body.matchAll(
      /<(?:Navigation)?Property Name="(\w+)"[^>]*[^/]>(.*?)<\/(?:Navigation)?Property>/gs,
    )) {
      const [, origin] = children.match(/Term="usher\.origin" String="(\w+)"/) ?? [];
      if (origin) found[type] = { ...found[type], [member]: origin };
    }
  }
  assert.deepEqual(found, origins);
});
