import type { Deprecated, Version } from '../model/index.ts';
import type { Collection } from './address.ts';
import { entryNamed, familyBelow } from './surface.ts';

/**
 * `Deprecation` with the moment since when clients are told to use something else (RFC 9745 §2), when the path leads through an
 * address that is deprecated in this version. No `Sunset`: nothing here has a last day.
 */
export function deprecationOf(collection: Collection | undefined, version: Version): Readonly<Record<string, string>> {
  const since = collection && sinceOf(collection, version);
  return since === undefined ? {} : { deprecation: `@${Date.parse(`${since}T00:00:00Z`) / 1_000}` };
}

function sinceOf({ source, root }: Collection, version: Version): string | undefined {
  if (source.kind === 'set') return deprecatedSince(root.set.deprecated, version);
  const { collection } = source.parent;
  const name = source.kind === 'referenced' ? source.name : source.navigation;
  const declared = familyBelow(collection.type).map(({ navigations }) => entryNamed(navigations, name)?.[1].deprecated);
  return deprecatedSince(declared.find(Boolean), version) ?? sinceOf(collection, version);
}

/** The day since when the address is deprecated in the version, if it is. */
export const deprecatedSince = (deprecated: Deprecated | undefined, version: Version): string | undefined =>
  deprecated?.versions?.includes(version) === false ? undefined : deprecated?.since;
