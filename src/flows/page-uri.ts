import { flawOfOutsideUrl } from '../kernel/index.ts';

/** What may stand in the address of a page's template: claims resolvers of B2C that are known before anybody is signed in. */
export const pageUriClaims = [
  'Culture:RFC5646',
  'Culture:LanguageName',
  'Culture:RegionName',
  'Policy:PolicyId',
  'Policy:TenantObjectId',
  'OIDC:ClientId',
] as const;

export type PageUriClaim = (typeof pageUriClaims)[number];

const placeholder = /\{([^{}]*)\}/g;

const claimNamed = (name: string): PageUriClaim | undefined =>
  pageUriClaims.find((claim) => claim.toLowerCase() === name.toLowerCase());

/** The address with its claims filled in, each as one piece of a path or query (RFC 3986 §2.1). Names count in any case. */
export const fillPageUri = (uri: string, claimValue: (claim: PageUriClaim) => string): string =>
  uri.replace(placeholder, (whole, name: string) => {
    const claim = claimNamed(name);
    return claim === undefined ? whole : encodeURIComponent(claimValue(claim));
  });

const originOf = (uri: string, value: string): string => new URL(fillPageUri(uri, () => value)).origin;

/**
 * Whether a template can be fetched from there: unseen and unchanged on its way, from a server that is named and not made up of
 * claims. Plain HTTP is for the machine itself, in development.
 */
export function isPageUri(uri: string): boolean {
  const filled = fillPageUri(uri, () => 'a');
  if (/[{}]/.test(filled) || filled.includes('#') || flawOfOutsideUrl(filled) !== undefined) return false;
  return URL.canParse(fillPageUri(uri, () => 'b')) && originOf(uri, 'a') === originOf(uri, 'b');
}
