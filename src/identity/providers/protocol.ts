import { flawOfOutsideUrl } from '../../kernel/index.ts';
import { faults } from '../faults.ts';

/** What both kinds of OpenID Connect provider have to hold. */

/** OAuth 2.0 scope-token (RFC 6749 §3.3); ID tokens come only with `openid`. Throws `identity.badScope`. */
export function checkScope(scope: string): void {
  const names = scope.split(' ');
  if (!names.every((name) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name)) || !names.includes('openid')) {
    throw faults.badScope();
  }
}

/**
 * Throws `identity.badProviderUrl` unless it is an address that the server may call (`flawOfOutsideUrl`), without a query where `bare`;
 * `ending`: how the path must end.
 */
export function checkUrl(
  property: string,
  text: string,
  { bare = false, ending }: { readonly bare?: boolean; readonly ending?: string } = {},
): void {
  const reason = whyNot(text, bare, ending);
  if (reason) throw faults.badProviderUrl({ property, reason });
}

function whyNot(text: string, bare: boolean, ending: string | undefined): string | undefined {
  const flaw = flawOfOutsideUrl(text);
  if (flaw !== undefined) return flaw;
  if (text.includes('#')) return 'it has a fragment';
  if (bare && text.includes('?')) return 'it has a query';
  if (ending && !new URL(text).pathname.endsWith(ending)) return `its path must end in ${ending}`;
  return undefined;
}

/** The path of a metadata document (OpenID Connect Discovery §4). */
export const metadataPath = '/.well-known/openid-configuration';

/**
 * Whether an address leads to another origin than the one before, to which a stored secret is then not carried along: who may change a provider
 * could else have it sent to himself. What is no address is refused by `checkUrl`.
 */
export function leavesOrigin(next: string | null | undefined, before: string | null): boolean {
  const to = next ? URL.parse(next) : null;
  return to !== null && to.origin !== (before ? URL.parse(before)?.origin : undefined);
}
