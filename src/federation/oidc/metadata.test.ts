import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Expected, readMetadata } from './metadata.ts';

const origin = 'https://idp.example';
const expected: Expected = { metadataUrl: `${origin}/.well-known/openid-configuration`, responseType: 'code' };
const good = {
  issuer: origin,
  authorization_endpoint: `${origin}/authorize?policy=1`,
  token_endpoint: `${origin}/token`,
  jwks_uri: `${origin}/keys`,
};

const flawOf = (changes: object, more: Partial<Expected> = {}): string | undefined => {
  const read = readMetadata({ ...good, ...changes }, { ...expected, ...more });
  return read.kind === 'failed' ? read.reason : undefined;
};

test('metadata speaks for an issuer at its own origin, and for no other than the configured one', () => {
  assert.equal(flawOf({}), undefined);
  assert.equal(flawOf({ issuer: `${origin}/realms/contoso` }), undefined);
  assert.equal(flawOf({}, { issuer: origin }), undefined);
  const victim = 'https://appleid.apple.com';
  assert.match(flawOf({ issuer: victim }, { issuer: victim }) ?? '', /another origin/);
  assert.match(flawOf({}, { issuer: `${origin}/` }) ?? '', /another than the configured/);
  for (const issuer of [
    'https://accounts.google.com',
    'http://idp.example',
    'https://idp.example:8443',
    'https://idp.example.evil.example',
  ]) {
    assert.match(flawOf({ issuer }) ?? '', /another origin|unusable/, issuer);
  }
  for (const issuer of [
    undefined,
    1,
    '',
    'idp.example',
    'javascript:alert(1)',
    `${origin}#x`,
    `${origin}?x`,
    'https://a@idp.example',
    `${origin}/${'x'.repeat(512)}`,
  ]) {
    assert.notEqual(flawOf({ issuer }), undefined, String(issuer));
  }
});

test('Entra ID speaks for its own tokens of both versions, and never for all tenants at once', () => {
  const metadataUrl = 'https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration';
  const version1 = 'https://sts.windows.net/f8cdef31-a31e-4b4a-93e4-5f571e91255a/';
  assert.equal(flawOf({ issuer: version1 }, { metadataUrl }), undefined);
  assert.match(flawOf({ issuer: version1 }) ?? '', /another origin/);
  for (const issuer of ['https://login.microsoftonline.com/{tenantid}/v2.0', 'https://sts.windows.net/{tenantid}/']) {
    assert.match(flawOf({ issuer }, { metadataUrl }) ?? '', /many tenants/);
  }
});

test('every address that is used may be called', () => {
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri']) {
    for (const url of [
      undefined,
      7,
      'javascript:alert(1)',
      'http://idp.example/x',
      '//idp.example/x',
      'https://a:b@idp.example/',
      `${origin}/#x`,
    ]) {
      assert.match(flawOf({ [name]: url }) ?? '', new RegExp(name), String(url));
    }
  }
  assert.equal(flawOf({ token_endpoint: undefined }, { responseType: 'id_token' }), undefined);
});

test('what is not needed, or of another kind than it has to be, is not taken over', () => {
  const read = readMetadata(
    {
      ...good,
      userinfo_endpoint: 'ftp://idp.example',
      end_session_endpoint: `${origin}/logout`,
      mtls_endpoint_aliases: { token_endpoint: 'https://evil.example' },
      id_token_signing_alg_values_supported: 'none',
      authorization_response_iss_parameter_supported: 'yes',
    },
    expected,
  );
  const end_session_endpoint = `${origin}/logout`;
  const value = { ...good, end_session_endpoint, token_endpoint_auth_methods_supported: [] };
  assert.deepEqual(read, { kind: 'read', value });
});
