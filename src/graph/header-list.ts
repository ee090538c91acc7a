/** One element of a header list, such as `application/json;q=0.5` or `return=minimal; x=1`. */
export interface HeaderElement {
  /** Lower case. */
  readonly name: string;
  readonly value?: string;
  /** By name in lower case; of two with one name the first counts. A parameter without a value holds an empty text. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** More elements than any client sends are not looked at. */
const most = 50;

/** RFC 9110 §5.6.2; the slash belongs to media ranges (§12.5.1). */
const token = "[!#$%&'*+.^_`|~\\w/-]+";
/** RFC 9110 §5.6.4. */
const quoted = '"(?:[^"\\\\]|\\\\.)*"';
const pair = new RegExp(`^(${token})(?:[ \\t]*=[ \\t]*(${token}|${quoted}))?$`);

/**
 * The elements of a list (RFC 9110 §5.6.1) of names with perhaps a value and parameters: `Accept` (§12.5.1) and `Prefer`
 * (RFC 7240 §2). Empty elements are skipped; a malformed one counts for nothing and leaves the others as they are.
 */
export function headerElements(text: string): readonly HeaderElement[] {
  return splitOutsideQuotes(text, ',').slice(0, most).flatMap(elementOf);
}

function elementOf(text: string): readonly HeaderElement[] {
  const [first, ...rest] = splitOutsideQuotes(text, ';').map(pairOf);
  // An empty parameter is allowed (§5.6.6), an empty name is not.
  if (!first || first === 'empty' || rest.includes(undefined)) return [];
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    if (!parameter || parameter === 'empty' || parameters.has(parameter.name)) continue;
    parameters.set(parameter.name, parameter.value ?? '');
  }
  return [{ ...first, parameters }];
}

interface Pair {
  readonly name: string;
  readonly value?: string;
}

function pairOf(text: string): Pair | 'empty' | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return 'empty';
  const [, name, value] = pair.exec(trimmed) ?? [];
  if (name === undefined) return undefined;
  return { name: name.toLowerCase(), ...(value === undefined ? {} : { value: unquoted(value) }) };
}

const unquoted = (value: string): string =>
  value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value;

/** A quotation mark that is never closed takes in the rest of the text, which then matches no grammar. */
function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let inside = false;
  for (let at = 0; at < text.length; at += 1) {
    const one = text.charAt(at);
    if (inside && one === '\\') at += 1;
    else if (one === '"') inside = !inside;
    else if (!inside && one === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** `*`, or the opaque parts of the tags that were named. */
export type EntityTags = '*' | readonly string[];

/** RFC 9110 §8.8.3. Inside there may be commas, so the list is matched and not split. */
const entityTag = /[ \t]*(?:(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?:,|$)/y;

/**
 * The tags of `If-Match` or `If-None-Match` (RFC 9110 §13.1.1), without their `W/`, since they are compared weakly: every tag the
 * server gives is weak (Graph contract e row 99). Undefined for a text that is no such list, too long, or names none.
 */
export function entityTags(text: string): EntityTags | undefined {
  if (text.trim() === '*') return '*';
  const tags: string[] = [];
  entityTag.lastIndex = 0;
  while (entityTag.lastIndex < text.length) {
    const match = entityTag.exec(text);
    if (!match || tags.length === most) return undefined;
    if (match[1] !== undefined) tags.push(match[1]);
  }
  return tags.length > 0 ? tags : undefined;
}

/** The opaque part of one tag. */
export const opaqueTag = (tag: string): string => tag.replace(/^W\//, '');
