import type { Reply } from '../http/index.ts';
import { renderTracking } from './delta-render.ts';
import { documentOf } from './document.ts';
import { type Loaded, placeOf } from './entity-json.ts';
import { entityText } from './entity-text.ts';
import type { Json } from './json.ts';
import { singleContext } from './locate.ts';
import { renderItems, renderRaw, renderReturned, renderValue } from './render-value.ts';
import {
  contextOf,
  type Headers,
  json,
  jsonText,
  nextLink,
  projectionText,
  type Rendering,
  type ResultOf,
  serviceUrl,
  shownIn,
} from './rendering.ts';
import type { GraphRequest } from './request.ts';
import { setsOf } from './surface.ts';
import type { Result } from './work.ts';

/** Writes a result as the reply of the wire, without the headers that every reply has. */
export function render(result: Result, rendering: Rendering): Reply {
  const { request, plan } = rendering;
  switch (result.kind) {
    case 'metadata':
    case 'openapi':
      return documentOf(result.kind, request.version).reply;
    case 'service':
      return json(
        rendering,
        200,
        { ...contextOf(rendering, undefined), value: serviceDocument(request) },
        described(request),
      );
    case 'identity':
      return json(rendering, 200, { ...contextOf(rendering, 'identity/$entity'), id: 'identity' });
    case 'nothing':
      return { status: 204 };
    case 'number':
      return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(result.value) };
    case 'page':
      return renderPage(result, rendering);
    case 'changes':
      return renderTracking(result, rendering);
    case 'entity':
      return renderEntity(result, rendering);
    case 'link':
      return renderLink(result, rendering);
    case 'value':
      return plan.route.kind === 'property' && plan.route.raw
        ? renderRaw(result, rendering)
        : renderValue(result, rendering);
    case 'items':
      return renderItems(result, rendering);
    case 'returned':
      return renderReturned(result, rendering);
    case 'stream':
      return { status: 200, headers: { 'content-type': result.mediaType, etag: result.etag }, body: result.text };
    default:
      return result satisfies never;
  }
}

function renderPage(result: ResultOf<'page'>, rendering: Rendering): Reply {
  const { request, plan, tenantId, tokens } = rendering;
  const { located, items, next, count, links } = result;
  const shown = shownIn(rendering, located);
  const link = ({ found }: Loaded) => JSON.stringify({ '@odata.id': placeOf(shown, found.entity.id) });
  const head = JSON.stringify({
    ...contextOf(rendering, links ? 'Collection($ref)' : `${located.context}${projectionText(plan)}`),
    ...(count === undefined ? {} : { '@odata.count': request.format.ieee754 ? String(count) : count }),
    ...(next === undefined ? {} : { '@odata.nextLink': nextLink(request, tokens.seal(request, tenantId, next)) }),
    value: [],
  });
  const value = items.map((item) => (links ? link(item) : entityText(item, shown))).join(',');
  return jsonText(rendering, 200, `${head.slice(0, -2)}${value}]}`);
}

/** The address of the one target of a reference (OData JSON §14). */
function renderLink({ located, target }: ResultOf<'link'>, rendering: Rendering): Reply {
  const place = placeOf(shownIn(rendering, located), target.entity.id);
  return json(rendering, 200, { ...contextOf(rendering, '$ref'), '@odata.id': place });
}

function renderEntity(result: ResultOf<'entity'>, rendering: Rendering): Reply {
  const { request, plan } = rendering;
  const { located, item, change, echoed } = result;
  const shown = { ...shownIn(rendering, located), echoed: new Set(echoed) };
  const place = placeOf(shown, item.found.entity.id);
  const headers = {
    etag: item.found.etag,
    ...(change === 'created' ? { location: place } : {}),
  };
  if (change === 'created' && request.preferences.return === 'minimal') {
    return { status: 204, headers: { ...headers, 'odata-entityid': place } };
  }
  // A singleton is told by its name alone (OData JSON §10.4).
  const one = located.collection.single && located.collection.source.kind === 'set' ? '' : '/$entity';
  const context = contextOf(rendering, `${singleContext(located)}${projectionText(plan)}${one}`);
  const body = entityText(item, shown, context);
  return jsonText(rendering, change === 'created' ? 201 : 200, body, headers);
}

/** Where the version is described to programs (RFC 8288; `service-desc` of RFC 8631 §4.2). */
const described = (request: GraphRequest): Headers => ({
  link: [
    `<${serviceUrl(request)}/openapi.json>; rel="service-desc"; type="application/json"`,
    `<${serviceUrl(request)}/$metadata>; rel="describedby"; type="application/xml"`,
  ].join(', '),
});

/** What the version offers at its root (OData JSON §5). */
function serviceDocument({ version }: GraphRequest): readonly Json[] {
  const paths = setsOf(version).map(({ set }) => set.path);
  const names = paths.filter((path) => !path.includes('/')).map((name) => ({ name, kind: 'EntitySet', url: name }));
  const singletons = [...new Set(paths.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''))];
  return [...names, ...singletons.map((name) => ({ name, kind: 'Singleton', url: name }))];
}
