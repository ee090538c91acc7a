import { isUuid } from '../kernel/index.ts';
import type { EntityType, EnumType, Filter, Path, Property, PropertyType, Scalar, Shape } from '../model/index.ts';
import { faults } from './faults.ts';
import { type Expression, type LiteralAt, type PathText, parseFilter } from './filter-syntax.ts';
import type { Literal } from './filter-tokens.ts';
import { entryNamed } from './surface.ts';

/** The names a path may begin with: the entity's properties, or a lambda's variable. */
interface Scope {
  readonly typeName: string;
  resolve(path: PathText): Resolved;
  /** Collections a lambda may range over; there are none inside a lambda. */
  collection(path: PathText): { readonly path: Path; readonly of: PropertyType; readonly members: readonly string[] };
}

interface Resolved {
  readonly path: Path;
  readonly type: PropertyType;
}

/** A property that a caller may know of at all; internal ones do not exist on the wire. */
export const visible = (property: Property): boolean => property.rules.access !== 'internal';

/** True when the store keeps it in an index, so that a filter or an order by it stays cheap at any size. */
export const indexed = ({ rules }: Property): boolean =>
  rules.access !== 'write' &&
  rules.access !== 'internal' &&
  rules.secret !== true &&
  (rules.indexed === true || rules.unique === true || rules.uniqueTuple !== undefined);

/**
 * Reads `$filter` for a type: names become the declared ones, literals become values of the property's type.
 * Throws `graph.badFilter`, `graph.unknownProperty`, `graph.unsupportedFilter`.
 */
export const readFilter = (text: string, type: EntityType): Filter => bind(parseFilter(text), entityScope(type));

function bind(expression: Expression, scope: Scope): Filter {
  switch (expression.op) {
    case 'and':
    case 'or':
      return { op: expression.op, terms: expression.terms.map((term) => bind(term, scope)) };
    case 'not':
      return { op: 'not', term: bind(expression.term, scope) };
    case 'any':
    case 'all':
      return bindLambda(expression, scope);
    case 'in': {
      const { path, type } = scope.resolve(expression.path);
      return { op: 'in', path, values: expression.values.map((value) => scalar(type, value)) };
    }
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      return bindText(expression.op, expression.path, expression.value, scope);
    default:
      return bindComparison(expression, scope);
  }
}

function bindComparison(
  { op, path: text, value }: Extract<Expression, { readonly op: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' }>,
  scope: Scope,
): Filter {
  const { path, type } = scope.resolve(text);
  const given = scalar(type, value);
  if (op !== 'eq' && op !== 'ne' && (given === null || !ordered(type))) {
    throw faults.badFilter({ reason: `'${op}' does not apply to this value`, position: value.at });
  }
  return { op, path, value: given };
}

function bindText(op: 'startsWith' | 'endsWith' | 'contains', text: PathText, value: LiteralAt, scope: Scope): Filter {
  const { path, type } = scope.resolve(text);
  if (type.kind !== 'string') throw faults.badFilter({ reason: `'${op}' needs a property of text`, position: text.at });
  if (value.literal.kind !== 'string') throw faults.badFilter({ reason: 'a text is expected', position: value.at });
  return { op, path, value: value.literal.value };
}

function bindLambda(
  { op, path: text, variable, where }: Extract<Expression, { readonly op: 'any' | 'all' }>,
  scope: Scope,
): Filter {
  const { path, of, members } = scope.collection(text);
  if (where === undefined || variable === undefined) return { op, path };
  return { op, path, where: bind(where, elementScope(scope.typeName, variable, of, members)) };
}

const ordered = (type: PropertyType): boolean =>
  type.kind !== 'boolean' && type.kind !== 'enum' && type.kind !== 'guid';

function entityScope(type: EntityType): Scope {
  const unsupported = (path: PathText) =>
    faults.unsupportedFilter({ property: path.names.join('/').slice(0, 128), type: type.name });
  const property = (path: PathText): readonly [string, Property] => {
    const entry = entryNamed(type.properties as Shape, path.names[0] ?? '');
    if (!entry || !visible(entry[1])) {
      throw faults.unknownProperty({ property: path.names[0]?.slice(0, 128), type: type.name });
    }
    if (path.names.length > 1 || !indexed(entry[1])) throw unsupported(path);
    return entry;
  };
  return {
    typeName: type.name,
    resolve(path) {
      if (path.names.length === 1 && path.names[0]?.toLowerCase() === 'id') {
        return { path: ['id'], type: { kind: 'string' } };
      }
      const [name, found] = property(path);
      if (found.type.kind === 'collection' || found.type.kind === 'complex') throw unsupported(path);
      return { path: [name], type: found.type };
    },
    collection(path) {
      const [name, found] = property(path);
      if (found.type.kind !== 'collection') throw unsupported(path);
      return { path: [name], of: found.type.of, members: found.rules.uniqueTuple ?? [] };
    },
  };
}

/** Inside `x/any(v:…)`: `v` alone for plain values, `v/member` for the indexed members of complex ones. */
function elementScope(typeName: string, variable: string, of: PropertyType, members: readonly string[]): Scope {
  const unsupported = (path: PathText) =>
    faults.unsupportedFilter({ property: path.names.join('/').slice(0, 128), type: typeName });
  return {
    typeName,
    resolve(path) {
      const [first, member, ...rest] = path.names;
      if (first !== variable) {
        throw faults.badFilter({ reason: `the name must begin with '${variable.slice(0, 64)}/'`, position: path.at });
      }
      if (member === undefined && of.kind !== 'complex') return { path: [], type: of };
      if (of.kind !== 'complex' || member === undefined || rest.length > 0) throw unsupported(path);
      const entry = entryNamed(of.type.properties, member);
      if (!entry || !members.includes(entry[0])) throw unsupported(path);
      return { path: [entry[0]], type: entry[1].type };
    },
    collection(path) {
      throw unsupported(path);
    },
  };
}

/** Which literals a property of a kind is compared with. Ids and names may look like GUIDs, so text takes those too. */
const literals: Readonly<Partial<Record<PropertyType['kind'], readonly Literal['kind'][]>>> = {
  string: ['string', 'guid'],
  guid: ['string', 'guid'],
  boolean: ['boolean'],
  int32: ['number'],
  int64: ['number'],
  single: ['number'],
  dateTimeOffset: ['date'],
  enum: ['string'],
};

function scalar(type: PropertyType, { literal, at }: LiteralAt): Scalar {
  if (literal.kind === 'null') return null;
  const fits = literals[type.kind]?.includes(literal.kind) && (type.kind !== 'guid' || isUuid(String(literal.value)));
  if (!fits) throw faults.badFilter({ reason: `a value of type ${type.kind} is expected`, position: at });
  return type.kind === 'enum' ? memberNamed(type.type, String(literal.value), at) : literal.value;
}

function memberNamed(type: EnumType, text: string, position: number): string {
  const member = entryNamed(type.members, text)?.[0];
  if (member === undefined) throw faults.badFilter({ reason: `'${type.name}' has no such member`, position });
  return member;
}
