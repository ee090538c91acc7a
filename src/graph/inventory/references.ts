import type { Method, Navigation, Permissions } from '../../model/index.ts';
import { type HttpMethod, lineOf, type Node, type Offer, offer } from './offer.ts';

/** Graph documents the first; the others do the same for clients of its earlier pages (Graph contract e rows 5, 6, 29). */
const linking: Readonly<Record<'one' | 'many', readonly [HttpMethod, ...HttpMethod[]]>> = {
  one: ['PUT', 'POST', 'PATCH'],
  many: ['POST', 'PATCH', 'PUT'],
};

/** What is offered about references: to read their targets and their addresses, to add and to remove one. */
export function ofReferences(node: Node, name: readonly string[], navigation: Navigation): readonly Offer[] {
  const { many, methods, target } = navigation;
  const owner = node.type.permissions;
  const links: Node = { ...node, path: [...node.path, ...name], type: target() };
  const about = { owner, referenced: true } as const;
  const key = { keyOf: target() };
  const can = (method: Method): boolean => methods.includes(method);
  return [
    ...(can('list') ? [offer(links, 'GET', [], many ? 'list' : 'get', { many, ...about })] : []),
    ...(can('list') && many
      ? [offer(links, 'GET', ['$count'], 'count', about), offer(links, 'GET', [key], 'get', about)]
      : []),
    ...(can('list') ? [offer(links, 'GET', ['$ref'], 'links', { many, ...about })] : []),
    ...(can('create') ? additions(links, linking[many ? 'many' : 'one'], about) : []),
    ...(can('delete') ? [offer(links, 'DELETE', many ? [key, '$ref'] : ['$ref'], 'unlink', about)] : []),
  ];
}

function additions(
  links: Node,
  [documented, ...others]: readonly [HttpMethod, ...HttpMethod[]],
  about: { readonly owner: Permissions },
): readonly Offer[] {
  const link = offer(links, documented, ['$ref'], 'link', about);
  return [link, ...others.map((method) => offer(links, method, ['$ref'], 'link', { ...about, usual: lineOf(link) }))];
}
