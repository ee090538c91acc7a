import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRedirectUri } from './redirect-uris.ts';

const anywhere = [
  'https://app.contoso.example/',
  'https://app.contoso.example/cb?x=1&y=@me',
  'https://app.contoso.example:8443/cb',
  'http://localhost:3000/',
  'http://localhost',
  'http://127.0.0.1:5173/cb',
  'http://[::1]:3000/cb',
  'HTTPS://APP.contoso.example/CB',
];

const nativeOnly = [
  'msal11111111-1111-4111-8111-111111111111://auth',
  'com.contoso.app:/cb',
  'urn:ietf:wg:oauth:2.0:oob',
];

const nowhere = [
  '',
  '/cb',
  '//evil.example/cb',
  'app.contoso.example/cb',
  'https:',
  'https://',
  'https:app.contoso.example',
  'https:///evil.example',
  'http://app.contoso.example/cb',
  'http://localhost.evil.example/',
  'http://127.0.0.1.evil.example/',
  'http://127.0.0.2/',
  'https://app.contoso.example/cb#fragment',
  'https://app.contoso.example/#',
  'https://*.contoso.example/cb',
  'https://app.contoso.example/*',
  'https://app.contoso.example@evil.example/cb',
  'https://user:secret@app.contoso.example/',
  'https://app.contoso.example\\@evil.example/',
  'https://app.contoso.example /cb',
  ' https://app.contoso.example/',
  'https://app.contoso.example/\r\nLocation: https://evil.example',
  'https://app.contoso.example/\u0000',
  'https://app.contoso.example:99999/',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)//https://app.contoso.example',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'blob:https://app.contoso.example/1',
  'about:blank',
];

for (const uri of anywhere) {
  test(`${uri} is accepted on every platform`, () => {
    checkRedirectUri(uri, false);
    checkRedirectUri(uri, true);
  });
}

for (const uri of nativeOnly) {
  test(`${uri} is accepted for native applications only`, () => {
    checkRedirectUri(uri, true);
    assert.throws(() => checkRedirectUri(uri, false), { code: 'identity.badRedirectUri', status: 400 });
  });
}

for (const uri of nowhere) {
  test(`${JSON.stringify(uri)} is refused on every platform`, () => {
    assert.throws(() => checkRedirectUri(uri, false), { code: 'identity.badRedirectUri' });
    assert.throws(() => checkRedirectUri(uri, true), { code: 'identity.badRedirectUri' });
  });
}
