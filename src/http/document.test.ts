import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentReply, sentByOwnPage } from './document.ts';
import { html } from './html.ts';

const url = new URL('https://localhost:8443/x');
const sent = (headers: Record<string, string>) => sentByOwnPage({ headers, url });

test('a page of another origin is recognised by either header', () => {
  assert.equal(sent({ 'sec-fetch-site': 'cross-site' }), false);
  assert.equal(sent({ 'sec-fetch-site': 'same-site', origin: url.origin }), false);
  assert.equal(sent({ origin: 'https://evil.example' }), false);
  assert.equal(sent({ origin: 'null' }), false);
  assert.equal(sent({ origin: 'https://localhost:8444' }), false);
});

test('the own page, a typed address and a client that is no browser pass', () => {
  assert.equal(sent({ 'sec-fetch-site': 'same-origin', origin: url.origin }), true);
  assert.equal(sent({ 'sec-fetch-site': 'none' }), true);
  assert.equal(sent({}), true);
});

test('a document forbids framing, foreign code and caching, and restricts neither the target of forms nor its opener', () => {
  const { headers = {} } = documentReply(200, html`<p></p>`);
  const policy = String(headers['content-security-policy']);
  for (const directive of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "script-src 'self'"]) {
    assert.ok(policy.split('; ').includes(directive), directive);
  }
  assert.doesNotMatch(policy, /form-action|unsafe/);
  assert.equal(headers['cross-origin-opener-policy'], undefined);
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['x-frame-options'], 'DENY');
});

test('a page may load from more places, and no place can add a directive', () => {
  const policyOf = (sources: Parameters<typeof documentReply>[2]) =>
    String(documentReply(200, html``, sources).headers?.['content-security-policy']);
  const origin = new URL('https://a;script-src/x').origin;
  assert.equal(origin, 'https://a;script-src', 'such a host is one to the parser of addresses');
  const policy = policyOf({
    sources: {
      'style-src': [origin, 'https://styles.example'],
      'img-src': ['https://a,default-src', "https://b 'self'"],
    },
  });
  assert.match(policy, /style-src 'self' https:\/\/styles\.example; img-src 'self' data:; script-src 'self';/);
  assert.match(policyOf({ sources: { 'font-src': ['https://f.example'] } }), /font-src https:\/\/f\.example;/);
  assert.doesNotMatch(policyOf({}), /font-src|connect-src/);
});
