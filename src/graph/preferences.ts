import { headerElements } from './header-list.ts';

/** What a caller prefers (RFC 7240, OData protocol §8.2.8). Whatever is not named here is ignored, as the RFC wants. */
export interface Preferences {
  readonly return?: 'minimal' | 'representation';
  /** Rows; an upper bound of the page size. */
  readonly maxPageSize?: number;
  /** Members of enumerations after `unknownFutureValue` are wanted by name (Graph contract d.5). */
  readonly unknownMembers?: true;
}

const none: Preferences = {};

/** Never throws: a preference that cannot be read is none. */
export function parsePreferences(header: string | undefined): Preferences {
  if (header === undefined) return none;
  const wanted = new Map<string, string>();
  for (const { name, value = '' } of headerElements(header)) {
    // Of two the first counts (RFC 7240 §2).
    if (!wanted.has(name)) wanted.set(name, value);
  }
  const back = wanted.get('return')?.toLowerCase();
  const size = wanted.get('odata.maxpagesize') ?? wanted.get('maxpagesize') ?? '';
  return {
    ...(back === 'minimal' || back === 'representation' ? { return: back } : {}),
    ...(/^\d{1,9}$/.test(size) && Number(size) > 0 ? { maxPageSize: Number(size) } : {}),
    ...(wanted.has('include-unknown-enum-members') ? { unknownMembers: true } : {}),
  };
}

/** Which preferences an answer can follow: of the body after a write, of the size of a page, of the members of enumerations. */
export type Followed = 'return' | 'maxPageSize' | 'unknownMembers';

/** `Preference-Applied` (RFC 7240 §3) for the preferences that were sent and followed. */
export function preferenceApplied(
  preferences: Preferences,
  followed: readonly Followed[],
): Readonly<Record<string, string>> {
  if (preferences === none) return {};
  const said: Readonly<Record<Followed, string | undefined>> = {
    return: preferences.return === undefined ? undefined : `return=${preferences.return}`,
    maxPageSize: preferences.maxPageSize === undefined ? undefined : `odata.maxpagesize=${preferences.maxPageSize}`,
    unknownMembers: preferences.unknownMembers ? 'include-unknown-enum-members' : undefined,
  };
  const applied = followed.flatMap((name) => said[name] ?? []);
  return applied.length > 0 ? { 'preference-applied': applied.join(', ') } : {};
}
