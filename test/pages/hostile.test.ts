/** Nothing that a person, an application, a provider or an administrator says becomes markup: every page, with every text in it hostile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Screen } from '../../src/flows/index.ts';
import { printHtml } from '../../src/http/index.ts';
import { createWords, type DeviceCodeView, deviceCodePage } from '../../src/pages/index.ts';
import { plainLook } from '../../src/pages/look.ts';
import { renderScreen } from '../../src/pages/render.ts';
import { createVoice } from '../../src/pages/words.ts';
import { screens } from './screens.ts';

const payloads = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  "'><script>alert(1)</script>",
  '</script><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '</style><svg onload=alert(1)>',
  '</textarea><img src=x onerror=alert(1)>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '" onmouseover="alert(1)" x="',
  "' onfocus='alert(1)' autofocus x='",
  '" autofocus onfocus=alert(1) x="',
  '--><script>alert(1)</script>',
  '<!--<img src="--><img src=x onerror=alert(1)//">',
  ']]><script>alert(1)</script>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<a href="javascript:alert(1)">x</a>',
  '<form action=//evil.example><input name=x>',
  '<base href=//evil.example>',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  '<math><mtext></mtext><script>alert(1)</script></math>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '\u0000<script\u0000>alert(1)</script>',
  '<scr\u0000ipt>alert(1)</scr\u0000ipt>',
  '＜script＞alert(1)＜/script＞',
  '{{constructor.constructor("alert(1)")()}}',
  '$' + '{alert(1)}',
  '\u202e<script>alert(1)</script>',
  'x\r\nset-cookie: a=b\r\n\r\n<script>alert(1)</script>',
] as const;

/** As long, since a secret is shown in groups of four. */
const harmless = (text: string): string => text.replace(/\S/gu, 'q');

/** The same with another text wherever somebody else's stands: labels that are no ids, values, names and addresses. */
function withText(value: unknown, text: string, key = ''): unknown {
  const isText = key === 'literal' || key === 'value' || key === 'given' || key === 'text';
  if (typeof value === 'string') return isText ? text : value;
  if (Array.isArray(value)) return value.map((one: unknown) => withText(one, text, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withText(part, text, name)]));
}

const words = createWords();

const pageOf = (screen: Screen, text: string): string =>
  printHtml(
    renderScreen(withText(screen, text) as Screen, {
      voice: createVoice(words, ['en']),
      look: plainLook,
      own: {},
      tenantName: text,
      client: { appId: '1', displayName: text },
      csrf: 'token',
      revision: 1,
    }),
  );

/** Every tag with the names of its attributes, in order: what a browser would build, without any text. */
function built(html: string): readonly string[] {
  const tags = html.matchAll(/<(!?\/?[a-z!-][^\s>/]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi);
  return [...tags].map(([, name = '', rest = '']) => {
    const names = [...rest.replace(/"[^"]*"/g, '""').matchAll(/\s([^\s=>"/]+)(?==|[\s/>]|$)/g)].map(
      ([, one = '']) => one,
    );
    return `${name} ${[...new Set(names)].filter((one) => one !== 'value').join(' ')}`;
  });
}

for (const [name, screen] of Object.entries(screens)) {
  test(`${name}: no text in it becomes markup`, () => {
    for (const payload of payloads) {
      const expected = built(pageOf(screen, harmless(payload)));
      assert.ok(expected.length > 10);
      assert.deepEqual(built(pageOf(screen, payload)), expected, payload);
    }
  });
}

test('the pages of devices: no name of an application and no code becomes markup', () => {
  const views = (text: string): readonly DeviceCodeView[] => [
    { kind: 'enter', action: '/device', csrf: 'token', userCode: text, problem: 'unknown' },
    { kind: 'confirm', action: '/device', csrf: 'token', userCode: text, appName: text },
  ];
  const shown = (text: string) =>
    views(text).map((view) =>
      built(String(deviceCodePage(view, { words, locales: ['en'], presentation: undefined, tenantName: text }).body)),
    );
  for (const payload of payloads) assert.deepEqual(shown(payload), shown(harmless(payload)), payload);
});
