import { createLru } from '../../kernel/index.ts';
import {
  bareTypeName,
  type EntityType,
  isA,
  largestPage,
  type Navigation,
  type Property,
  type Shape,
  typeByName,
  type Version,
} from '../../model/index.ts';
import { faults } from '../faults.ts';
import { type Options, optionNamed, type SystemOption } from '../request.ts';
import { entryNamed, familyBelow, navigationAt, readable, visible } from '../surface.ts';
import { type Asking, type Listing, readSelection } from './listing.ts';
import { concreteNames } from './path.ts';
import { split } from './split.ts';

/** Which members of an entity are returned. */
export interface Projection {
  /** Declared names, in the order asked for; absent: every property that is returned by default. */
  readonly select?: readonly string[];
  /** The caller may see no others; absent: everything. */
  readonly shown?: ReadonlySet<string>;
  readonly expand: readonly Expansion[];
}

/** Related entities that are wanted beside an entity. */
export interface Expansion {
  /** The navigation's name as declared. */
  readonly name: string;
  readonly navigation: Navigation;
  /** Only entities of this type have it; others of the page are shown without. */
  readonly on?: EntityType;
  /** Nobody asked for it; the reference shows it always. */
  readonly implied?: true;
  readonly projection: Projection;
  /** `top`: as many as the caller wants; the rest is not linked then. */
  readonly listing: Omit<Listing, 'limit' | 'after'> & { readonly top?: number };
  /** The options in the parentheses as they were written, for the address of the rest. */
  readonly options: readonly (readonly [SystemOption, string])[];
}

/** Where relationships can be expanded: an entity, or for one in a complex value that value. */
export interface Expandable {
  readonly typeName: string;
  find(name: string): Pick<Expansion, 'name' | 'navigation' | 'on'> | undefined;
  /** What `*` stands for. */
  readonly every: readonly string[];
}

const mostSelected = 100;
/** Relationships at one level, levels, and relationships in all. */
const most = { beside: 8, deep: 3, all: 12 } as const;

/** Throws `graph.badOption`, `graph.unsupportedOption`, `graph.unknownProperty` and what `readSelection` throws. */
export function readProjection(options: Options, asking: Asking): Projection {
  const { type, version } = asking;
  const [select, expand] = [options.get('$select'), options.get('$expand')];
  const selected = select === undefined ? undefined : readSelect(select, type);
  const read = expand === undefined ? [] : readExpand(expand, expandable(type, version), asking);
  if (countAll(read) > most.all) throw badExpand(`it names more than ${most.all} relationships`);
  return { ...(selected === undefined ? {} : { select: selected }), expand: read };
}

const badExpand = (reason: string) => faults.badOption({ option: '$expand', reason });

const countAll = (expand: readonly Expansion[]): number =>
  expand.reduce((sum, { projection }) => sum + 1 + countAll(projection.expand), 0);

/** Lists that were read; clients ask for the same ones again. */
const selections = createLru<readonly string[]>(500);
/** Characters of a text that is kept. */
const longestKept = 500;

function readSelect(text: string, type: EntityType): readonly string[] {
  const key = `${type.name} ${text}`;
  const known = selections.get(key);
  if (known) return known;
  const names = readNames(text, type);
  if (text.length <= longestKept) selections.set(key, names);
  return names;
}

/** `*` asks for what is returned by default, together with what else is named. */
function readNames(text: string, type: EntityType): readonly string[] {
  const names = text.split(',', mostSelected + 1).map((name) => name.trim());
  if (names.length > mostSelected) {
    throw faults.badOption({ option: '$select', reason: `it names more than ${mostSelected} properties` });
  }
  const selected = names.flatMap((name) => (name === '*' ? defaults(type) : [selectable(name, type)]));
  return [...new Set(selected)];
}

/** The properties that are returned when nothing is selected. */
export const defaults = (type: EntityType): readonly string[] => [
  'id',
  ...familyBelow(type).flatMap(({ properties }) =>
    Object.entries(properties as Shape)
      .filter(([, property]) => readable(property) && !property.rules.onSelect)
      .map(([name]) => name),
  ),
];

function selectable(name: string, type: EntityType): string {
  const [first = '', ...rest] = name.split('/');
  // `microsoft.graph.T/name`: a member that only entities of that type have.
  if (first.includes('.') && rest.length > 0) return selectable(rest.join('/'), castOf(first, type));
  const found = memberOf(first, type);
  if (found === undefined) throw faults.unknownProperty({ property: first.slice(0, 128), type: type.name });
  if (rest.length === 0) return found;
  throw faults.badOption({ option: '$select', reason: `a part of '${found}' cannot be selected, only all of it` });
}

function castOf(name: string, type: EntityType): EntityType {
  const cast = typeByName(name);
  if (cast && isA(cast, type)) return cast;
  throw faults.unknownProperty({ property: bareTypeName(name).slice(0, 128), type: type.name });
}

function memberOf(name: string, type: EntityType): string | undefined {
  if (name.toLowerCase() === 'id') return 'id';
  for (const candidate of familyBelow(type)) {
    const entry: readonly [string, Property] | undefined = entryNamed(candidate.properties as Shape, name);
    if (entry && visible(entry[1])) return entry[0];
    const navigation = entryNamed(candidate.navigations, name);
    if (navigation) return navigation[0];
  }
  // An open type may have it: a directory extension such as `extension_…_loyaltyNumber`.
  const undeclared = type.open && /^[a-z_]\w{0,127}$/i.test(name) && !entryNamed(type.properties as Shape, name);
  return undeclared ? name : undefined;
}

