/** What every page of the server forbids: framing, code of others, code in the page itself, and being kept. Over all pages in all looks. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { customSite } from '../pages/custom-site.ts';
import { gallery, looks, pageNames, pathOf, secret } from '../pages/gallery.ts';
import { type Listener, listen } from '../pages/listener.ts';
import { unescapeHtml } from '../support/visitor.ts';

interface Page {
  readonly name: string;
  readonly html: string;
  readonly headers: Headers;
  readonly policy: ReadonlyMap<string, readonly string[]>;
}

const policyOf = (headers: Headers): Page['policy'] =>
  new Map(
    (headers.get('content-security-policy') ?? '').split(';').map((text) => {
      const [directive = '', ...sources] = text.trim().split(/\s+/);
      return [directive, sources] as const;
    }),
  );

interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Tags as a browser sees them, with their attributes. */
function tagsOf(html: string): readonly Tag[] {
  return [...html.matchAll(/<([a-z][a-z0-9-]*)((?:\s+[^\s=>/]+(?:="[^"]*")?)*)\s*\/?>/gi)].map(
    ([, name = '', all = '']) => ({
      name: name.toLowerCase(),
      attributes: new Map(
        [...all.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [
          key.toLowerCase(),
          unescapeHtml(value),
        ]),
      ),
    }),
  );
}

/** Sources that let code in which nobody has looked at. */
const loose = /^(?:\*|https?:|data:|blob:|'unsafe-inline'|'unsafe-eval'|'unsafe-hashes'|'strict-dynamic')$/;

describe('every page', () => {
  const pages: Page[] = [];
  let listener: Listener;
  let site: Listener;

  before(async () => {
    site = await listen([customSite([])]);
    listener = await listen(gallery({}, () => site.origin));
    const cookie = `x-ms-cpim-trans=${secret}`;
    for (const look of looks) {
      for (const screen of pageNames) {
        const response = await fetch(listener.origin + pathOf({ screen, look }), { headers: { cookie } });
        const { headers } = response;
        pages.push({ name: `${screen} in ${look}`, html: await response.text(), headers, policy: policyOf(headers) });
      }
    }
  });
  after(() => Promise.all([listener?.close(), site?.close()]));

  function each(look: (page: Page) => void): void {
    assert.ok(pages.length > 200, `${pages.length} pages`);
    for (const page of pages) {
      try {
        look(page);
      } catch (cause) {
        throw new Error(page.name, { cause });
      }
    }
  }

  test('is HTML, and no browser may guess otherwise', () => {
    each(({ headers, html }) => {
      assert.equal(headers.get('content-type'), 'text/html; charset=utf-8');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(html, /^<!DOCTYPE html>/i);
    });
  });

  test('stands in no frame', () => {
    each(({ headers, policy }) => {
      assert.equal(headers.get('x-frame-options'), 'DENY');
      assert.deepEqual(policy.get('frame-ancestors'), ["'none'"]);
    });
  });

  test('loads nothing that its policy does not name', () => {
    each(({ policy }) => assert.deepEqual(policy.get('default-src'), ["'none'"]));
  });

  test('runs no code but files of the server, and where a flow runs scripts, those that bear the nonce of the page', () => {
    each(({ name, policy }) => {
      const sources = policy.get('script-src') ?? [];
      assert.ok(sources.includes("'self'"));
      assert.deepEqual(
        sources.filter((source) => loose.test(source)),
        [],
      );
      if (!name.endsWith('customScripts')) assert.deepEqual(sources, ["'self'"]);
    });
  });

  test('has a base nobody can move, and styles nobody can write into it', () => {
    each(({ policy }) => {
      assert.deepEqual(policy.get('base-uri'), ["'none'"]);
      assert.deepEqual(
        (policy.get('style-src') ?? []).filter((source) => loose.test(source)),
        [],
      );
    });
  });

  test('holds no script of its own, unless the flow runs it and it bears the nonce', () => {
    each(({ html, policy }) => {
      const nonces = (policy.get('script-src') ?? []).flatMap((source) => /^'nonce-(.+)'$/.exec(source)?.[1] ?? []);
      for (const { attributes } of tagsOf(html).filter(({ name }) => name === 'script')) {
        const nonce = attributes.get('nonce');
        const isFile = attributes.get('src')?.startsWith('/') ?? false;
        assert.ok(isFile || (nonce !== undefined && nonces.includes(nonce)), [...attributes].join());
      }
    });
  });

  test('holds no handler, no style attribute, no frame and no address that runs', () => {
    each(({ html }) => {
      for (const { name, attributes } of tagsOf(html)) {
        assert.ok(!['iframe', 'frame', 'object', 'embed', 'applet', 'base', 'portal'].includes(name), name);
        for (const [key, value] of attributes) {
          assert.doesNotMatch(key, /^on|^style$|^srcdoc$|^formaction$/, `${name} ${key}`);
          if (/^(?:href|src|action)$/.test(key))
            assert.doesNotMatch(value, /^\s*(?:javascript|vbscript|data:text|blob):/i);
        }
      }
    });
  });

  test('posts its forms to the server alone', () => {
    each(({ html }) => {
      for (const { attributes } of tagsOf(html).filter(({ name }) => name === 'form')) {
        assert.equal(attributes.get('method'), 'post');
        assert.match(attributes.get('action') ?? '/', /^\/(?!\/)/);
      }
    });
  });

  test('is kept nowhere and tells no other site where it was', () => {
    each(({ headers }) => {
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.match(headers.get('referrer-policy') ?? '', /^(?:same-origin|no-referrer)$/);
    });
  });

  test('asks the browser for none of its devices', () => {
    each(({ headers }) => {
      for (const device of ['camera', 'geolocation', 'microphone', 'payment', 'usb']) {
        assert.ok(headers.get('permissions-policy')?.includes(`${device}=()`), device);
      }
    });
  });

  test('has a nonce of its own, where it has one', async () => {
    const shown = { screen: 'sign-in', look: 'customScripts' } as const;
    const cookie = `x-ms-cpim-trans=${secret}`;
    const nonces = new Set<string>();
    for (let count = 0; count < 5; count += 1) {
      const { headers } = await fetch(listener.origin + pathOf(shown), { headers: { cookie } });
      nonces.add(/'nonce-([^']{16,})'/.exec(headers.get('content-security-policy') ?? '')?.[1] ?? '');
    }
    assert.equal(nonces.size, 5);
    assert.ok(!nonces.has(''));
  });
});
