import { isoDateTime } from '../../kernel/index.ts';
import {
  bareTypeName,
  type Comparison,
  type EntityType,
  type Filter,
  fold,
  isA,
  isUnbounded,
  type Operand,
  type PropertyRules,
  type PropertyType,
  typeByName,
  typesOf,
  type Version,
} from '../../model/index.ts';
import { faults } from '../faults.ts';
import { checkArity, kindOfCall } from './call.ts';
import type { CallText, Expression, LiteralAt, Term } from './filter-syntax.ts';
import { demandIndex, type Use } from './index-law.ts';
import { comparable, type Kind, kindOf, kindOfLiteral, membersNamed, scalarOf } from './literal.ts';
import { concreteNames, type PathText, type Relation, type Root, type Self, type Site, walkPath } from './path.ts';

/** What names are resolved in: the entities of a collection, or the elements a lambda ranges over. */
export interface Scope {
  readonly root: Root;
  /** Paths begin with it. */
  readonly variable?: string;
  /** The rules of the collection whose elements these are. */
  readonly element?: PropertyRules;
  /** The collection may hold millions. */
  readonly indexed: boolean;
  /** For errors. */
  readonly typeName: string;
  readonly version: Version;
  /** Seconds since 1970. */
  readonly now: number;
}

/** The scope of a filter of entities of the type. */
export const entityScope = (type: EntityType, version: Version, now: number): Scope => ({
  root: { entity: type },
  indexed: isUnbounded(type),
  typeName: type.name,
  version,
  now,
});

/** Gives the names and literals of a filter their meaning. Throws `graph.badFilter`, `graph.unknownProperty`, `graph.unsupportedFilter`, `graph.notIndexed`. */
export function bind(expression: Expression, scope: Scope): Filter {
  switch (expression.op) {
    case 'and':
    case 'or':
      return { op: expression.op, terms: expression.terms.map((term) => bind(term, scope)) };
    case 'not':
      return bindNot(expression.term, scope);
    case 'any':
    case 'all':
      return bindLambda(expression, scope);
    case 'in':
      return bindMembership(expression, scope);
    case 'has':
      return bindFlags(expression, scope);
    case 'isof':
      return bindIsof(expression, scope);
    case 'holds':
      return bindBoolean(expression.term, scope);
    default:
      return bindComparison(expression, scope);
  }
}

function bindNot(term: Expression, scope: Scope): Filter {
  if (scope.indexed && scope.element) {
    throw faults.unsupportedFilter({ property: 'not', type: scope.typeName });
  }
  return { op: 'not', term: bind(term, scope) };
}

const nameOf = ({ names }: PathText): string => names.join('/').slice(0, 128);

function resolve(text: PathText, scope: Scope): Site | Relation | Self {
  const { variable, root, version } = scope;
  const refusal = () => refused(text, scope);
  if (variable === undefined) return walkPath(text, root, version, refusal);
  const [first, ...rest] = text.names;
  if (first === variable) return walkPath({ ...text, names: rest }, root, version, refusal);
  throw faults.badFilter({ reason: `the name must begin with '${variable.slice(0, 64)}/'`, position: text.at });
}

const refused = (text: PathText, { typeName }: Scope) =>
  faults.unsupportedFilter({ property: nameOf(text), type: typeName });

/** A single value, which the use may be made of. */
function site(text: PathText, use: Use, scope: Scope): Site {
  const found = resolve(text, scope);
  if (found.kind !== 'site' || kindOf(found.type) === 'none') throw refused(text, scope);
  if (scope.indexed) demandIndex(found, use, () => refused(text, scope), scope.element);
  return found;
}

/** What the test says of null. */
function ofNull(test: Filter): boolean {
  if (test.op === 'eq') return test.value === null;
  if (test.op === 'ne') return test.value !== null;
  return test.op === 'in' ? test.values.includes(null) : test.op === 'all';
}

const wrapped = ({ wrap }: Pick<Site, 'wrap'>, test: Filter): Filter => wrap(test, ofNull(test));

/** `'x' lt name` is `name gt 'x'`. */
const mirrored: Readonly<Record<Comparison, Comparison>> = {
  eq: 'eq',
  ne: 'ne',
  gt: 'lt',
  ge: 'le',
  lt: 'gt',
  le: 'ge',
};

type Compared = Extract<Expression, { readonly op: Comparison }>;

function bindComparison(expression: Compared, scope: Scope): Filter {
  const [left, right] = [plain(expression.left, scope), plain(expression.right, scope)];
  const { op, at } = expression;
  if ('literal' in left) {
    if ('literal' in right) throw faults.badFilter({ reason: 'a property name is expected', position: right.at });
    return bindComparison({ op: mirrored[op], left: right, right: left, at }, scope);
  }
  if ('literal' in right && 'path' in left) return compareWith(op, left.path, right, scope);
  if ('literal' in right && typeof right.literal.value === 'boolean' && (op === 'eq' || op === 'ne')) {
    const holds = bindBoolean(left, scope);
    return right.literal.value === (op === 'eq') ? holds : { op: 'not', term: holds };
  }
  return compare(op, left, right, scope);
}

