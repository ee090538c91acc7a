import type { Expected } from './metadata.ts';

/** Where a provider of a fixed address is found; in development another origin stands in for it, under its own name if it likes. */
export function standInFor(
  fixed: Required<Pick<Expected, 'metadataUrl' | 'issuer'>>,
  origin: string | undefined,
): Pick<Expected, 'metadataUrl' | 'issuer' | 'standsFor'> {
  if (origin === undefined) return fixed;
  const { pathname, search } = new URL(fixed.metadataUrl);
  return { metadataUrl: new URL(pathname + search, origin).href, standsFor: fixed.issuer };
}
