import type { Reply } from '../http/index.ts';
import type { Property, PropertyType } from '../model/index.ts';
import { addExpanded, placeOf } from './entity-json.ts';
import type { Json } from './json.ts';
import { keyText } from './key.ts';
import { contextOfEntity } from './locate.ts';
import { typeText } from './metadata/types.ts';
import { contextOf, contextUrl, json, type Rendering, type ResultOf, shownIn, writingOf } from './rendering.ts';
import { fullName } from './surface.ts';
import { propertyJson } from './value-json.ts';

/** A value in its own right: the members of a complex one, or `value`. */
export function renderValue(result: ResultOf<'value'>, rendering: Rendering): Reply {
  const { located, owner, path, property } = result;
  const { request, plan } = rendering;
  const { expand } = plan.projection;
  const at = `${contextOfEntity(located, owner.found.entity.id)}/${path.join('/')}`;
  const context = request.format.metadata === 'none' ? {} : { context: contextUrl(request, at) };
  const value = propertyJson(property, result.value, { ...writingOf(request), ...context });
  if (value === null) return { status: 204 };
  if (property.type.kind !== 'complex') return json(rendering, 200, { ...contextOf(rendering, at), value });
  const names = expand.map(({ name }) => `${name.slice(name.lastIndexOf('/') + 1)}()`);
  const told = names.length > 0 ? `${at}(${names.join(',')})` : at;
  return json(rendering, 200, { ...contextOf(rendering, told), ...withExpanded(value as Json, result, rendering, at) });
}

/** Each entity that a value refers to says where it is from (Graph contract d.1). */
function withExpanded(
  value: Json,
  { located, owner, property }: ResultOf<'value'>,
  rendering: Rendering,
  at: string,
): Json {
  const { request, plan } = rendering;
  const body: Record<string, unknown> = { ...value };
  const shown = shownIn(rendering, located);
  for (const expansion of plan.projection.expand) {
    const member = expansion.name.slice(expansion.name.lastIndexOf('/') + 1);
    const holder = property.type.kind === 'complex' ? `/${fullName(property.type.type.name)}` : '';
    const one = expansion.navigation.many ? '' : '/$entity';
    const told = contextUrl(request, `${at}${holder}/${member}${one}`);
    if (request.format.metadata !== 'none') body[`${member}@odata.context`] = told;
    addExpanded(body, expansion, owner.expanded[expansion.name], placeOf(shown, owner.found.entity.id), shown);
  }
  return body;
}

/** The bare value as text (OData protocol §11.2.4.1); null has none. */
export function renderRaw({ property, value }: ResultOf<'value'>, { request }: Rendering): Reply {
  const shown = propertyJson(property, value, writingOf(request));
  if (shown === null) return { status: 204 };
  return { status: 200, headers: { 'content-type': 'text/plain;charset=utf-8' }, body: String(shown) };
}

/** Values with a key, which `$metadata` calls entities contained in theirs. */
export function renderItems(result: ResultOf<'items'>, rendering: Rendering): Reply {
  const { located, owner, path, property, items, as } = result;
  const writing = writingOf(rendering.request);
  const context = `${contextOfEntity(located, owner.entity.id)}/${path.join('/')}`;
  const values = propertyJson(property, items, writing) as readonly Json[];
  if (as === 'all') return json(rendering, 200, { ...contextOf(rendering, context), value: values });
  const body = { ...contextOf(rendering, `${context}/$entity`), ...values[0] };
  if (as === 'one') return json(rendering, 200, body, { etag: owner.etag });
  const home = placeOf(shownIn(rendering, located), owner.entity.id);
  const key = keyText(String(items[0]?.[property.rules.keyedBy ?? '']));
  return json(rendering, 201, body, { location: `${home}/${path.join('/')}${key}` });
}

/** What an operation returned, with the name of its type for a context (Graph contract d.1). */
export function renderReturned({ property, value }: ResultOf<'returned'>, rendering: Rendering): Reply {
  const shown = propertyJson(property, value, writingOf(rendering.request));
  if (shown === null) return { status: 204 };
  const context = contextOf(rendering, contextType(property));
  const body = property.type.kind === 'complex' ? { ...context, ...(shown as Json) } : { ...context, value: shown };
  return json(rendering, 200, body);
}

const contextType = ({ type }: Property): string =>
  type.kind === 'collection' ? `Collection(${singleType(type.of)})` : singleType(type);

const singleType = (type: PropertyType): string =>
  type.kind === 'complex' || type.kind === 'enum' ? fullName(type.type.name) : typeText(type);
