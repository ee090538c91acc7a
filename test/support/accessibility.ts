import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Result {
  readonly passes: readonly { readonly id: string }[];
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

/** Has every page of a window come with the rules, which is quicker than to hand them to each. */
export const bringRules = (context: BrowserContext) => context.addInitScript({ content: axe });

/** Fails with every rule the page breaks: WCAG 2.2 A and AA and axe's best practices. The context needs `bypassCSP`. */
export async function assertAccessible(page: Page, name: string): Promise<void> {
  if (!(await page.evaluate('Boolean(window.axe)'))) await page.evaluate(axe);
  // Of rules that are kept one element is enough to know that they were applied.
  const { passes, violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as Result;
  assert.ok(
    // Every page has this one. Contrast, which is the same in every language, axe does not look at where letters are joined.
    passes.some(({ id }) => id === 'html-has-lang'),
    `${name}: the rules were not applied`,
  );
  const broken = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
  assert.deepEqual(broken, [], name);
}

/** Fails when the page is wider than the window (WCAG 1.4.10). */
export async function assertFits(page: Page, name: string): Promise<void> {
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  assert.equal(overflow, 0, `${name} scrolls sideways`);
}
