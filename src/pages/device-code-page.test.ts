import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeviceCodeView, deviceCodePage } from './device-code-page.ts';
import { createWords } from './words.ts';

const words = createWords();
const form = { action: '/contoso/b2c_1_susi/oauth2/v2.0/deviceauth', csrf: 'c-1', userCode: 'BCDF-GHJK' };

const draw = (view: DeviceCodeView): string => {
  const around = { words, locales: ['en'], presentation: undefined, tenantName: 'Contoso' };
  const { status, body } = deviceCodePage(view, around);
  assert.equal(status, 200);
  return String(body);
};

const views: readonly DeviceCodeView[] = [
  { kind: 'enter', ...form },
  { kind: 'enter', ...form, problem: 'unknown' },
  { kind: 'enter', ...form, problem: 'tooMany' },
  { kind: 'confirm', ...form, appName: 'TV & <Radio>' },
  { kind: 'done' },
  { kind: 'denied' },
];

test('every page has its words, one heading, and a form where something is asked', () => {
  for (const view of views) {
    const page = draw(view);
    assert.doesNotMatch(page, /device\.\w+(\.\w+)?</);
    assert.equal(page.split('<h1>').length, 2);
    assert.equal(page.includes('method="post"'), view.kind === 'enter' || view.kind === 'confirm');
  }
});

test('a code that came with the address is filled in, and what is wrong with it is said at the field', () => {
  assert.match(draw({ kind: 'enter', ...form }), /<input[^>]*id="user_code"[^>]*value="BCDF-GHJK"/);
  const wrong = draw({ kind: 'enter', ...form, problem: 'unknown' });
  assert.match(wrong, /<title>Error: /);
  assert.match(wrong, /<input[^>]*aria-invalid="true"/);
  assert.ok(wrong.includes('This code is not known'));
});

test('who is asked to let a device in reads which application asks, the code, and a warning; Enter says no', () => {
  const page = draw({ kind: 'confirm', ...form, appName: 'TV & <Radio>' });
  assert.ok(page.includes('TV &amp; &lt;Radio&gt; wants to sign you in'));
  assert.ok(page.includes('<strong class="device-code">BCDF-GHJK</strong>'));
  assert.ok(page.includes('choose Cancel'));
  const buttons = [...page.matchAll(/<button[^>]*value="(\w+)"/g)].map(([, value]) => value);
  assert.deepEqual(buttons, ['cancel', 'continue']);
});
