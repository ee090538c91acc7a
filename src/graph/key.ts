/** What stands in the parentheses after a name: `('x')`, `(appId='x')`, `()` (OData URL conventions §4.3). */
export type Key =
  | { readonly kind: 'empty' }
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'named'; readonly property: string; readonly value: string }
  | { readonly kind: 'malformed' };

/** One path segment, decoded once. `text` is the whole of it, for a segment that is a bare key such as an e-mail address. */
export interface Segment {
  readonly text: string;
  readonly name: string;
  readonly key?: Key;
}

const call = /^([^()]+)\((.*)\)$/s;
const named = /^\s*(\w{1,128})\s*=\s*(.*)$/s;
const quoted = /^'((?:[^']|'')+)'$/s;
const bare = /^[\w.-]+$/;

export function segmentOf(text: string): Segment {
  const [, name, inner] = call.exec(text) ?? [];
  return name === undefined || inner === undefined ? { text, name: text } : { text, name, key: keyOf(inner.trim()) };
}

function keyOf(inner: string): Key {
  if (inner === '') return { kind: 'empty' };
  const single = literalOf(inner);
  if (single !== undefined) return { kind: 'value', value: single };
  const [, property, rest] = named.exec(inner) ?? [];
  const value = rest === undefined ? undefined : literalOf(rest.trim());
  return property === undefined || value === undefined ? { kind: 'malformed' } : { kind: 'named', property, value };
}

function literalOf(text: string): string | undefined {
  const inside = quoted.exec(text)?.[1];
  if (inside !== undefined) return inside.replaceAll("''", "'");
  return bare.test(text) ? text : undefined;
}

/** The key as it stands in a URL that the server writes. */
export const keyText = (id: string): string =>
  `('${encodeURIComponent(id.replaceAll("'", "''")).replaceAll("'", '%27')}')`;

/** The key as it stands in a context, which is read by people and never requested. */
export const contextKey = (id: string): string => `('${id.replaceAll("'", "''")}')`;
