/** Which XML from outside is let near a parser. Those at hand take quadratic time for what is large, and repair what is broken. */

export interface Bounds {
  readonly characters: number;
  readonly tags: number;
  /** Of tags. */
  readonly attributes: number;
  readonly depth: number;
}

/** An honest answer with fifty attributes has 30,000 characters, 400 tags and 300 attributes of tags, eight deep. */
const answerBounds: Bounds = { characters: 100_000, tags: 1_200, attributes: 1_200, depth: 24 };

/** `Name="value"` (XML 1.0 §3.1); names are ASCII in all of SAML. */
const attribute = /\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*')/g;
const tag = /<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const declaration = /^\ufeff?<\?xml\s[^<>?]*\?>/;

/** Only references that need no document type (§4.1, §4.6). */
const references = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\dA-Fa-f]{1,6});)/;

const broken = 'it is not well-formed';

interface Tag {
  readonly name: string;
  readonly kind: 'opens' | 'closes' | 'stands alone';
  readonly attributes: number;
}

/** The tag at a place; the next one is looked for behind it. */
function tagAt(text: string, at: number): Tag | undefined {
  tag.lastIndex = at;
  const [, closes, name = '', named = '', isEmpty] = tag.exec(text) ?? [];
  if (name === '' || (closes && (named !== '' || isEmpty))) return undefined;
  const kind = closes ? 'closes' : isEmpty ? 'stands alone' : 'opens';
  return { name, kind, attributes: named.match(attribute)?.length ?? 0 };
}

function flawOfTags(text: string, most: Bounds): string | undefined {
  const open: string[] = [];
  let [tags, attributes, ended] = [0, 0, false];
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', tag.lastIndex)) {
    const found = tagAt(text, at);
    if (!found || ended) return broken;
    tags += 1;
    attributes += found.attributes;
    if (found.kind === 'opens') open.push(found.name);
    if (found.kind === 'closes' && open.pop() !== found.name) return broken;
    if (tags > most.tags || attributes > most.attributes || open.length > most.depth) return 'there is too much in it';
    ended = open.length === 0;
  }
  return ended ? undefined : broken;
}

/**
 * Refuses what honest providers do not send and parsers disagree on: document types and with them entities, comments (which once cut names
 * in two), CDATA, processing instructions, and what is broken or large. `undefined`: it may be parsed.
 */
export function flawOfXml(text: string, most: Bounds = answerBounds): string | undefined {
  if (text.length > most.characters) return 'it is too long';
  const body = text.replace(declaration, '');
  if (/<[!?]/.test(body)) return 'it holds a comment, a document type or an instruction';
  return references.test(body) ? 'it refers to an entity' : flawOfTags(body, most);
}
