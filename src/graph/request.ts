import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../http/index.ts';
import type { Version } from '../model/index.ts';
import { acceptedJson, type JsonFormat, usualFormat } from './accept.ts';
import { type Conditions, parseConditions } from './conditions.ts';
import { faults } from './faults.ts';
import { type Segment, segmentOf } from './key.ts';
import { type Preferences, parsePreferences } from './preferences.ts';

/** The system query options (Graph contract d.3), named as they are written with their `$`. */
const systemOptions = [
  '$count',
  '$deltatoken',
  '$expand',
  '$filter',
  '$format',
  '$orderby',
  '$search',
  '$select',
  '$skip',
  '$skiptoken',
  '$top',
] as const;

export type SystemOption = (typeof systemOptions)[number];
export type Options = ReadonlyMap<SystemOption, string>;

/** A request as text with its syntax checked; nothing in it has been compared with the model yet. */
export interface GraphRequest {
  readonly version: Version;
  readonly method: string;
  readonly url: URL;
  readonly segments: readonly Segment[];
  readonly options: Options;
  readonly format: JsonFormat;
  /** False when JSON is not among what the caller accepts. */
  readonly acceptsJson: boolean;
  readonly preferences: Preferences;
  readonly conditions: Conditions;
  /** `ConsistencyLevel: eventual`, which advanced queries of directory objects ask for. */
  readonly eventual: boolean;
}

/** Bounds of what is looked at; a longer request is refused before anything is done with it. */
const most = { url: 16_384, segments: 16, segment: 1_100, parameters: 64, option: 8_192 } as const;

const versions: ReadonlyMap<string, Version> = new Map([
  ['v1.0', 'v1.0'],
  ['beta', 'beta'],
]);
const known: ReadonlySet<string> = new Set(systemOptions);
const control = /\p{Cc}/u;

/** The version a path names; undefined for a path of another face. */
export const versionOf = (pathname: string): Version | undefined =>
  versions.get(pathname.split('/', 2)[1]?.toLowerCase() ?? '');

/** Throws `graph.urlTooLong`, `graph.badUrl`, `graph.repeatedOption`, `graph.unknownOption`, `graph.badHeader`. */
export function parseRequest(exchange: Pick<Exchange, 'method' | 'url' | 'headers'>): GraphRequest {
  const { url, headers } = exchange;
  if (url.href.length > most.url) throw faults.urlTooLong({ limit: most.url });
  const version = versionOf(url.pathname);
  if (version === undefined) throw faults.badUrl({ reason: 'it names no version' });
  checkVersions(headers);
  const options = parseOptions(url.search, version);
  const format = acceptedJson(headers.accept, options.get('$format'));
  return {
    version,
    method: exchange.method.toUpperCase(),
    url,
    segments: parsePath(url.pathname),
    options,
    format: format ?? usualFormat,
    acceptsJson: format !== undefined,
    preferences: parsePreferences(textOf(headers, 'prefer')),
    conditions: parseConditions(headers),
    eventual: textOf(headers, 'consistencylevel')?.trim().toLowerCase() === 'eventual',
  };
}

const textOf = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const given = headers[name];
  return Array.isArray(given) ? given.join(', ') : given;
};

const versionHeaders = ['OData-Version', 'OData-MaxVersion'].map((header) => [header, header.toLowerCase()] as const);

/** The versions of the protocol that are spoken, 4.0 and what is compatible with it (OData protocol §8.2.6, §8.2.7). */
function checkVersions(headers: IncomingHttpHeaders): void {
  for (const [header, name] of versionHeaders) {
    const text = textOf(headers, name)?.trim();
    if (text === undefined) continue;
    const newest = header === 'OData-MaxVersion';
    if (/^4\.0[01]?$/.test(text) || (newest && /^(?:4|[5-9]|[1-9]\d)\.\d{1,2}$/.test(text))) continue;
    throw faults.badHeader({ header, reason: 'version 4.0 is spoken here' });
  }
}

function parsePath(pathname: string): readonly Segment[] {
  const parts = pathname.split('/').slice(2);
  if (parts.at(-1) === '') parts.pop();
  if (parts.length > most.segments) throw faults.badUrl({ reason: `it has more than ${most.segments} segments` });
  return parts.map((part) => segmentOf(decodeSegment(part)));
}

function decodeSegment(part: string): string {
  const text = decode(part);
  if (text === '') throw faults.badUrl({ reason: 'it has an empty segment' });
  if (text.length > most.segment) throw faults.badUrl({ reason: 'a segment is too long' });
  // An encoded slash would mean one thing to a proxy and another to us.
  if (/[/\\]/.test(text)) throw faults.badUrl({ reason: 'a segment holds a slash' });
  if (control.test(text)) throw faults.badUrl({ reason: 'a segment holds a control character' });
  return text;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw faults.badUrl({ reason: 'an escape sequence is broken' }, cause);
  }
}

/** On beta the `$` may be missing; on v1.0 a name without it is somebody else's parameter and ignored. */
function parseOptions(search: string, version: Version): Options {
  const options = new Map<SystemOption, string>();
  if (search === '') return options;
  const pairs = search.slice(1).split('&', most.parameters + 1);
  if (pairs.length > most.parameters) throw faults.badUrl({ reason: 'it has too many query parameters' });
  for (const pair of pairs) {
    const [name, value] = splitPair(pair);
    const option = optionNamed(name, version);
    if (option === undefined) continue;
    if (options.has(option)) throw faults.repeatedOption({ option });
    if (value.length > most.option) throw faults.badOption({ option, reason: 'it is too long' });
    options.set(option, value);
  }
  return options;
}

/** Name and value of one query parameter, decoded; `+` is a space. */
export function splitPair(pair: string): readonly [name: string, value: string] {
  const equals = pair.indexOf('=');
  const end = equals < 0 ? pair.length : equals;
  return [decode(pair.slice(0, end).replaceAll('+', ' ')), decode(pair.slice(end + 1).replaceAll('+', ' '))];
}

/** The system option of this name, if it is one. Throws `graph.unknownOption` for an unknown name with a `$`. */
export function optionNamed(name: string, version: Version): SystemOption | undefined {
  const lower = name.trim().toLowerCase();
  const full = version === 'beta' && !lower.startsWith('$') ? `$${lower}` : lower;
  if (isSystemOption(full)) return full;
  if (lower.startsWith('$')) throw faults.unknownOption({ option: name.slice(0, 64) });
  return undefined;
}

const isSystemOption = (name: string): name is SystemOption => known.has(name);