/** Texts are compared without regard to case, so that a property in lower case is the property; and `now()` is a moment. */
function plain(term: Term, scope: Scope): Term {
  if (!('call' in term)) return term;
  const { call, of, at } = term;
  if (call === 'now' && of.length === 0) return { literal: { kind: 'date', value: isoDateTime(scope.now) }, at };
  const [only] = call === 'tolower' || call === 'toupper' ? of : [];
  return only && of.length === 1 && 'path' in only ? only : term;
}

function compareWith(op: Comparison, text: PathText, given: LiteralAt, scope: Scope): Filter {
  const found = site(text, op, scope);
  const value = scalarOf(found.type, given);
  if (op !== 'eq' && op !== 'ne' && (value === null || !ordered(found.type))) {
    throw faults.badFilter({ reason: `'${op}' does not apply to this value`, position: given.at });
  }
  const { operand } = found;
  if ('path' in operand) return wrapped(found, { op, path: operand.path, value });
  return { op: 'compare', by: op, left: operand, right: { value } };
}

const ordered = (type: PropertyType | undefined): boolean =>
  type?.kind !== 'boolean' && type?.kind !== 'enum' && type?.kind !== 'guid';

function compare(op: Comparison, left: Term, right: Term, scope: Scope): Filter {
  const [a, b] = [operandOf(left, scope), operandOf(right, scope)];
  const [x, y] = [sameDay(a, b), sameDay(b, a)];
  if (!comparable(x.kind, y.kind)) {
    throw faults.badFilter({ reason: `a value of type ${x.kind} is expected`, position: y.at });
  }
  if (op !== 'eq' && op !== 'ne' && [x.kind, y.kind].includes('boolean')) {
    throw faults.badFilter({ reason: `'${op}' does not apply to this value`, position: y.at });
  }
  return { op: 'compare', by: op, left: x.operand, right: y.operand };
}

interface Bound {
  readonly operand: Operand;
  readonly kind: Kind;
  readonly at: number;
  /** A literal day, as written. */
  readonly day?: string;
}

const sameDay = (one: Bound, other: Bound): Bound =>
  one.day !== undefined && other.kind === 'day' ? { ...one, operand: { value: one.day }, kind: 'day' } : one;

function operandOf(term: Term, scope: Scope): Bound {
  if ('literal' in term) {
    const { literal, at } = term;
    const day = literal.kind === 'date' && literal.day !== undefined ? { day: literal.day } : {};
    return { operand: { value: literal.value }, kind: kindOfLiteral(literal), at, ...day };
  }
  if ('call' in term) return callOf(term, scope);
  const found = site(term.path, 'compare', scope);
  // What leads nowhere is null in a test; in a calculation there is nothing to wrap.
  if (!found.plain) throw refused(term.path, scope);
  return { operand: found.operand, kind: kindOf(found.type), at: term.path.at };
}

function callOf({ call, of, at }: CallText, scope: Scope): Bound {
  if (call === 'now') throw faults.badFilter({ reason: "'now' takes no arguments", position: at });
  checkArity(call, of.length, at);
  const given = of.map((term) => operandOf(plain(term, scope), scope));
  return { operand: { call, of: given.map(({ operand }) => operand) }, kind: kindOfCall(call, given), at };
}

const textTests = { startswith: 'startsWith', endswith: 'endsWith', contains: 'contains' } as const;

const isTextTest = (call: string): call is keyof typeof textTests => Object.hasOwn(textTests, call);

/** A boolean that stands for itself: a property, or what a function gives. */
function bindBoolean(term: Exclude<Term, LiteralAt>, scope: Scope): Filter {
  if ('path' in term) {
    return compareWith('eq', term.path, { literal: { kind: 'boolean', value: true }, at: term.path.at }, scope);
  }
  const [text, part, ...rest] = term.of.map((one) => plain(one, scope));
  if (isTextTest(term.call) && text && part && rest.length === 0 && 'path' in text && 'literal' in part) {
    return bindText(textTests[term.call], text.path, part, scope);
  }
  const { operand, kind, at } = callOf(term, scope);
  if (kind !== 'boolean') throw faults.badFilter({ reason: 'a comparison is expected', position: at });
  return { op: 'compare', by: 'eq', left: operand, right: { value: true } };
}

