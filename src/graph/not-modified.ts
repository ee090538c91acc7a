import type { Reply } from '../http/index.ts';
import { type Conditions, hasAlready } from './conditions.ts';
import { type DocumentKind, documentOf } from './document.ts';
import type { Plan } from './plan.ts';
import type { GraphRequest } from './request.ts';
import type { Result } from './work.ts';

/** 304 for a document that the caller has already; else undefined. Throws `graph.preconditionFailed`. */
export function unchangedDocument({ conditions, version }: GraphRequest, kind: DocumentKind): Reply | undefined {
  const { etag, reply } = documentOf(kind, version);
  if (!hasAlready(conditions, etag)) return undefined;
  return { status: 304, headers: { etag, 'cache-control': reply.headers?.['cache-control'] ?? 'no-store' } };
}

/**
 * The etag of what the caller has already; else undefined. What is shown beside an entity may have changed although its own etag has
 * not. Throws `graph.preconditionFailed`.
 */
export function unchanged(conditions: Conditions, { projection }: Plan, result: Result): string | undefined {
  if (result.kind === 'stream') return hasAlready(conditions, result.etag) ? result.etag : undefined;
  if (result.kind !== 'entity') return undefined;
  const { etag } = result.item.found;
  return hasAlready(conditions, etag) && projection.expand.length === 0 ? etag : undefined;
}
