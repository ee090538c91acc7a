import type { Reply } from '../http/index.ts';
import { jsonType } from './accept.ts';
import { entityJson, type Json, type Loaded, placeOf, type Shown, type Writing } from './entity-json.ts';
import { keyText } from './key.ts';
import { isKeyless, type Located, singleContext } from './locate.ts';
import { metadataReply } from './metadata.ts';
import type { PageTokens } from './page-token.ts';
import type { Plan } from './plan.ts';
import { renderItems, renderRaw, renderReturned, renderValue } from './render-value.ts';
import { contextOf, json, type Rendering, serviceUrl, writingOf } from './rendering.ts';
import { type GraphRequest, optionNamed, parseRequest, splitPair } from './request.ts';
import { setsOf } from './surface.ts';
import type { Result } from './work.ts';

export interface Rendering {
  readonly request: GraphRequest;
  readonly plan: Plan;
  readonly tenantId: string;
  readonly tokens: PageTokens;
}

type Headers = Readonly<Record<string, string>>;

/** Writes a result as the reply of the wire, without the headers that every reply has. */
export function render(result: Result, rendering: Rendering): Reply {
  const { request, plan } = rendering;
  switch (result.kind) {
    case 'metadata':
      return metadataReply(request.version);
    case 'service':
      return json(rendering, 200, { ...contextOf(rendering, undefined), value: serviceDocument(request) });
    case 'identity':
      return json(rendering, 200, { ...contextOf(rendering, 'identity/$entity'), id: 'identity' });
    case 'nothing':
      return { status: 204 };
    case 'number':
      return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(result.value) };
    case 'texts':
      return json(rendering, 200, { ...contextOf(rendering, 'Collection(Edm.String)'), value: result.value });
    case 'page':
      return renderPage(result, rendering);
    case 'entity':
      return renderEntity(result, rendering);
    case 'value':
      return plan.route.kind === 'property' && plan.route.raw
        ? renderRaw(result, rendering)
        : renderValue(result, rendering);
    default:
      return result satisfies never;
  }
}

function json({ request }: Rendering, status: number, body: Json, headers: Headers = {}): Reply {
  return { status, headers: { 'content-type': jsonType(request.format), ...headers }, body: JSON.stringify(body) };
}

const serviceUrl = ({ url, version }: GraphRequest): string => `${url.origin}/${version}`;

function contextOf({ request }: Rendering, fragment: string | undefined): Json {
  if (request.format.metadata === 'none') return {};
  const hash = fragment === undefined ? '' : `#${fragment}`;
  return { '@odata.context': `${serviceUrl(request)}/$metadata${hash}` };
}

const selectText = ({ projection: { select } }: Plan): string => (select ? `(${select.join(',')})` : '');

const shownIn = (rendering: Rendering, located: Located): Shown => {
  const { request, plan, tenantId, tokens } = rendering;
  return {
    declared: located.collection.type,
    projection: plan.projection,
    metadata: request.format.metadata,
    writing: writingOf(request),
    home: `${serviceUrl(request)}/${located.path}`,
    service: serviceUrl(request),
    rest(collection, { options }, after) {
      const url = new URL(collection);
      const query = options.map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join('&');
      if (query !== '') url.search = `?${query}`;
      const rest = parseRequest({ method: 'GET', url, headers: {} });
      return nextLink(rest, tokens.seal(rest, tenantId, after));
    },
  };
};

const writingOf = ({ format, preferences }: GraphRequest): Writing => ({
  ieee754: format.ieee754,
  unknownMembers: preferences.unknownMembers === true,
});

type ResultOf<K extends Result['kind']> = Extract<Result, { readonly kind: K }>;

function renderPage(result: ResultOf<'page'>, rendering: Rendering): Reply {
  const { request, plan, tenantId, tokens } = rendering;
  const { located, items, next, count, links } = result;
  const shown = shownIn(rendering, located);
  const link = ({ found }: Loaded): Json => ({ '@odata.id': `${shown.home}${keyText(found.entity.id)}` });
  return json(rendering, 200, {
    ...contextOf(rendering, links ? 'Collection($ref)' : `${located.context}${selectText(plan)}`),
    ...(count === undefined ? {} : { '@odata.count': request.format.ieee754 ? String(count) : count }),
    ...(next === undefined ? {} : { '@odata.nextLink': nextLink(request, tokens.seal(request, tenantId, next)) }),
    value: items.map((item) => (links ? link(item) : entityJson(item, shown))),
  });
}

/** The same URL with the token in place of an earlier one; every other parameter stays as it was written. */
function nextLink({ url, version }: GraphRequest, token: string): string {
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && optionNamed(splitPair(pair)[0], version) !== '$skiptoken');
  return `${url.origin}${url.pathname}?${[...kept, `$skiptoken=${token}`].join('&')}`;
}

function renderEntity(result: ResultOf<'entity'>, rendering: Rendering): Reply {
  const { request, plan } = rendering;
  const { located, item, change, echoed } = result;
  const shown = { ...shownIn(rendering, located), echoed: new Set(echoed) };
  const place = `${shown.home}${keyText(item.found.entity.id)}`;
  const headers = {
    etag: item.found.etag,
    ...(change === 'created' ? { location: place } : {}),
  };
  if (change === 'created' && request.preferences.return === 'minimal') {
    return { status: 204, headers: { ...headers, 'odata-entityid': place } };
  }
  const body = {
    ...contextOf(rendering, `${singleContext(located)}${selectText(plan)}/$entity`),
    ...entityJson(item, shown),
  };
  return json(rendering, change === 'created' ? 201 : 200, body, headers);
}

/** An entity reached by reference is an entity of its own set. */
function singleContext({ collection, context }: Located): string {
  return collection.source.kind === 'referenced' ? (collection.type.set?.path ?? context) : context;
}

function shownValue({ value }: ResultOf<'value'>, { request, plan: { route } }: Rendering): unknown {
  return route.kind === 'property' ? propertyJson(route.property, value, writingOf(request)) : null;
}

function renderValue(result: ResultOf<'value'>, rendering: Rendering): Reply {
  const { route } = rendering.plan;
  const value = shownValue(result, rendering);
  if (value === null || route.kind !== 'property') return { status: 204 };
  const context = `${singleContext(result.located)}${contextKey(result.owner.entity.id)}/${route.path.join('/')}`;
  const body = route.property.type.kind === 'complex' ? (value as Json) : { value };
  return json(rendering, 200, { ...contextOf(rendering, context), ...body });
}

function renderRaw(result: ResultOf<'value'>, rendering: Rendering): Reply {
  const value = shownValue(result, rendering);
  if (value === null) return { status: 204 };
  return { status: 200, headers: { 'content-type': 'text/plain;charset=utf-8' }, body: String(value) };
}

/** What the version offers at its root (OData JSON §5). */
function serviceDocument({ version }: GraphRequest): readonly Json[] {
  const paths = setsOf(version).map(({ set }) => set.path);
  const names = paths.filter((path) => !path.includes('/')).map((name) => ({ name, kind: 'EntitySet', url: name }));
  const singletons = [...new Set(paths.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''))];
  return [...names, ...singletons.map((name) => ({ name, kind: 'Singleton', url: name }))];
}
