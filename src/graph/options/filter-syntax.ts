import type { Comparison, FunctionName } from '../../model/index.ts';
import { functionNames } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { type Literal, type Token, tokenize } from './filter-tokens.ts';
import type { PathText } from './path.ts';

export interface LiteralAt {
  readonly literal: Literal;
  readonly at: number;
}

export interface CallText {
  readonly call: Exclude<FunctionName, 'count'> | 'now';
  readonly of: readonly Term[];
  readonly at: number;
}

/** What stands on one side of an operator. */
export type Term = { readonly path: PathText } | LiteralAt | CallText;

/** A filter as written, before the model is asked whether its names exist. */
export type Expression =
  | { readonly op: Comparison; readonly left: Term; readonly right: Term; readonly at: number }
  | { readonly op: 'in'; readonly left: Term; readonly values: readonly LiteralAt[]; readonly at: number }
  | { readonly op: 'has'; readonly path: PathText; readonly value: LiteralAt }
  /** Without a path: the entity or element itself. */
  | { readonly op: 'isof'; readonly path?: PathText; readonly typeName: string; readonly at: number }
  /** A boolean that stands for itself. */
  | { readonly op: 'holds'; readonly term: Exclude<Term, LiteralAt>; readonly at: number }
  | { readonly op: 'and' | 'or'; readonly terms: readonly Expression[] }
  | { readonly op: 'not'; readonly term: Expression }
  | {
      readonly op: 'any' | 'all';
      readonly path: PathText;
      readonly variable?: string;
      readonly where?: Expression;
    };

/** Nesting of parentheses, `not`, calls and lambdas; a recursive parser must have an end. */
const deepest = 32;
/** Values of one `in`. */
const mostValues = 100;
const mostArguments = 3;

