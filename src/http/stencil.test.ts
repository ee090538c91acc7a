import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createStencil } from './stencil.ts';

const fileOf = (gzipped: string): Buffer => Buffer.from(gzipped, 'latin1');

test('a filled stencil reads the same compressed and as text, whatever stands around its gaps', () => {
  const page = '<p>Grüße, 世界</p>'.repeat(200);
  for (const texts of [[page, page], [page, '', page], ['', ''], ['', page], [page, ''], [page]]) {
    for (const value of ['token', '', 'ü世'.repeat(50), 'x'.repeat(65_535)]) {
      const filled = createStencil(texts).filled(value);
      assert.equal(filled.body, texts.join(value));
      assert.equal(gunzipSync(fileOf(filled.gzipped())).toString(), texts.join(value));
    }
  }
});

test('a stencil is filled anew each time', () => {
  const stencil = createStencil(['<', '>']);
  const [one, two] = [stencil.filled('one'), stencil.filled('two')];
  assert.equal(gunzipSync(fileOf(one.gzipped())).toString(), '<one>');
  assert.equal(gunzipSync(fileOf(two.gzipped())).toString(), '<two>');
});

test('how long a compressed page is tells nothing of the token in it', () => {
  const stencil = createStencil(['<input value="abcabcabcabc"> <input value="', '"> abcabcabcabc']);
  assert.equal(stencil.filled('abcabcabcabc').gzipped().length, stencil.filled('q8Zr_0PxvT-1').gzipped().length);
});

test('a gap takes no more than a stored block does', () => {
  assert.throws(() => createStencil(['', '']).filled('x'.repeat(65_536)), RangeError);
});
