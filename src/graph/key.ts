/** One value in parentheses. `quoted`: written as text, so that `'null'` and `'1'` are not mistaken for null and a number. */
export interface Literal {
  readonly text: string;
  readonly quoted: boolean;
}

/** What stands in the parentheses after a name: `('x')`, `(appId='x')`, `()`, `(a='x',b=1)` (OData URL conventions §4.3, §4.5). */
export type Key =
  | { readonly kind: 'empty' }
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'named'; readonly members: ReadonlyMap<string, Literal> }
  | { readonly kind: 'malformed' };

/** One path segment, decoded once. `text` is the whole of it, for a segment that is a bare key such as an e-mail address. */
export interface Segment {
  readonly text: string;
  readonly name: string;
  readonly key?: Key;
}

/** Names in one pair of parentheses. */
const mostMembers = 16;
const call = /^([^()]+)\((.*)\)$/s;
const member = /\s*(\w{1,128})\s*=\s*('(?:[^']|'')*'|[\w.-]+)\s*(?:,|$)/sy;
const quoted = /^'((?:[^']|'')+)'$/s;
const bare = /^[\w.-]+$/;

/** Takes a decoded segment apart. What cannot be read in its parentheses is `malformed`, and for the walk to refuse. */
export function segmentOf(text: string): Segment {
  const [, name, inner] = call.exec(text) ?? [];
  return name === undefined || inner === undefined ? { text, name: text } : { text, name, key: keyOf(inner.trim()) };
}

function keyOf(inner: string): Key {
  if (inner === '') return { kind: 'empty' };
  const inside = quoted.exec(inner)?.[1];
  if (inside !== undefined) return { kind: 'value', value: unquoted(inside) };
  return bare.test(inner) ? { kind: 'value', value: inner } : membersOf(inner);
}

function membersOf(inner: string): Key {
  const members = new Map<string, Literal>();
  for (let at = 0; at < inner.length; ) {
    member.lastIndex = at;
    const [, name, value] = member.exec(inner) ?? [];
    const endsWithComma = member.lastIndex === inner.length && inner.endsWith(',');
    if (name === undefined || value === undefined || endsWithComma || members.size === mostMembers) {
      return { kind: 'malformed' };
    }
    if (members.has(name.toLowerCase())) return { kind: 'malformed' };
    members.set(name.toLowerCase(), literalOf(value));
    at = member.lastIndex;
  }
  return { kind: 'named', members };
}

const literalOf = (value: string): Literal =>
  value.startsWith("'") ? { text: unquoted(value.slice(1, -1)), quoted: true } : { text: value, quoted: false };

const unquoted = (inside: string): string => inside.replaceAll("''", "'");

/** The key as it stands in a URL that the server writes. */
export const keyText = (id: string): string =>
  unreserved.test(id) ? `('${id}')` : `('${encodeURIComponent(id.replaceAll("'", "''")).replaceAll("'", '%27')}')`;

/** RFC 3986 §2.3: nothing to escape, as in nearly every id. */
const unreserved = /^[\w.~-]*$/;

/** The key as it stands in a context, which is read by people and never requested. */
export const contextKey = (id: string): string => `('${id.replaceAll("'", "''")}')`;