function bindText(op: 'startsWith' | 'endsWith' | 'contains', text: PathText, value: LiteralAt, scope: Scope): Filter {
  const found = site(text, op, scope);
  if (found.type && found.type.kind !== 'string') {
    throw faults.badFilter({ reason: `'${op}' needs a property of text`, position: text.at });
  }
  if (value.literal.kind !== 'string') throw faults.badFilter({ reason: 'a text is expected', position: value.at });
  if (!('path' in found.operand)) throw refused(text, scope);
  return wrapped(found, { op, path: found.operand.path, value: value.literal.value });
}

function bindMembership({ left, values }: Extract<Expression, { op: 'in' }>, scope: Scope): Filter {
  const term = plain(left, scope);
  if ('path' in term) {
    const found = site(term.path, 'in', scope);
    const { operand } = found;
    const given = values.map((value) => scalarOf(found.type, value));
    if ('path' in operand) return wrapped(found, { op: 'in', path: operand.path, values: given });
  }
  return { op: 'or', terms: values.map((value) => compare('eq', term, value, scope)) };
}

function bindFlags({ path, value }: Extract<Expression, { op: 'has' }>, scope: Scope): Filter {
  const found = site(path, 'has', scope);
  if (found.type?.kind !== 'enum' || !found.type.type.flags || !('path' in found.operand)) {
    throw faults.badFilter({ reason: "'has' needs a property of flags", position: path.at });
  }
  const { literal, at } = value;
  if (literal.kind !== 'string') throw faults.badFilter({ reason: 'a member of the flags is expected', position: at });
  const members = membersNamed(found.type.type, literal.value, at);
  return wrapped(found, { op: 'has', path: found.operand.path, members });
}

function bindIsof({ path, typeName, at }: Extract<Expression, { op: 'isof' }>, scope: Scope): Filter {
  const itself = { names: scope.variable === undefined ? [] : [scope.variable], at };
  const found = resolve(path ?? itself, scope);
  if (scope.indexed || found.kind === 'relation') throw refused(path ?? { names: ['isof'], at }, scope);
  const noType = () => faults.badFilter({ reason: `'${typeName.slice(0, 128)}' is no type of this`, position: at });
  if (found.kind === 'self') {
    const type = typeByName(typeName);
    if (!type || !(isA(type, found.entity) || isA(found.entity, type))) throw noType();
    const types = concreteNames(type).filter((name) => concreteNames(found.entity).includes(name));
    return found.wrap({ op: 'isof', path: [], types }, false);
  }
  if (found.type?.kind !== 'complex' || !('path' in found.operand)) throw noType();
  const types = typesOf(found.type)
    .map(({ name }) => name)
    .filter((name) => fold(name) === fold(bareTypeName(typeName)));
  if (types.length === 0) throw noType();
  return found.wrap({ op: 'isof', path: found.operand.path, types }, false);
}

type Lambda = Extract<Expression, { readonly op: 'any' | 'all' }>;

function bindLambda(expression: Lambda, scope: Scope): Filter {
  const { op, path: text, variable } = expression;
  const found = resolve(text, scope);
  if (found.kind === 'relation') return bindRelated(expression, found, scope);
  const isList = found.kind === 'site' && (found.type === undefined || found.type.kind === 'collection');
  if (!isList || !('path' in found.operand)) throw refused(text, scope);
  const { path } = found.operand;
  const value = found.type?.kind === 'collection' ? found.type.of : undefined;
  const where = expression.where;
  if (scope.indexed && (op === 'all' || !where || scope.element)) throw refused(text, scope);
  if (!where || variable === undefined) return wrapped(found, { op, path });
  // An undeclared collection is indexed as every undeclared member is.
  const element = found.type ? found.rules : ({ indexed: true } as const);
  const inner = bind(where, { ...scope, root: { value }, variable, element });
  if (scope.indexed && !namesTuple(inner, element)) throw refused(text, scope);
  return wrapped(found, { op, path, where: inner });
}

/** A unique tuple is looked up as a whole. */
function namesTuple(where: Filter, { uniqueTuple }: PropertyRules): boolean {
  const terms = where.op === 'and' ? where.terms : [where];
  const named = terms.flatMap((term) => (term.op === 'eq' && term.value !== null ? [term.path.join('/')] : []));
  return uniqueTuple?.every((member) => named.includes(member)) ?? true;
}

function bindRelated({ op, path, variable, where }: Lambda, found: Relation, scope: Scope): Filter {
  const { navigation, target, wrap } = found;
  // The store asks an entity for its links, never an element of a collection.
  if (scope.indexed || scope.element) throw refused(path, scope);
  if (!where || variable === undefined) return wrap({ op: 'linked', navigation }, false);
  const inner = bind(where, { ...entityScope(target, scope.version, scope.now), variable, indexed: false });
  if (op === 'any') return wrap({ op: 'linked', navigation, where: inner }, false);
  const exception: Filter = { op: 'linked', navigation, where: { op: 'not', term: inner } };
  return wrap({ op: 'not', term: exception }, true);
}
