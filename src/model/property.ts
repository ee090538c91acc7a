/**
 * The closed set of value shapes (OData CSDL §6). Adding a kind makes every exhaustive `switch` over it fail to compile.
 */
export type PropertyType =
  | { readonly kind: 'string'; readonly maxLength?: number; readonly pattern?: RegExp; readonly text?: TextForm }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'int32'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'int64' }
  | { readonly kind: 'single' }
  | { readonly kind: 'guid' }
  | { readonly kind: 'dateTimeOffset' }
  | { readonly kind: 'enum'; readonly type: EnumType }
  /** With `variants` the value is one of these types, derived from `type` and named by its `@odata.type`. */
  | { readonly kind: 'complex'; readonly type: ComplexType; readonly variants?: readonly ComplexType[] }
  | { readonly kind: 'collection'; readonly of: PropertyType };

/** What a text may hold beside what is printed; absent: nothing. `lines`: line breaks and tabs; `any`: everything a secret may. */
export type TextForm = 'lines' | 'any';

/** An enumeration: members by name with their CSDL values. Names match case-insensitively and are stored as declared. */
export interface EnumType<M extends string = string> {
  readonly name: string;
  readonly members: Readonly<Record<M, number>>;
  /** Members a caller may not send, e.g. `unknownFutureValue`. */
  readonly reserved: readonly string[];
  /** Members combine (CSDL `IsFlags`): the value is their names in the order of their values, joined by commas; `"0"` for none. */
  readonly flags?: true;
}

/** A value with named members and no identity of its own (CSDL ComplexType). */
export interface ComplexType<S extends Shape = Shape, N extends string = string> {
  /** In `microsoft.graph`, camel case; the product's own begin with `usher.`. */
  readonly name: N;
  readonly base?: ComplexType;
  readonly abstract: boolean;
  /** Members not declared are accepted and kept (CSDL `OpenType`). */
  readonly open: boolean;
  /** Every member, inherited ones first. */
  readonly properties: S;
  /** The names declared by this type itself. */
  readonly own: readonly string[];
  /** Where the declaration was read from. */
  readonly source?: string;
}

/** Told in `$metadata` where Microsoft's service does not have it: `drafted` by Microsoft and never shipped, or the product's `own`. */
export type Origin = 'drafted' | 'own';

/** What holds for a property besides its type. */
export interface PropertyRules {
  /** May be `null`, and is `null` when nothing was given and there is no default. */
  readonly nullable?: boolean;
  /**
   * `server`: set by the server, refused from a caller. `create`: only in POST, immutable after.
   * `write`: accepted, never returned. `internal`: the product's own; not in `$metadata`, never accepted, never returned.
   */
  readonly access?: 'server' | 'create' | 'write' | 'internal';
  /** Must stand in the body of a POST; a text is then more than white space. */
  readonly required?: boolean;
  /** Of a required or secret text: the empty one is a value too. */
  readonly mayBeBlank?: true;
  /** The value stored when a POST names none. */
  readonly default?: unknown;
  /** Sealed at rest with the server's encryption key; read back as `******` (contract d.6, e.4 row 55). */
  readonly secret?: boolean;
  /** No two entities of one tenant and family hold the same value, compared by `fold`. Implies an index, which gives no order. */
  readonly unique?: boolean;
  /**
   * Kept in an index, so that `$filter` and `$orderby` may name it in a collection of any size. `sparse`: what has no value is not in the
   * index, which suits properties that few entities have; for `$filter` only. On a collection: its elements are. Also on members of
   * complex values, alone or in a collection.
   */
  readonly indexed?: boolean | 'sparse';
  /** Indexed from its end as well, for `endsWith`. */
  readonly endsIndexed?: true;
  /** `$search` finds it by the beginnings of its words (`wordsOf`). */
  readonly words?: true;
  /** Returned only when `$select` names it. */
  readonly onSelect?: boolean;
  /** On a collection of complex values: this tuple of members is unique among all entities of the tenant, and indexed. */
  readonly uniqueTuple?: readonly string[];
  /**
   * On a collection of complex values: its items have an address by this member, `…/includeApplications/{appId}`, and are read,
   * added and removed there; `$metadata` calls it a contained collection of entities.
   */
  readonly keyedBy?: string;
  readonly origin?: Origin;
}

declare const value: unique symbol;

/** A property definition; `T` is the TypeScript type of its value. */
export interface Property<T = unknown> {
  readonly type: PropertyType;
  readonly rules: PropertyRules;
  readonly [value]?: T;
}

export type Shape = Readonly<Record<string, Property>>;
export type ValueOf<P> = P extends Property<infer T> ? T : never;
/** The TypeScript type of a value with these properties. */
export type RecordOf<S extends Shape> = { -readonly [K in keyof S]: ValueOf<S[K]> };

type Nullable<T, R> = R extends { readonly nullable: true } ? T | null : T;

const property = <T>(type: PropertyType, rules: PropertyRules): Property<T> => ({ type, rules });

interface StringLimits {
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  readonly text?: TextForm;
}

/** One line of text where nothing else is said; what is never shown to anybody may be any. */
export function string<const R extends PropertyRules & StringLimits>(
  rules: R = {} as R,
): Property<Nullable<string, R>> {
  const { maxLength, pattern, text: form, ...rest }: PropertyRules & StringLimits = rules;
  const hidden = rest.secret || rest.access === 'write' || rest.access === 'internal';
  const text = form ?? (hidden ? 'any' : undefined);
  const limits = {
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(text === undefined ? {} : { text }),
  };
  return property({ kind: 'string', ...limits }, rest);
}

