import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { customSite } from '../pages/custom-site.ts';
import { type Listener, listen } from '../pages/listener.ts';
import { authorize, codeIn } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit } from '../support/visitor.ts';

describe('how the pages of a flow look, as Graph sets it', () => {
  let usher: Usher;
  let site: Listener;
  const asked: string[] = [];
  before(async () => {
    [usher, site] = await Promise.all([startUsher(), listen([customSite(asked)])]);
  });
  after(() => Promise.all([usher.stop(), site.close()]));

  const flow = `/beta/identity/b2cUserFlows/${seeded.flow}`;
  const layout = `${flow}/pageLayouts/signuporsignin`;
  async function set(path: string, body: object): Promise<void> {
    const response = await usher.graph('PATCH', path, body);
    assert.equal(response.status, 204, await response.text());
  }
  const open = (parameters: Readonly<Record<string, string>> = {}): Promise<Visit> => {
    const { url } = authorize(usher);
    const address = new URL(url);
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return newVisitor(usher).open(address);
  };
  const policyOf = ({ headers }: Visit): string => String(headers.get('content-security-policy'));

  test('the template is the one that the flow names, or the one a request wants to look at', async () => {
    for (const layoutTemplate of ['classic', 'oceanBlue', 'slateGray', 'usher']) {
      await set(flow, { settings: { layoutTemplate } });
      assert.match((await open()).html, new RegExp(`<body class="${layoutTemplate}"`));
    }
    assert.match((await open({ pageFlavor: 'oceanBlue' })).html, /<body class="oceanBlue"/);
    assert.match((await open({ pageFlavor: 'nonsense' })).html, /<body class="usher"/);
    await set(layout, { version: '2.1.0' });
    assert.match((await open({ pageFlavor: 'oceanBlue' })).html, /<body class="usher"/);
    await set(layout, { version: '2.1.14' });
  });

  test('logo, background and colours are shown, on pages that are new enough to know them', async () => {
    const branding = {
      bannerLogoUrl: 'https://cdn.example/logo.svg',
      backgroundImageUrl: 'https://cdn.example/wide.jpg',
      backgroundColor: '#102030',
      accentColor: '#ffcc00',
    };
    assert.doesNotMatch((await open()).html, /companyLogo/);
    await set(flow, { settings: { branding } });
    const page = await open();
    assert.match(page.html, /<img class="companyLogo"[^>]*src="https:\/\/cdn\.example\/logo\.svg"/);
    assert.match(page.html, /--button:#ffcc00;[^}]*--on-button:#000000/);
    assert.match(page.html, /--brand-ground:#102030/);
    assert.match(policyOf(page), /img-src 'self' data: https:\/\/cdn\.example;/);
    await set(layout, { version: '1.1.0' });
    const older = await open();
    assert.doesNotMatch(older.html, /companyLogo|ffcc00/);
    assert.doesNotMatch(policyOf(older), /cdn\.example/);
    await set(layout, { version: '2.1.14' });
    const none = { bannerLogoUrl: null, backgroundImageUrl: null, backgroundColor: null, accentColor: null };
    await set(flow, { settings: { branding: none } });
    assert.doesNotMatch((await open()).html, /companyLogo/);
  });

  test('a custom page stands around the form, and people sign in by it', async () => {
    const pageUri = `${site.origin}/site/page.html?flow={Policy:PolicyId}&app={OIDC:ClientId}`;
    await set(layout, { pageUri });
    const visitor = newVisitor(usher);
    const page = await visitor.open(authorize(usher).url);
    assert.match(page.html, /<title>Woodgrove Groceries<\/title>/);
    assert.match(
      page.html,
      /Fresh, every day[\s\S]*<div id="api"[^>]*data-name="Unified">[\s\S]*id="next"[\s\S]*Privacy/,
    );
    assert.doesNotMatch(page.html, /<iframe|onerror|window\.early|own\.js/);
    assert.equal(asked[0], `/site/page.html?flow=${seeded.flow}&app=${seeded.spa}&ui_locales=en`);
    codeIn(await visitor.submit(page, 'next', { email: seeded.user, password: seeded.password }));
    assert.equal((await usher.graph('POST', `${layout}/restoreDefaultPageUri`)).status, 204);
    assert.match((await open()).html, /<body class="usher"/);
  });

  test('scripts of a custom page are sent with the nonce of the page when the flow runs them, else not at all', async () => {
    await set(layout, { pageUri: `${site.origin}/site/page.html` });
    for (const isJavaScriptEnabled of [true, false]) {
      await set(flow, { isJavaScriptEnabled });
      const page = await open();
      const nonce = /script-src 'self' 'nonce-([\w-]+)'/.exec(policyOf(page))?.[1];
      assert.equal(nonce !== undefined, isJavaScriptEnabled);
      assert.equal(page.html.includes(`nonce="${nonce}">window.SETTINGS=`), isJavaScriptEnabled);
      assert.equal(page.html.includes('window.early'), isJavaScriptEnabled);
      assert.doesNotMatch(policyOf(page), /unsafe/);
    }
    await set(layout, { pageUri: null });
  });

  test('what cannot be had ends on the error page, with the code of B2C and what support needs', async () => {
    await set(flow, { settings: { layoutTemplate: 'slateGray' } });
    for (const [pageUri, detail] of [
      [
        `${site.origin}/site/gone.html`,
        /AADB2C90002: The CORS resource '[^']*gone\.html\?ui_locales=en' returned a 404/,
      ],
      [
        `${site.origin}/site/look.css`,
        /AADB2C90059: The resource '[^']*' contains errors preventing it from being parsed/,
      ],
      ['https://10.0.0.1/page.html', /AADB2C90065: A B2C client-side error 'Access is denied\.' has occurred/],
      ['http://localhost:1/page.html', /AADB2C90177: .* network error/],
    ] as const) {
      await set(layout, { pageUri });
      const page = await open();
      assert.match(textOf(page.html), detail);
      assert.match(page.html, /class="error-page-correlationid">[^<]*<span class="copyable"[^>]*>[0-9a-f-]{36}</);
      assert.match(page.html, /<body class="slateGray"/);
    }
    await set(layout, { pageUri: null });
    await set(flow, { settings: { layoutTemplate: 'usher' } });
  });

  test('a request that is refused before a sign-in ends on the error page of its flow', async () => {
    await set(flow, { settings: { layoutTemplate: 'classic' } });
    const refused = await open({ redirect_uri: 'https://elsewhere.example/' });
    assert.match(textOf(refused.html), /AADB2C90006/);
    assert.match(refused.html, /<body class="classic"/);
    await set(`${flow}/pageLayouts/error`, { pageUri: `${site.origin}/site/page.html` });
    asked.length = 0;
    const custom = await open({ redirect_uri: 'https://elsewhere.example/' });
    assert.match(custom.html, /data-name="GlobalException"[\s\S]*AADB2C90006[\s\S]*Privacy/);
    assert.deepEqual(asked, ['/site/page.html']);
    await set(`${flow}/pageLayouts/error`, { pageUri: `${site.origin}/site/gone.html` });
    const plain = await open({ redirect_uri: 'https://elsewhere.example/' });
    assert.match(plain.html, /<body class="classic"/);
    assert.match(textOf(plain.html), /AADB2C90006/);
  });

  test('terms that the language of the flow names stand at the foot of the page', async () => {
    await set(flow, { isLanguageCustomizationEnabled: true });
    const texts = { disclaimer_link_1_text: 'Terms', disclaimer_link_1_url: 'https://woodgrove.example/terms' };
    const LocalizedStrings = Object.entries(texts).map(([StringId, Value]) => ({
      ElementType: 'UxElement',
      ElementId: null,
      StringId,
      Override: true,
      Value,
    }));
    assert.doesNotMatch((await open()).html, /disclaimer/);
    const page = `${flow}/languages/en/overridesPages/signuporsignin/$value`;
    assert.equal((await usher.graph('PUT', page, { LocalizedStrings })).status, 204);
    assert.match(
      (await open()).html,
      /class="disclaimer"><p> <a href="https:\/\/woodgrove\.example\/terms"[^>]*>Terms<\/a>/,
    );
  });
});
