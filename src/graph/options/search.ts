import { type EntityType, type Filter, type Property, type Shape, wordsOf } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { entryNamed, readable, visible } from '../surface.ts';

type Token = { readonly kind: 'clause'; readonly text: string } | { readonly kind: 'and' | 'or' | '(' | ')' | 'end' };

const mostClauses = 20;
const deepest = 8;

/** A clause stands in quotes, in which `\` makes a quote or a `\` ordinary; the operators are in upper case. */
const pattern = /\s*(?:"(?<clause>(?:[^"\\]|\\.)*)"|(?<word>AND|OR)(?![A-Za-z])|(?<mark>[()]))\s*/sy;

const bad = (reason: string) => faults.badOption({ option: '$search', reason });

/**
 * Reads `$search` of directory objects: clauses `"property:text"`, `AND` before `OR`, parentheses. A property that is kept by its
 * words is found by the beginnings of all words of the text, in any order; another one by its own beginning
 * (https://learn.microsoft.com/graph/search-query-parameter#using-search-on-directory-object-collections). Throws `graph.badOption`,
 * `graph.unknownProperty`, `graph.unsupportedFilter`, `graph.notIndexed`.
 */
export function readSearch(text: string, type: EntityType): Filter {
  const tokens = tokenize(text);
  let next = 0;
  const peek = (): Token['kind'] => tokens[next]?.kind ?? 'end';
  const take = (): Token => tokens[next++] ?? { kind: 'end' };
  const term = (depth: number): Filter => {
    const token = take();
    if (token.kind === 'clause') return clause(token.text, type);
    if (token.kind !== '(') throw bad('a clause in double quotes is expected');
    if (depth === deepest) throw bad(`it is nested deeper than ${deepest} levels`);
    const inner = chain('or', () => chain('and', () => term(depth + 1)));
    if (take().kind !== ')') throw bad("')' is expected");
    return inner;
  };
  const chain = (op: 'and' | 'or', part: () => Filter): Filter => {
    const terms = [part()];
    while (peek() === op) {
      take();
      terms.push(part());
    }
    const [only] = terms;
    return only && terms.length === 1 ? only : { op, terms };
  };
  const filter = chain('or', () => chain('and', () => term(0)));
  if (peek() !== 'end') throw bad('AND or OR is expected between clauses');
  return filter;
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const matcher = new RegExp(pattern);
  while (matcher.lastIndex < text.length) {
    const groups = matcher.exec(text)?.groups;
    if (!groups) throw bad('clauses must stand in double quotes, as in "displayName:adele"');
    tokens.push(tokenOf(groups));
    if (tokens.filter(({ kind }) => kind === 'clause').length > mostClauses) {
      throw bad(`it has more than ${mostClauses} clauses`);
    }
  }
  return tokens;
}

function tokenOf({ clause: quoted, word, mark }: Readonly<Record<string, string | undefined>>): Token {
  if (quoted !== undefined) return { kind: 'clause', text: quoted.replace(/\\(.)/gs, '$1') };
  if (word !== undefined) return { kind: word === 'AND' ? 'and' : 'or' };
  return { kind: mark === '(' ? '(' : ')' };
}

function clause(text: string, type: EntityType): Filter {
  const colon = text.indexOf(':');
  const [name, wanted] = [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  if (colon < 1 || wanted === '') throw bad('each clause must be "property:text"');
  const entry = entryNamed(type.properties as Shape, name);
  if (!entry || !visible(entry[1])) {
    throw faults.unknownProperty({ property: name.slice(0, 128), type: type.name });
  }
  return condition(entry, wanted, type);
}

function condition([name, property]: readonly [string, Property], wanted: string, { name: type }: EntityType): Filter {
  const { rules } = property;
  const searchable = property.type.kind === 'string' && readable(property) && rules.secret !== true;
  if (!searchable) throw faults.unsupportedFilter({ property: name, type });
  if (!rules.words) {
    if (!rules.indexed && !rules.unique) throw faults.notIndexed();
    return { op: 'startsWith', path: [name], value: wanted };
  }
  const terms = wordsOf(wanted).map((value): Filter => ({ op: 'word', path: [name], value }));
  const [only] = terms;
  if (!only) throw bad('each clause must hold a letter or a digit');
  return terms.length === 1 ? only : { op: 'and', terms };
}
