import type { Reply } from '../http/index.ts';
import { jsonType } from './accept.ts';
import type { Shown } from './entity-json.ts';
import type { Json } from './json.ts';
import { isKeyless, type Located, singleContext } from './locate.ts';
import type { PageTokens } from './page-token.ts';
import type { Plan } from './plan.ts';
import { type GraphRequest, optionNamed, parseRequest, splitPair } from './request.ts';
import { fullName } from './surface.ts';
import type { Writing } from './value-json.ts';
import type { Result } from './work.ts';

/** What is known when a result is written. */
export interface Rendering {
  readonly request: GraphRequest;
  readonly plan: Plan;
  readonly tenantId: string;
  readonly tokens: PageTokens;
}

export type Headers = Readonly<Record<string, string>>;
/** The results of one kind. */
export type ResultOf<K extends Result['kind']> = Extract<Result, { readonly kind: K }>;

export const json = (rendering: Rendering, status: number, body: Json, headers: Headers = {}): Reply =>
  jsonText(rendering, status, JSON.stringify(body), headers);

/** As `json`, of what is a text already. */
export const jsonText = ({ request }: Rendering, status: number, body: string, headers: Headers = {}): Reply => ({
  status,
  headers: { 'content-type': jsonType(request.format), ...headers },
  body,
});

/** `https://host/beta`, without a slash at its end. */
export const serviceUrl = ({ url, version }: GraphRequest): string => `${url.origin}/${version}`;

export const contextUrl = (request: GraphRequest, fragment: string): string =>
  `${serviceUrl(request)}/$metadata#${fragment}`;

/** The annotation that says what the body is; none where no metadata is wanted. */
export function contextOf({ request }: Rendering, fragment: string | undefined): Json {
  if (request.format.metadata === 'none') return {};
  return {
    '@odata.context': fragment === undefined ? `${serviceUrl(request)}/$metadata` : contextUrl(request, fragment),
  };
}

/** What was selected, and what was expanded by a cast, as a context tells it (Graph contract d.1). */
export function projectionText({ projection: { select, expand } }: Plan): string {
  const cast = expand.flatMap(({ on, name, implied }) => (on && !implied ? [`${fullName(on.name)}/${name}()`] : []));
  const names = [...(select ?? []), ...cast];
  return names.length > 0 ? `(${names.join(',')})` : '';
}

/** How the caller wants values written. */
export const writingOf = ({ format, preferences }: GraphRequest): Writing => ({
  ieee754: format.ieee754,
  unknownMembers: preferences.unknownMembers === true,
  metadata: format.metadata,
});

/** How the entities of a collection are written. */
export function shownIn(rendering: Rendering, located: Located): Shown {
  const { request, plan, tenantId, tokens } = rendering;
  return {
    declared: located.collection.type,
    projection: plan.projection,
    metadata: request.format.metadata,
    writing: writingOf(request),
    home: `${serviceUrl(request)}/${located.path}`,
    keyless: isKeyless(located.collection),
    context: singleContext(located),
    version: request.version,
    service: serviceUrl(request),
    rest(collection, { options }, after) {
      const url = new URL(collection);
      const query = options.map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join('&');
      if (query !== '') url.search = `?${query}`;
      const rest = parseRequest({ method: 'GET', url, headers: {} });
      return nextLink(rest, tokens.seal(rest, tenantId, after));
    },
  };
}

/** The same URL with the token in place of an earlier one; every other parameter stays as it was written. */
export function nextLink({ url, version }: GraphRequest, token: string): string {
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && optionNamed(splitPair(pair)[0], version) !== '$skiptoken');
  return `${url.origin}${url.pathname}?${[...kept, `$skiptoken=${token}`].join('&')}`;
}
