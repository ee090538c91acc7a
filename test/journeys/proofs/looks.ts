import assert from 'node:assert/strict';
import { customSite } from '../../pages/custom-site.ts';
import { type Listener, listen } from '../../pages/listener.ts';
import type { Visit } from '../../support/visitor.ts';
import type { Bench } from '../bench.ts';
import { firstPageOf, withPages } from '../first-page.ts';
import type { Chapter } from '../proof.ts';

const look = async (bench: Bench, flow: string): Promise<Visit> => (await bench.open(flow)).visit;

const policyOf = ({ headers }: Visit): string => String(headers.get('content-security-policy'));

async function setLayout({ usher }: Bench, flow: string, page: string, body: object): Promise<void> {
  const path = `/beta/identity/b2cUserFlows/${flow}/pageLayouts/${page}`;
  assert.equal((await usher.graph('PATCH', path, body)).status, 204);
}

/** Runs with the web site of somebody who makes pages of their own. */
async function withSite<T>(run: (site: Listener) => Promise<T>): Promise<T> {
  const site = await listen([customSite([])]);
  try {
    return await run(site);
  } finally {
    await site.close();
  }
}

const branding = {
  bannerLogoUrl: 'https://cdn.example/logo.svg',
  backgroundImageUrl: 'https://pictures.example/wide.jpg',
  backgroundColor: '#102030',
  accentColor: '#ffcc00',
};

const allBranding = [
  'settings/branding/bannerLogoUrl',
  'settings/branding/backgroundImageUrl',
  'settings/branding/backgroundColor',
  'settings/branding/accentColor',
];

export const looks: Chapter = {
  proofs: [
    {
      settings: ['settings/layoutTemplate'],
      kinds: withPages,
      says: 'Every page is shown in the template of the flow',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        assert.match((await look(bench, flow)).html, /<body class="usher"/);
        await bench.set(flow, { settings: { layoutTemplate: 'oceanBlue' } });
        assert.match((await look(bench, flow)).html, /<body class="oceanBlue"/);
      },
    },
    {
      settings: allBranding,
      kinds: withPages,
      says: 'Logo, background and colours are those of the flow, and pictures come from there and from nowhere else',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        assert.doesNotMatch((await look(bench, flow)).html, /companyLogo|--brand-ground|<style>/);
        await bench.set(flow, { settings: { branding } });
        const page = await look(bench, flow);
        assert.match(page.html, /<img class="companyLogo"[^>]*src="https:\/\/cdn\.example\/logo\.svg"/);
        assert.match(
          page.html,
          /<img alt="" src="https:\/\/pictures\.example\/wide\.jpg" data-tenant-branding-background/,
        );
        assert.match(page.html, /--brand-ground:#102030[\s\S]*--button:#ffcc00/);
        assert.match(policyOf(page), /img-src 'self' data: https:\/\/cdn\.example https:\/\/pictures\.example;/);
      },
    },
    {
      settings: ['pageLayouts/version'],
      kinds: withPages,
      says: 'A page of a version that knew no branding has none',
      async prove(bench, kind) {
        const flow = await bench.flow(kind, { settings: { branding } });
        assert.match((await look(bench, flow)).html, /companyLogo/);
        await setLayout(bench, flow, firstPageOf(kind), { version: '1.1.0' });
        assert.doesNotMatch((await look(bench, flow)).html, /companyLogo/);
      },
    },
    {
      settings: ['pageLayouts/pageUri'],
      kinds: withPages,
      says: 'A page stands in the HTML that its owner has put on the web',
      prove: (bench, kind) =>
        withSite(async (site) => {
          const flow = await bench.flow(kind);
          await setLayout(bench, flow, firstPageOf(kind), { pageUri: `${site.origin}/site/page.html` });
          const { html } = await look(bench, flow);
          assert.match(html, /<title>Woodgrove Groceries<\/title>[\s\S]*Fresh, every day[\s\S]*<div id="api"/);
          await setLayout(bench, flow, firstPageOf(kind), { pageUri: null });
          assert.doesNotMatch((await look(bench, flow)).html, /Woodgrove/);
        }),
    },
    {
      settings: ['isJavaScriptEnabled'],
      kinds: withPages,
      says: 'Scripts of such HTML run only where the flow says so',
      prove: (bench, kind) =>
        withSite(async (site) => {
          const flow = await bench.flow(kind);
          await setLayout(bench, flow, firstPageOf(kind), { pageUri: `${site.origin}/site/page.html` });
          const without = await look(bench, flow);
          assert.doesNotMatch(without.html, /window\.early|own\.js/);
          assert.doesNotMatch(policyOf(without), /script-src[^;]*nonce/);
          await bench.set(flow, { isJavaScriptEnabled: true });
          const page = await look(bench, flow);
          const nonce = /script-src 'self' 'nonce-([\w-]+)'/.exec(policyOf(page))?.[1];
          assert.match(page.html, new RegExp(`src="[^"]*own\\.js"[^>]* nonce="${nonce}"`));
        }),
    },
  ],
  exemptions: [
    {
      settings: [
        'settings/layoutTemplate',
        ...allBranding,
        'pageLayouts/version',
        'pageLayouts/pageUri',
        'isJavaScriptEnabled',
      ],
      kinds: ['resourceOwner'],
      because: 'Passwords are sent by the application itself: there are no pages.',
    },
  ],
};
