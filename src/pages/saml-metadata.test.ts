import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exchange } from '../http/index.ts';
import { isSamlMetadata, samlMetadataReply } from './saml-metadata.ts';

const path = '/contoso.onmicrosoft.com/oauth2/saml/metadata';

const ask = (method: string, address: string) =>
  samlMetadataReply({ method, url: new URL(address, 'https://login.example') } as Exchange, {
    flowsOf: async (tenant) =>
      tenant.toLowerCase() === 'contoso.onmicrosoft.com' ? { samlMetadata: (origin) => `<of ${origin}>` } : undefined,
  });

test('the metadata of a tenant is that of the origin where it is asked for', async () => {
  for (const address of [path, path.toUpperCase()]) {
    const { status, headers, body } = await ask('GET', address);
    assert.deepEqual([status, body], [200, '<of https://login.example>']);
    assert.match(String(headers?.['content-type']), /^application\/samlmetadata\+xml/);
  }
});

test('it can be read and nothing else, and only of a tenant', async () => {
  await assert.rejects(ask('POST', path), { code: 'pages.readOnly', status: 405 });
  await assert.rejects(ask('GET', path.replace('contoso', 'nobody')), { status: 404 });
  for (const other of [`${path}/`, `/x${path}`, '/oauth2/saml/metadata', '/a%2Fb/oauth2/saml/metadata']) {
    assert.ok(!isSamlMetadata(other), other);
  }
});
