const markup: unique symbol = Symbol('markup');

/** A piece of HTML that is safe to send. `html` and `attributes` make one and escape what they are given. */
export interface Html {
  readonly [markup]: string;
}

/** What may stand in a template: text is escaped, `Html` is not, `undefined` and `false` leave nothing, lists are joined. */
export type Piece = Html | string | number | false | undefined | readonly Piece[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes for element content and for quoted attribute values (HTML §13.1.2.3, §13.1.3). U+0000 is not allowed in either. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? '').replaceAll('\u0000', '\uFFFD');

function print(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (typeof piece === 'string') return escapeHtml(piece);
  if (typeof piece === 'number') return String(piece);
  return markup in piece ? piece[markup] : piece.map(print).join('');
}

/** Where escaping cannot protect: an attribute without quotes, or the inside of a tag. */
const unsafePlace = /(?:=\s*|<\/?)$/;
const checked = new WeakSet<TemplateStringsArray>();

function check(strings: TemplateStringsArray): void {
  if (checked.has(strings)) return;
  if (strings.slice(0, -1).some((part) => unsafePlace.test(part))) {
    throw new TypeError('A value in an HTML template must stand in content or between quotes.');
  }
  checked.add(strings);
}

/**
 * A template whose values are escaped by construction: `` html`<p title="${title}">${words}</p>` ``.
 * Not for values inside `<script>` and `<style>`, where HTML knows no escaping.
 */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  check(strings);
  return { [markup]: strings.reduce((text, part, index) => text + print(pieces[index - 1]) + part) };
}

/**
 * Attributes with a leading space each, or nothing: `true` gives the bare name, `false`, `undefined` and `''` leave it out.
 * Names come from the program, never from a request.
 */
export function attributes(named: Readonly<Record<string, string | number | boolean | undefined>>): Html {
  const parts = Object.entries(named).map(([name, value]) => {
    if (value === undefined || value === false || value === '') return '';
    return value === true ? ` ${name}` : ` ${name}="${escapeHtml(String(value))}"`;
  });
  return { [markup]: parts.join('') };
}

/** Markup that a sanitiser has let through, or that the program made of nothing but its own words. */
export const sanitized = (text: string): Html => ({ [markup]: text });

export const printHtml = (piece: Html): string => piece[markup];
