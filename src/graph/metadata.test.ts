import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Version } from '../model/index.ts';
import { metadataReply, metadataXml } from './metadata.ts';

const golden = (version: Version): URL => new URL(`../../test/golden/metadata-${version}.xml`, import.meta.url);

for (const version of ['v1.0', 'beta'] as const) {
  test(`$metadata of ${version} is what it was; \`node ${import.meta.filename} --update\` writes it anew`, () => {
    const printed = metadataXml(version);
    if (process.argv.includes('--update')) writeFileSync(golden(version), printed);
    assert.equal(printed, readFileSync(golden(version), 'utf8'));
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
  assert.equal(metadataReply('beta'), metadataReply('beta'));
  assert.equal(metadataReply('beta').body, metadataXml('beta'));
  assert.equal(metadataReply('v1.0').body, metadataXml('v1.0'));
  assert.equal(metadataReply('v1.0').headers?.['cache-control'], 'public, max-age=3600');
});

test('user flows of B2C are part of beta only', () => {
  assert.match(metadataXml('beta'), /Name="b2cUserFlows"/);
  assert.doesNotMatch(metadataXml('v1.0'), /b2cIdentityUserFlow|b2cUserFlows/);
});