export const boolean = <const R extends PropertyRules>(rules: R = {} as R): Property<Nullable<boolean, R>> =>
  property({ kind: 'boolean' }, rules);

export function int32<const R extends PropertyRules & { readonly min?: number; readonly max?: number }>(
  rules: R = {} as R,
): Property<Nullable<number, R>> {
  const { min, max, ...rest }: PropertyRules & { min?: number; max?: number } = rules;
  return property(
    { kind: 'int32', ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) },
    rest,
  );
}

/** A JSON number (`IEEE754Compatible=false`, contract d.7). */
export const int64 = <const R extends PropertyRules>(rules: R = {} as R): Property<Nullable<number, R>> =>
  property({ kind: 'int64' }, rules);

/** `Edm.Single`: a JSON number; integral values are written without a fraction (contract d.7). */
export const single = <const R extends PropertyRules>(rules: R = {} as R): Property<Nullable<number, R>> =>
  property({ kind: 'single' }, rules);

export const guid = <const R extends PropertyRules>(rules: R = {} as R): Property<Nullable<string, R>> =>
  property({ kind: 'guid' }, rules);

/** ISO 8601 UTC text, as OData `Edm.DateTimeOffset` is written. */
export const dateTimeOffset = <const R extends PropertyRules>(rules: R = {} as R): Property<Nullable<string, R>> =>
  property({ kind: 'dateTimeOffset' }, rules);

export function enumType<const M extends Readonly<Record<string, number>>>(
  name: string,
  members: M,
  reserved: readonly string[] = ['unknownFutureValue'],
): EnumType<keyof M & string> {
  return { name, members: members as Readonly<Record<keyof M & string, number>>, reserved };
}

/** An enumeration whose members combine. Values are written in the order of the members' numbers. */
export function flagsType<const M extends Readonly<Record<string, number>>>(
  name: string,
  members: M,
  reserved: readonly string[] = ['unknownFutureValue'],
): EnumType<keyof M & string> {
  return { ...enumType(name, members, reserved), flags: true };
}

/** One or more members of a flags enumeration, as text: `"emailWithPassword,userName"`, `"0"`. */
export const flags = <const R extends PropertyRules>(
  type: EnumType,
  rules: R = {} as R,
): Property<Nullable<string, R>> => property({ kind: 'enum', type }, rules);

export const oneOf = <M extends string, const R extends PropertyRules>(
  type: EnumType<M>,
  rules: R = {} as R,
): Property<Nullable<M, R>> => property({ kind: 'enum', type }, rules);

interface ComplexSpec<B extends ComplexType> {
  readonly base?: B;
  readonly abstract?: boolean;
  readonly open?: boolean;
  readonly source?: string;
}

/** The shape of "no base": adds nothing to the intersection. */
type NoBase = ComplexType<Record<never, never>>;

/** `rest`: the page it was read from, or more than that. */
export function complexType<const N extends string, const S extends Shape, B extends ComplexType = NoBase>(
  name: N,
  properties: S,
  rest: string | ComplexSpec<B> = {},
): ComplexType<B['properties'] & S, N> {
  const spec: ComplexSpec<B> = typeof rest === 'string' ? { source: rest } : rest;
  return {
    name,
    ...(spec.base ? { base: spec.base } : {}),
    abstract: spec.abstract ?? false,
    open: spec.open ?? spec.base?.open ?? false,
    properties: { ...spec.base?.properties, ...properties } as B['properties'] & S,
    own: Object.keys(properties),
    ...(spec.source === undefined ? {} : { source: spec.source }),
  };
}

export const complex = <S extends Shape, const R extends PropertyRules>(
  type: ComplexType<S>,
  rules: R = {} as R,
): Property<Nullable<RecordOf<S>, R>> => property({ kind: 'complex', type }, rules);

/** The name of a value's type among variants; a bare name, without `#` and namespace. */
export const typeMember = '@odata.type';

const namespaces = /^#?(?:microsoft\.graph\.|graph\.|microsoft\.cpim\.api\.datamodels\.)?/i;

/** An `@odata.type` or a cast without its `#` and the namespaces that published pages use (Graph contract a.14). */
export const bareTypeName = (name: string): string => name.replace(namespaces, '');

type OneOfTypes<T extends readonly ComplexType[]> = {
  [I in keyof T]: { readonly [typeMember]: T[I]['name'] } & RecordOf<T[I]['properties']>;
}[number];

/** A value of one of several types derived from `base`; a caller says which by `@odata.type` (Graph contract a.14). */
export const variant = <const T extends readonly ComplexType[], const R extends PropertyRules>(
  base: ComplexType,
  types: T,
  rules: R = {} as R,
): Property<Nullable<OneOfTypes<T>, R>> => property({ kind: 'complex', type: base, variants: types }, rules);

/** The types a complex value can have. */
export const typesOf = ({ type, variants }: Extract<PropertyType, { kind: 'complex' }>): readonly ComplexType[] =>
  variants ?? [type];

/** The type of a stored value: the one it names among variants, else the declared one. */
export function typeOfValue(
  { type, variants }: Extract<PropertyType, { kind: 'complex' }>,
  value: Readonly<Record<string, unknown>>,
): ComplexType {
  return variants?.find(({ name }) => name === value[typeMember]) ?? type;
}

/** A collection is never null; it is empty when nothing was given. */
export const collection = <T>(of: Property<T>, rules: PropertyRules = {}): Property<readonly T[]> =>
  property({ kind: 'collection', of: of.type }, rules);
