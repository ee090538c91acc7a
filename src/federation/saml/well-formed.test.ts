import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawOfXml } from './well-formed.ts';

test('what honest providers send may be parsed', () => {
  const honest = [
    '<a/>',
    '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<a>\n</a>\n',
    `<s:a xmlns:s="urn:x" b = 'c "d"' e="f > g"><s:b>Vogel &amp; S&#xF6;hne &#13;</s:b><s:c /></s:a >`,
  ];
  for (const text of honest) assert.equal(flawOfXml(text), undefined, text);
});

test('what is broken is not left to a parser to repair', () => {
  const wrong = [
    '',
    'hello',
    '<',
    '<a',
    '<a>',
    '</a>',
    '<a></b>',
    '<a><b></a></b>',
    '<a/><a/>',
    '<a></a><b></b>',
    '<a b/>',
    '<a b=c/>',
    '<a b="c/>',
    '<a b="<"/>',
    '<a b="c"d="e"/>',
    '<a></a b="c">',
    '<a></a/>',
    '< a/>',
    '<1/>',
    '<ä/>',
    '<a>\u0000<\u0000/a>',
  ];
  for (const text of wrong) assert.equal(flawOfXml(text), 'it is not well-formed', text);
});

test('what only a document type explains, and what hides text, is refused', () => {
  for (const text of [
    '<!DOCTYPE a><a/>',
    '<a><!-- --></a>',
    '<a><![CDATA[b]]></a>',
    '<a><?b c?></a>',
    ' <?xml version="1.0"?><a/>',
  ]) {
    assert.match(flawOfXml(text) ?? '', /comment, a document type/, text);
  }
  for (const text of ['<a>&b;</a>', '<a b="&c;"/>', '<a>&</a>', '<a>&#x;</a>', '<a>&AMP;</a>', '<a>&amp</a>']) {
    assert.match(flawOfXml(text) ?? '', /entity/, text);
  }
});

test('more than any honest document holds is refused before it costs anything', () => {
  const many = (part: string, times: number) => part.repeat(times);
  const large = [
    `<a>${many('<b/>', 1_300)}</a>`,
    `<a>${many('<b></b>', 700)}</a>`,
    `<a ${Array.from({ length: 1_300 }, (_, i) => `b${i}="c"`).join(' ')}/>`,
    `${many('<a>', 30)}${many('</a>', 30)}`,
  ];
  for (const text of large) assert.match(flawOfXml(text) ?? '', /too much/, text.slice(0, 40));
  assert.match(flawOfXml(`<a>${many(' ', 100_000)}</a>`) ?? '', /too long/);
});
