import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayoutTemplate, Presentation } from '../flows/index.ts';
import { isAtLeast, lookOf, plainLook } from './look.ts';

const branding = {
  bannerLogoUrl: 'https://cdn.example/logo.png',
  backgroundImageUrl: 'https://images.example/hill.jpg?x=1',
  backgroundColor: '#112233',
  accentColor: null,
};

const flow = (version: string, more: Partial<Presentation> = {}): Presentation => ({
  flowId: 'B2C_1_susi',
  template: 'classic',
  branding,
  runsScripts: false,
  lookOf: (page) => (page === 'signuporsignin' ? { version } : undefined),
  ...more,
});

const shown = (version: string, flavor?: string): LayoutTemplate =>
  lookOf(flow(version), 'signuporsignin', flavor).template;

test('versions are compared as numbers', () => {
  assert.ok(isAtLeast('2.1.10', '2.1.9') && isAtLeast('2.1.9', '2.1.9') && isAtLeast('2.0.0', '1.9.9'));
  assert.ok(!isAtLeast('2.1.9', '2.1.10') && !isAtLeast('1.1.0', '1.2.0'));
});

test('without a flow the page is plain', () => {
  assert.equal(lookOf(undefined, 'signuporsignin', 'classic'), plainLook);
});

test('a page is branded since 1.2.0, and may load the pictures of the branding and nothing else', () => {
  const { logo, background, style, sources } = lookOf(flow('1.2.0'), 'signuporsignin');
  assert.deepEqual([logo, background], [branding.bannerLogoUrl, branding.backgroundImageUrl]);
  assert.equal(style, ':root{--brand-ground:#112233}');
  assert.deepEqual(sources['img-src'], ['https://cdn.example', 'https://images.example']);
  assert.match(String(sources['style-src']), /^'sha256-[A-Za-z0-9+/]{43}='$/);
  const older = lookOf(flow('1.1.0'), 'signuporsignin');
  assert.deepEqual([older.logo, older.background, older.style, older.sources], [undefined, undefined, '', {}]);
  assert.equal(older.template, 'classic');
});

test('pageFlavor shows another template where the version of the page knows it', () => {
  assert.equal(shown('2.1.14', 'oceanBlue'), 'oceanBlue');
  assert.equal(shown('2.1.14', 'SLATEGRAY'), 'slateGray');
  assert.equal(shown('2.1.14', 'other'), 'classic');
  assert.equal(shown('2.1.14'), 'classic');
  assert.equal(shown('2.1.0', 'oceanBlue'), 'classic');
});

test('scripts of a custom page run in the head, and in the body of older pages', () => {
  const custom = (version: string, runsScripts: boolean) =>
    lookOf(flow(version, { runsScripts, lookOf: () => ({ version, uri: 'https://x.example/' }) }), 'signuporsignin')
      .custom;
  const uri = 'https://x.example/';
  assert.deepEqual(custom('2.1.14', true), { uri, runsScripts: true, runsBodyScripts: false });
  assert.deepEqual(custom('2.1.7', true), { uri, runsScripts: true, runsBodyScripts: true });
  assert.deepEqual(custom('2.1.7', false), { uri, runsScripts: false, runsBodyScripts: false });
  assert.equal(lookOf(flow('2.1.14'), 'signuporsignin').custom, undefined);
});
