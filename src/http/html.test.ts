import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributes, html, printHtml } from './html.ts';

const hostile = `</script><img src=x onerror="alert('1')">&\u0000`;

test('html escapes every value, in content and in quoted attributes', () => {
  const printed = printHtml(html`<p title="${hostile}">${hostile}</p>`);
  assert.equal(printed.match(/[<>]/g)?.length, 4);
  assert.equal(printed.match(/"/g)?.length, 2);
  assert.ok(!printed.includes("'") && !printed.includes('\u0000'));
});

test('html keeps nested templates and lists, and leaves out what is absent', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
  assert.equal(printHtml(html`<ul>${items}${undefined}${false}${0}</ul>`), '<ul><li>a</li><li>&lt;b&gt;</li>0</ul>');
});

test('html takes no look-alike for markup', () => {
  const forged = JSON.parse('{"markup":"<b>"}') as never;
  assert.throws(() => html`<p>${forged}</p>`);
});

test('html refuses a value in a place where escaping cannot protect', () => {
  assert.throws(() => html`<p title=${hostile}></p>`, /between quotes/);
  assert.throws(() => html`<${hostile}></p>`, /between quotes/);
});

test('attributes escapes values and leaves out absent ones', () => {
  const printed = printHtml(attributes({ id: hostile, required: true, disabled: false, title: undefined, rel: '' }));
  assert.match(printed, /^ id="[^"<>]*" required$/);
});
