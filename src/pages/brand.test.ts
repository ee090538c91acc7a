import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandStyle, contrast, parseColor } from './brand.ts';

const colors = ['00', '33', '66', '99', 'cc', 'ff'];
const every = colors.flatMap((red) => colors.flatMap((green) => colors.map((blue) => `#${red}${green}${blue}`)));

const colorIn = (style: string, name: string): string =>
  new RegExp(`--${name}:(#[0-9a-f]{6})`).exec(style)?.[1] ?? assert.fail(`no --${name} in ${style}`);

test('words can be read on and in every accent colour, in the light and in the dark', () => {
  for (const accentColor of every) {
    const [light = '', dark = ''] = brandStyle({ accentColor, backgroundColor: null }).split('@media');
    assert.equal(colorIn(light, 'button'), accentColor);
    const on = parseColor(colorIn(light, 'on-button'));
    for (const button of ['button', 'button-strong']) {
      assert.ok(contrast(parseColor(colorIn(light, button)), on) >= 4.5, `${button} of ${accentColor}`);
    }
    for (const name of ['accent', 'accent-strong']) {
      for (const ground of ['#ffffff', '#f3f5f7', '#ebf6fb']) {
        assert.ok(contrast(parseColor(colorIn(light, name)), parseColor(ground)) >= 4.5, `${accentColor} on ${ground}`);
      }
      for (const ground of ['#14171f', '#262b31', '#10293a']) {
        assert.ok(contrast(parseColor(colorIn(dark, name)), parseColor(ground)) >= 4.5, `${accentColor} on ${ground}`);
      }
    }
  }
});

test('a colour that can be read already stays as it was chosen', () => {
  const [light = ''] = brandStyle({ accentColor: '#0b5a9e', backgroundColor: null }).split('@media');
  assert.equal(colorIn(light, 'accent'), '#0b5a9e');
});

test('a background colour is put behind the page, and no colours need no style sheet', () => {
  assert.equal(brandStyle({ accentColor: null, backgroundColor: '#ABCDEF' }), ':root{--brand-ground:#abcdef}');
  assert.equal(brandStyle({ accentColor: null, backgroundColor: null }), '');
});
