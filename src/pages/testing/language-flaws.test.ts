import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languageFlaws } from './language-flaws.ts';

const english = {
  'form.heading': 'Sign in',
  'form.wait': 'Wait {time}, {name}.',
  'form.ask': 'Ready?',
  'form.title': '{heading} · {tenant}',
};
const german = {
  'form.heading': 'Anmelden',
  'form.wait': '{name}, warten Sie {time}.',
  'form.ask': 'Bereit?',
  'form.title': '{heading} · {tenant}',
};

const flaws = (change: Readonly<Record<string, unknown>>, same: Readonly<Record<string, string>> = {}, tag = 'de') =>
  languageFlaws({ tag, text: `${JSON.stringify({ ...german, ...change }, null, 2)}\n` }, english, same);

test('a whole translation has no flaw', () => assert.deepEqual(flaws({}), []));

test('what is missing, unknown, out of order or there twice is found', () => {
  const { 'form.ask': _, ...rest } = german;
  const check = (text: string) => languageFlaws({ tag: 'de', text }, english);
  assert.deepEqual(check(`${JSON.stringify(rest, null, 2)}\n`), ['form.ask: it is missing']);
  assert.deepEqual(flaws({ 'form.extra': 'Mehr' }), ['form.extra: English has no such text']);
  assert.match(check(`${JSON.stringify({ 'form.ask': 'Bereit?', ...rest }, null, 2)}\n`).join(), /another order/);
  assert.match(check(JSON.stringify(german)).join(), /another order/);
  const twice = `${JSON.stringify(german, null, 2)}\n`.replace('{\n', '{\n  "form.heading": "Los",\n');
  assert.match(check(twice).join(), /stands twice/);
});

test('a file that is no JSON object is told as such', () => {
  for (const text of ['{', '[]', 'null', '7', '']) {
    assert.deepEqual(languageFlaws({ tag: 'de', text }, english), ['the file: it is no JSON object'], text);
  }
});

test('planted mistakes are found', () => {
  const planted: readonly (readonly [id: string, text: unknown, flaw: RegExp])[] = [
    ['form.heading', '', /empty/],
    ['form.heading', 7, /no text/],
    ['form.heading', ' Anmelden', /space/],
    ['form.heading', 'Anmelden\u00a0', /space/],
    ['form.heading', 'An  melden', /two spaces/],
    ['form.heading', 'An\nmelden', /line break/],
    ['form.heading', 'An\u202emelden', /direction/],
    ['form.heading', '<b>Anmelden</b>', /markup/],
    ['form.heading', 'Anmelden &amp; los', /markup/],
    ['form.heading', '**Anmelden**', /markup/],
    ['form.heading', 'Anmelden {', /brace/],
    ['form.heading', 'Anmelden {0}', /fills in 0 instead of nothing/],
    ['form.wait', 'Warten Sie {time}.', /fills in time instead of name,time/],
    ['form.wait', '{Name}, warten Sie {time}.', /fills in Name,time/],
    ['form.wait', '{name}, warten Sie {time}', /full stop/],
    ['form.ask', 'Bereit.', /question mark/],
    ['form.heading', 'Sign in', /same as in English/],
    ['form.heading', 'Αnmelden', /another script/],
  ];
  for (const [id, text, flaw] of planted) {
    const found = flaws({ [id]: text });
    assert.equal(found.length, 1, `${id} ${text}: ${found.join(' | ')}`);
    assert.match(found[0] ?? '', flaw);
    assert.ok(found[0]?.startsWith(`${id}: `));
  }
});

test('the same as English needs a reason, and a reason needs a text that is the same', () => {
  const reason = { 'form.heading': 'the German word' };
  assert.deepEqual(flaws({ 'form.heading': 'Sign in' }, reason), []);
  assert.match(flaws({}, reason).join(), /listed as the same/);
  assert.match(flaws({}, { 'form.gone': 'x' }).join(), /no such text/);
});

test('a text in the wrong script is found', () => {
  const heading = (tag: string, text: string) =>
    languageFlaws({ tag, text: `${JSON.stringify({ a: text }, null, 2)}\n` }, { a: 'Open the app QR and sign in now' });
  const right: Readonly<Record<string, string>> = {
    ar: 'افتح التطبيق وسجّل الدخول',
    bn: 'অ্যাপ খুলুন',
    el: 'Ανοίξτε την εφαρμογή',
    hi: 'ऐप में QR कोड',
    ja: 'アプリを開いてサインインしてください',
    kn: 'ಆ್ಯಪ್ ತೆರೆಯಿರಿ',
    ko: '앱을 여세요',
    ml: 'ആപ്പ് തുറക്കുക',
    pa: 'ਐਪ ਖੋਲ੍ਹੋ',
    ru: 'Откройте приложение',
    ta: 'செயலியைத் திறக்கவும்',
    te: 'యాప్ తెరవండి',
    gu: 'ઍપ ખોલો',
    th: 'เปิดแอป',
    tr: 'Uygulamayı açın',
    'zh-hans': '打开应用并登录',
    'zh-hant': '開啟應用程式並登入',
  };
  for (const [tag, text] of Object.entries(right)) assert.deepEqual(heading(tag, text), [], tag);
  const wrong: readonly (readonly [tag: string, text: string, flaw: RegExp])[] = [
    ['hi', 'Ap kholen', /no letter of its script \(Deva\)/],
    ['hi', 'Open the ऐप', /mostly Latin/],
    ['hi', 'অ্যাপ খুলুন', /no letter/],
    ['ru', 'Öffnen', /no letter/],
    ['ru', 'Відкрийте додаток ऐ', /another script/],
    ['ja', '打開應用程式並登入帳戶請輸入驗證碼', /no kana/],
    ['zh-hans', '開啟應用程式', /traditional/],
    ['zh-hant', '打开应用并登录', /simplified/],
    ['zh-hant', 'アプリを開く', /another script/],
    ['de', 'Öffnеn', /another script/],
  ];
  for (const [tag, text, flaw] of wrong) assert.match(heading(tag, text).join(), flaw, `${tag} ${text}`);
});
