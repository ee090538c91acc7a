import { faults } from '../faults.ts';

/** A literal as written; the model decides later whether it fits the property. */
export type Literal =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null'; readonly value: null }
  /** A moment, and the day as written when no time was. */
  | { readonly kind: 'date'; readonly value: string; readonly day?: string }
  | { readonly kind: 'guid'; readonly value: string };

export type Token = (
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: '(' | ')' | ',' | '/' | ':' }
  | { readonly kind: 'end' }
) & { /** Index of its first character in the filter, from 0. */ readonly at: number };

/** Tokens one filter may have; far above any real filter, far below what could exhaust a parser. */
const most = 1_000;

/**
 * One alternative per token kind, tried in this order: a guid and a date begin like a number or a name. Every alternative
 * is linear. The words of OData 4.01 §5.1.1.14 (literals).
 */
const pattern =
  /(?<space>\s+)|(?<guid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-]))|(?<date>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d))?(?![\w:-]))|(?<number>-?\d{1,18}(?:\.\d{1,18})?(?:e[+-]?\d{1,3})?(?![\w.-]))|(?<string>'(?:[^']|'')*')|(?<name>\$?[a-z_][\w.]*)|(?<mark>[(),/:])/iy;

const words: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['true', { kind: 'boolean', value: true }],
  ['false', { kind: 'boolean', value: false }],
  ['null', { kind: 'null', value: null }],
]);

/** Throws `graph.badFilter` at the first character that begins no token. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const matcher = new RegExp(pattern);
  while (matcher.lastIndex < text.length) {
    const at = matcher.lastIndex;
    const groups = matcher.exec(text)?.groups;
    if (!groups) throw faults.badFilter({ reason: reasonAt(text, at), position: at });
    const token = tokenOf(groups, at);
    if (token) tokens.push(token);
    if (tokens.length > most) throw faults.badFilter({ reason: 'the filter is too long', position: at });
  }
  tokens.push({ kind: 'end', at: text.length });
  return tokens;
}

const reasonAt = (text: string, at: number): string =>
  text[at] === "'" ? 'the text is not closed with a quote' : 'this character is not expected';

function tokenOf(groups: Readonly<Record<string, string | undefined>>, at: number): Token | undefined {
  const { guid, date, number, string, name, mark } = groups;
  if (string !== undefined) {
    return { kind: 'literal', literal: { kind: 'string', value: string.slice(1, -1).replaceAll("''", "'") }, at };
  }
  if (guid !== undefined) return { kind: 'literal', literal: { kind: 'guid', value: guid.toLowerCase() }, at };
  if (date !== undefined) return { kind: 'literal', literal: dateLiteral(date, at), at };
  if (number !== undefined) return { kind: 'literal', literal: { kind: 'number', value: Number(number) }, at };
  if (mark !== undefined) return { kind: 'mark', text: mark as '(', at };
  if (name === undefined) return undefined;
  const literal = words.get(name.toLowerCase());
  return literal ? { kind: 'literal', literal, at } : { kind: 'name', text: name, at };
}

/** A moment in UTC to the second, as times are stored; `Date.parse` alone would take the thirtieth of February. */
function dateLiteral(text: string, position: number): Literal {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  const calendar = new Date(Date.UTC(year, month - 1, day));
  const moment = new Date(text.length > 10 ? text.toUpperCase() : `${text}T00:00:00Z`);
  if (calendar.getUTCMonth() !== month - 1 || Number.isNaN(moment.getTime())) {
    throw faults.badFilter({ reason: 'there is no such date', position });
  }
  const value = `${moment.toISOString().slice(0, 19)}Z`;
  return text.length > 10 ? { kind: 'date', value } : { kind: 'date', value, day: text };
}
