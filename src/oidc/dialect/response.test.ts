import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { respond } from './response.ts';

test('a form that posts itself runs the one script its policy names, and no value gets out of its quotes', () => {
  const target = {
    redirectUri: 'https://app.example/cb?a=1&b=2',
    mode: 'form_post',
    state: `'"><script>\u0000`,
  } as const;
  const { status, headers, body } = respond(target, { code: 'c', id_token: undefined });
  const page = String(body);
  assert.equal(status, 200);
  const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text = '']) => text);
  assert.equal(scripts.length, 1);
  const digest = createHash('sha256')
    .update(scripts[0] ?? '')
    .digest('base64');
  assert.match(
    String(headers?.['content-security-policy']),
    /^default-src 'none'; script-src 'sha256-[^']+'; base-uri/,
  );
  assert.ok(String(headers?.['content-security-policy']).includes(`'sha256-${digest}'`));
  assert.ok(page.includes('action="https://app.example/cb?a=1&amp;b=2"'));
  assert.ok(page.includes('name="state" value="&#39;&quot;&gt;&lt;script&gt;\uFFFD"'));
  assert.ok(page.includes('name="code" value="c"'));
  assert.ok(!page.includes('id_token'));
});
