import { createHash } from 'node:crypto';
import type { LayoutTemplate, Presentation } from '../flows/index.ts';
import type { Sources } from '../http/index.ts';
import { brandStyle } from './brand.ts';

/** How one page looks: what its flow says, as far as the version of the page knows of it. */
export interface Look {
  readonly template: LayoutTemplate;
  readonly logo?: string;
  readonly background?: string;
  /** Style sheet of the flow's own colours; may be empty. Holds nothing but names and numbers of ours. */
  readonly style: string;
  /** What the page may load besides the server's own files. */
  readonly sources: Sources;
  /** The page that an administrator wrote around ours. */
  readonly custom?: { readonly uri: string; readonly runsScripts: boolean; readonly runsBodyScripts: boolean };
}

export const plainLook: Look = { template: 'usher', style: '', sources: {} };

const templates: readonly LayoutTemplate[] = ['usher', 'classic', 'oceanBlue', 'slateGray'];

/** The template that `pageFlavor` asks to look at, in any case. */
const flavorOf = (asked: string | undefined): LayoutTemplate | undefined =>
  templates.find((name) => name.toLowerCase() === asked?.toLowerCase());

/** `2.1.10` is newer than `2.1.9`. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [one, other] = [version, wanted].map((text) => text.split('.').map(Number));
  const index = (one ?? []).findIndex((part, place) => part !== other?.[place]);
  return index < 0 || (one?.[index] ?? 0) > (other?.[index] ?? 0);
}

/** Branding came to every page with 1.2.0, `pageFlavor` to those of the second generation with 2.1.1 (b2c contract d.2). */
const knowsBranding = (version: string): boolean => isAtLeast(version, '1.2.0');
const knowsFlavors = (version: string): boolean => isAtLeast(version, version.startsWith('2.') ? '2.1.1' : '1.2.2');

/** The version of each generation since which scripts in the body of a custom page do not run (b2c contract, page-layout). */
const withoutBodyScripts: Readonly<Record<string, string>> = { signuporsignin: '2.1.10', localaccountsignin: '2.1.10' };

const inlineSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const worked = new WeakMap<Presentation, Map<string, Look>>();

/** What a flow without a page of this name, or none at all, looks like is for the caller to say. Worked out once for each page. */
export function lookOf(presentation: Presentation | undefined, pageId: string, flavor?: string): Look {
  if (!presentation) return plainLook;
  const looks = worked.get(presentation) ?? new Map<string, Look>();
  worked.set(presentation, looks);
  const asked = flavorOf(flavor);
  const key = `${asked} ${pageId}`;
  const look = looks.get(key) ?? workOut(presentation, pageId, asked);
  looks.set(key, look);
  return look;
}

function workOut(presentation: Presentation, pageId: string, flavor: LayoutTemplate | undefined): Look {
  const { template, branding, runsScripts } = presentation;
  const { version, uri } = presentation.lookOf(pageId) ?? {};
  const until = withoutBodyScripts[pageId] ?? '2.1.21';
  const runsBodyScripts = runsScripts && version !== undefined && !isAtLeast(version, until);
  const custom = uri === undefined ? {} : { custom: { uri, runsScripts, runsBodyScripts } };
  const asked = version === undefined || knowsFlavors(version) ? flavor : undefined;
  const shown = asked ?? template;
  if (version !== undefined && !knowsBranding(version)) return { ...plainLook, ...custom, template: shown };
  const { bannerLogoUrl, backgroundImageUrl } = branding;
  const style = brandStyle(branding);
  const images = [bannerLogoUrl, backgroundImageUrl].flatMap((url) => (url === null ? [] : [new URL(url).origin]));
  return {
    template: shown,
    ...custom,
    ...(bannerLogoUrl === null ? {} : { logo: bannerLogoUrl }),
    ...(backgroundImageUrl === null ? {} : { background: backgroundImageUrl }),
    style,
    sources: {
      'img-src': [...new Set(images)],
      ...(style === '' ? {} : { 'style-src': [inlineSource(style)] }),
    },
  };
}