/** The relationships of an entity: its own, and by a cast (`microsoft.graph.T/name`) those of a type derived from its own. */
function expandable(type: EntityType, version: Version): Expandable {
  return {
    typeName: type.name,
    find(path) {
      const names = path.split('/');
      const [first = ''] = names;
      const from = first.includes('.') && names.length > 1 ? castOf(first, type) : type;
      const { below, holder } = withoutHolder(from === type && !first.includes('.') ? names : names.slice(1));
      const [name, navigation, on] = navigationAt(from, below, version, holder) ?? [];
      return name === undefined || !navigation ? undefined : { name, navigation, ...(on && on !== type ? { on } : {}) };
    },
    every: Object.entries(type.navigations)
      .filter(([name, { versions, aliasOf }]) => versions.includes(version) && !aliasOf && !name.includes('/'))
      .map(([name]) => name),
  };
}

/** `onAttributeCollection/microsoft.graph.T/attributes`: a complex value of this type holds it. */
function withoutHolder(names: readonly string[]): { readonly below: readonly string[]; readonly holder?: string } {
  const cast = names.findLast((name) => name.includes('.'));
  const below = names.filter((name) => !name.includes('.'));
  return cast === undefined ? { below } : { below, holder: bareTypeName(cast) };
}

/** The relationships that a complex value at a path of an entity holds, e.g. those of `apiConnectorConfiguration`. */
export function expandableAt(
  type: EntityType,
  path: readonly string[],
  typeName: string,
  version: Version,
): Expandable {
  const prefix = `${path.join('/')}/`;
  const below = Object.keys(type.navigations).filter((name) => name.startsWith(prefix));
  return {
    typeName,
    find(name) {
      const entry = entryNamed(type.navigations, prefix + name);
      return entry?.[1].versions.includes(version) ? { name: entry[0], navigation: entry[1] } : undefined;
    },
    every: below.map((name) => name.slice(prefix.length)),
  };
}

/** Reads `$expand`. Throws as `readProjection` does. */
export function readExpand(
  text: string,
  from: Expandable,
  asking: Omit<Asking, 'type'>,
  depth = 1,
): readonly Expansion[] {
  if (depth > most.deep) throw badExpand(`it is nested deeper than ${most.deep} levels`);
  const parts = split(text, ',', '$expand').flatMap((part) => (part.trim() === '*' ? from.every : [part.trim()]));
  if (parts.length > most.beside) throw badExpand(`it names more than ${most.beside} relationships`);
  const expansions = parts.map((part) => readExpansion(part, from, asking, depth));
  if (new Set(expansions.map(({ name }) => name)).size < expansions.length) {
    throw badExpand('it names a relationship twice');
  }
  return expansions;
}

function readExpansion(text: string, from: Expandable, asking: Omit<Asking, 'type'>, depth: number): Expansion {
  const [, path, inner] = /^([^()]+?)(?:\((.*)\))?$/s.exec(text) ?? [];
  const [named, only] = path === undefined ? [] : withoutCast(path.trim());
  const found = named === undefined ? undefined : from.find(named);
  if (!found) throw faults.unknownProperty({ property: (path ?? text).slice(0, 128), type: from.typeName });
  const target = found.navigation.target();
  const type = only === undefined ? target : castOf(only, target);
  const options = inner === undefined ? new Map<SystemOption, string>() : readInner(inner, asking.version);
  const select = options.get('$select');
  const expand = options.get('$expand');
  const { filter, ...selection } = readSelection(options, { ...asking, type });
  const ofType = type === target ? [] : [{ op: 'isof', path: [], types: concreteNames(type) } as const];
  const terms = [...ofType, ...(filter ? [filter] : [])];
  const [first] = terms;
  const top = readTop(options.get('$top'));
  return {
    ...found,
    projection: {
      ...(select === undefined ? {} : { select: readSelect(select, type) }),
      expand: expand === undefined ? [] : readExpand(expand, expandable(type, asking.version), asking, depth + 1),
    },
    listing: {
      ...selection,
      ...(first ? { filter: terms.length === 1 ? first : { op: 'and', terms } } : {}),
      ...(top === undefined ? {} : { top }),
    },
    options: [...options],
  };
}

/** `name/microsoft.graph.T`: only those related entities that are of the type. */
function withoutCast(path: string): readonly [name: string, cast?: string] {
  const names = path.split('/');
  const last = names.at(-1);
  return names.length > 1 && last?.includes('.') ? [names.slice(0, -1).join('/'), last] : [path];
}

const innerOptions: ReadonlySet<SystemOption> = new Set([
  '$select',
  '$expand',
  '$filter',
  '$orderby',
  '$top',
  '$skip',
  '$count',
]);

function readInner(text: string, version: Version): ReadonlyMap<SystemOption, string> {
  const options = new Map<SystemOption, string>();
  for (const part of split(text, ';', '$expand')) {
    const equals = part.indexOf('=');
    // The `$` may be missing here in any version (OData 4.01 URL conventions §5.1).
    const system = equals < 0 ? undefined : optionNamed(part.slice(0, equals), version);
    if (!system || !innerOptions.has(system)) {
      throw faults.unsupportedOption({ option: `$expand(${part.trim().slice(0, 64)})` });
    }
    if (options.has(system)) throw faults.repeatedOption({ option: `$expand(${system})` });
    options.set(system, part.slice(equals + 1).trim());
  }
  return options;
}

function readTop(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw badExpand("'$top' must be a whole number");
  if (Number(text) > largestPage) throw faults.badPageSize({ size: text, limit: largestPage });
  return Number(text);
}
