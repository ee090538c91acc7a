import type { IncomingHttpHeaders } from 'node:http';
import type { EntityTagSeal } from './entity-tag.ts';
import { faults } from './faults.ts';
import { type EntityTags, entityTags, opaqueTag } from './header-list.ts';

/** Under which state of the entity a request is meant (RFC 9110 §13). */
export interface Conditions {
  readonly ifMatch?: EntityTags;
  readonly ifNoneMatch?: EntityTags;
}

/** Throws `graph.badHeader` for a list that cannot be read: to ignore it would be a write without the guard that was asked for. */
export function parseConditions(headers: IncomingHttpHeaders): Conditions {
  const ifMatch = tagsIn('If-Match', headers['if-match']);
  const ifNoneMatch = tagsIn('If-None-Match', headers['if-none-match']);
  return { ...(ifMatch ? { ifMatch } : {}), ...(ifNoneMatch ? { ifNoneMatch } : {}) };
}

/** The conditions in the tags of the store. */
export function meantBy(conditions: Conditions, { meant }: EntityTagSeal): Conditions {
  const { ifMatch, ifNoneMatch } = conditions;
  if (!ifMatch && !ifNoneMatch) return conditions;
  return {
    ...(ifMatch ? { ifMatch: meant(ifMatch) } : {}),
    ...(ifNoneMatch ? { ifNoneMatch: meant(ifNoneMatch) } : {}),
  };
}

function tagsIn(header: string, text: string | undefined): EntityTags | undefined {
  if (text === undefined) return undefined;
  const tags = entityTags(text);
  if (tags === undefined) throw faults.badHeader({ header, reason: "a list of entity tags or '*' is expected" });
  return tags;
}

const names = (tags: EntityTags, etag: string): boolean => tags === '*' || tags.includes(opaqueTag(etag));

/**
 * Whether the caller may write what is there, or (`etag` undefined) make it where nothing is. Returns the etag that the store
 * still has to find when it writes, so that nothing can come between the comparison and the write; undefined when any will do. Throws
 * `graph.preconditionFailed`.
 */
export function guardWrite({ ifMatch, ifNoneMatch }: Conditions, etag: string | undefined): string | undefined {
  const found = etag !== undefined;
  const holds = found
    ? !(ifMatch && !names(ifMatch, etag)) && !(ifNoneMatch && names(ifNoneMatch, etag))
    : ifMatch === undefined;
  if (!holds) throw faults.preconditionFailed();
  return (ifMatch && ifMatch !== '*') || ifNoneMatch ? etag : undefined;
}

/** True when the caller has this state already (RFC 9110 §13.1.2). Throws `graph.preconditionFailed` when it wants only others. */
export function hasAlready({ ifMatch, ifNoneMatch }: Conditions, etag: string): boolean {
  if (ifMatch && !names(ifMatch, etag)) throw faults.preconditionFailed();
  return ifNoneMatch !== undefined && names(ifNoneMatch, etag);
}
