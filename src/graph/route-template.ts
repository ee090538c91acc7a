import type { Version } from '../model/index.ts';
import { versionOf } from './request.ts';
import { setsOf } from './surface.ts';

/** What a version answers besides its sets. */
const documents = ['$batch', '$metadata', 'openapi.json', 'identity'];

const known = new Map<Version, ReadonlyMap<string, string>>();

/** Paths of sets and documents as they are written, by what they are in small letters. */
function pathsOf(version: Version): ReadonlyMap<string, string> {
  const paths =
    known.get(version) ??
    new Map(
      [...documents, ...setsOf(version).flatMap(({ set }) => [set.path, ...(set.aliases ?? [])])].map((path) => [
        path.toLowerCase(),
        path,
      ]),
    );
  known.set(version, paths);
  return paths;
}

/** A segment without the key behind its name. */
const nameOf = (segment: string): string => segment.replace(/(?:\(|%28).*$/i, '');

/**
 * What a request is about, for those who count requests: `/v1.0/users/{id}/…`. Keys never stand in it, and there are no more of them than sets,
 * three for each.
 */
export function routeTemplate(pathname: string): string {
  const version = versionOf(pathname);
  if (version === undefined) return '/…';
  const segments = pathname
    .split('/', 8)
    .slice(2)
    .filter((segment) => segment !== '');
  if (segments.length === 0) return `/${version}`;
  const paths = pathsOf(version);
  for (const length of [3, 2, 1]) {
    const first = segments.slice(0, length);
    const path = first.length === length ? paths.get(first.map(nameOf).join('/').toLowerCase()) : undefined;
    if (path === undefined) continue;
    const below = segments.length - length + (nameOf(first.at(-1) ?? '') === first.at(-1) ? 0 : 1);
    return `/${version}/${path}${['', '/{id}'][below] ?? '/{id}/…'}`;
  }
  return `/${version}/…`;
}