const comparisons: ReadonlyMap<string, Comparison> = new Map(
  (['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const).map((name) => [name, name]),
);
const functions: ReadonlyMap<string, CallText['call']> = new Map(
  [...functionNames.filter((name) => name !== 'count'), 'now' as const].map((name) => [name, name]),
);
const binding: Readonly<Record<'or' | 'and', number>> = { or: 1, and: 2 };

/**
 * Parses `$filter` by precedence climbing: `or` binds weakest, then `and`, then comparisons and `not`
 * (OData 4.01 URL conventions §5.1.1.16). Throws `graph.badFilter` with the position.
 */
export function parseFilter(text: string): Expression {
  const parser = new Parser(tokenize(text));
  const expression = parser.expression(0);
  parser.end();
  return expression;
}

/** Holds the place in the token list while one filter is read. */
class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  expression(weakest: number): Expression {
    let left = this.#unary();
    for (;;) {
      const op = this.#peekWord();
      if ((op !== 'and' && op !== 'or') || binding[op] <= weakest) return left;
      this.#take();
      left = joined(op, left, this.expression(binding[op]));
    }
  }

  end(): void {
    const token = this.#peek();
    if (token.kind !== 'end') throw this.#unexpected(token);
  }

  #unary(): Expression {
    if (this.#peekWord() === 'not') {
      this.#take();
      return { op: 'not', term: this.#nested(() => this.#unary()) };
    }
    if (this.#peekMark('(')) {
      this.#take();
      const inner = this.#nested(() => this.expression(0));
      this.#expect(')');
      return inner;
    }
    return this.#predicate();
  }

  #predicate(): Expression {
    if (this.#peekWord() === 'isof' && this.#peekMark('(', 1)) return this.#isof();
    const { at } = this.#peek();
    const left = this.#term();
    if ('path' in left && this.#peekMark('(')) return this.#lambda(left.path);
    const op = this.#peekWord() ?? '';
    if (op === 'in') return this.#membership(left, at);
    if (op === 'has') return this.#flag(left);
    const comparison = comparisons.get(op);
    if (comparison) {
      this.#take();
      return { op: comparison, left, right: this.#term(), at };
    }
    // A boolean property stands for itself: `accountEnabled and …`.
    if (!('literal' in left)) return { op: 'holds', term: left, at };
    throw this.#unexpected(this.#peek());
  }

  #isof(): Expression {
    const { at } = this.#take();
    this.#expect('(');
    const first = this.#typeOrPath();
    if (!this.#peekMark(',')) {
      this.#expect(')');
      return { op: 'isof', typeName: first.names.join('/'), at };
    }
    this.#take();
    const type = this.#typeOrPath();
    this.#expect(')');
    return { op: 'isof', path: first, typeName: type.names.join('/'), at };
  }

  /** A type stands in quotes or not. */
  #typeOrPath(): PathText {
    const term = this.#term();
    if ('path' in term) return term.path;
    if ('literal' in term && term.literal.kind === 'string') return { names: [term.literal.value], at: term.at };
    throw faults.badFilter({ reason: 'a type name is expected', position: term.at });
  }

  #lambda(path: PathText): Expression {
    const op = path.names.at(-1)?.toLowerCase();
    const rest = { names: path.names.slice(0, -1), at: path.at };
    if ((op !== 'any' && op !== 'all') || rest.names.length === 0) {
      throw faults.badFilter({
        reason: `there is no function '${path.names.join('/').slice(0, 64)}'`,
        position: path.at,
      });
    }
    this.#expect('(');
    if (op === 'any' && this.#peekMark(')')) {
      this.#take();
      return { op, path: rest };
    }
    const variable = this.#name();
    this.#expect(':');
    const where = this.#nested(() => this.expression(0));
    this.#expect(')');
    return { op, path: rest, variable, where };
  }

  #membership(left: Term, at: number): Expression {
    if ('literal' in left) throw faults.badFilter({ reason: 'a property name is expected', position: left.at });
    this.#take();
    this.#expect('(');
    const values = [this.#literal()];
    while (this.#peekMark(',')) {
      const comma = this.#take();
      if (values.length === mostValues)
        throw faults.badFilter({ reason: `'in' takes at most ${mostValues} values`, position: comma.at });
      values.push(this.#literal());
    }
    this.#expect(')');
    return { op: 'in', left, values, at };
  }

  #flag(left: Term): Expression {
    if (!('path' in left)) throw faults.badFilter({ reason: 'a property name is expected', position: left.at });
    this.#take();
    return { op: 'has', path: left.path, value: this.#literal() };
  }

  #literal(): LiteralAt {
    const term = this.#term();
    if ('literal' in term) return term;
    const position = 'path' in term ? term.path.at : term.at;
    throw faults.badFilter({ reason: 'a literal value is expected', position });
  }

  #term(): Term {
    const token = this.#peek();
    if (token.kind === 'literal') {
      this.#take();
      return { literal: token.literal, at: token.at };
    }
    const call = functions.get(this.#peekWord() ?? '');
    if (call && this.#peekMark('(', 1)) return this.#call(call);
    const names = [this.#name()];
    // `microsoft.graph.userFlowType'signUp'`: an enumeration member with its type; the model knows the type already.
    const next = this.#peek();
    if (names[0]?.includes('.') && next.kind === 'literal' && next.literal.kind === 'string') {
      this.#take();
      return { literal: next.literal, at: next.at };
    }
    while (this.#peekMark('/')) {
      this.#take();
      names.push(this.#name());
    }
    return { path: { names, at: token.at } };
  }

  #call(call: CallText['call']): CallText {
    const { at } = this.#take();
    this.#expect('(');
    const of: Term[] = [];
    while (!this.#peekMark(')') && of.length < mostArguments) {
      if (of.length > 0) this.#expect(',');
      of.push(this.#nested(() => this.#term()));
    }
    this.#expect(')');
    return { call, of, at };
  }

  #name(): string {
    const token = this.#peek();
    if (token.kind !== 'name') throw this.#unexpected(token);
    this.#take();
    return token.text;
  }

  #nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > deepest) {
      throw faults.badFilter({ reason: `it is nested deeper than ${deepest} levels`, position: this.#peek().at });
    }
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? { kind: 'end', at: this.#tokens.at(-1)?.at ?? 0 };
  }

  #peekMark(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token.kind === 'mark' && token.text === text;
  }

  #peekWord(): string | undefined {
    const token = this.#peek();
    return token.kind === 'name' ? token.text.toLowerCase() : undefined;
  }

  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #expect(text: string): void {
    const token = this.#peek();
    if (!this.#peekMark(text)) throw faults.badFilter({ reason: `'${text}' is expected`, position: token.at });
    this.#take();
  }

  #unexpected({ kind, at }: Token) {
    return faults.badFilter({
      reason: kind === 'end' ? 'it ends too early' : 'this is not expected here',
      position: at,
    });
  }
}

/** `a and b and c` becomes one `and` of three, so that long chains are not deep. */
function joined(op: 'and' | 'or', left: Expression, right: Expression): Expression {
  const terms = left.op === op ? [...left.terms, right] : [left, right];
  return { op, terms };
}
