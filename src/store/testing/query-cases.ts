import fc from 'fast-check';
import {
  contains,
  type EntityType,
  entity,
  type Filter,
  isA,
  type Operand,
  type Order,
  type Place,
  property,
  type Query,
  type Ref,
  references,
} from '../../model/index.ts';
import { matches } from '../evaluate.ts';
import { type Match, sortedPage } from '../sorted-page.ts';

const { boolean, collection, complex, complexType, dateTimeOffset, flags, flagsType, guid, int32, string, variant } =
  property;

const source = 'https://example.test/';
const status = complexType('status', {
  code: int32({ nullable: true, indexed: true }),
  reason: string({ nullable: true, indexed: 'sparse' }),
});
const shape = complexType('shape', { size: int32({ nullable: true }) }, { abstract: true });
const circle = complexType('circle', { radius: int32({ nullable: true }) }, { base: shape });
const square = complexType('square', { side: int32({ nullable: true }) }, { base: shape });
const part = complexType('part', {
  key: string({ nullable: true, indexed: true }),
  size: int32({ nullable: true }),
  tags: collection(string()),
});
const name = complexType('name', {
  issuer: string({ nullable: true }),
  value: string({ nullable: true }),
  kind: string({ nullable: true }),
});

const properties = {
  title: string({ nullable: true, indexed: true, words: true, endsIndexed: true }),
  code: string({ nullable: true, unique: true, endsIndexed: true }),
  city: string({ nullable: true, indexed: 'sparse' }),
  note: string({ nullable: true }),
  size: int32({ nullable: true, indexed: true }),
  on: boolean({ nullable: true, indexed: true }),
  at: dateTimeOffset({ nullable: true, indexed: true }),
  owner: guid({ nullable: true, indexed: 'sparse' }),
  kinds: flags(flagsType('kinds', { a: 1, b: 2, c: 4 }, []), { nullable: true }),
  status: complex(status, { nullable: true }),
  shape: variant(shape, [circle, square], { nullable: true }),
  tags: collection(string(), { indexed: true, endsIndexed: true }),
  parts: collection(complex(part)),
  names: collection(complex(name), { uniqueTuple: ['issuer', 'value'] }),
} as const;

/** A type with every rule that a query can meet, as it is when there may be millions, and the same when there are few. */
export const large: EntityType = entity('test.large', {
  properties,
  open: true,
  directoryObject: true,
  navigations: { friends: references(() => large) },
  source,
});
export const small: EntityType = entity('test.small', {
  properties,
  open: true,
  navigations: { friends: references(() => small), children: contains(() => child) },
  source,
});
/** Lives inside of others, and some of it is more. */
const child: EntityType = entity('test.child', {
  properties,
  open: true,
  navigations: { friends: references(() => child) },
  source,
});
const special: EntityType = entity('test.special', { base: child, properties: {}, source });
export const queryTypes: readonly EntityType[] = [large, small, child, special];

export const parents: readonly Ref[] = ['P1', 'p2'].map((id) => ({ type: small, id }));
const places = parents.map((parent): Place => ({ parent, navigation: 'children' }));

/** Where entities are looked for. */
export type Target = Pick<Query, 'type' | 'within'>;

/** The kinds of place, and what is asked there. */
export const targets: readonly { readonly stored: EntityType; readonly asked: fc.Arbitrary<Target> }[] = [
  { stored: large, asked: fc.constant({ type: large }) },
  { stored: small, asked: fc.constant({ type: small }) },
  {
    stored: child,
    asked: fc.record({ type: fc.constantFrom(child, special), within: fc.subarray([...places], { minLength: 1 }) }),
  },
];

export const extension = 'extension_d09380e2b4c6429a203fb816a04a7ad0_tier';

/** An entity of either type. `friends`: the ids that it is linked to. */
export interface Sample {
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly friends: readonly string[];
}

const texts = [
  '',
  'a',
  'Ab',
  'aB c',
  'abc-d',
  'Äb',
  'äB',
  'Z',
  'z.z',
  '𝒳y',
  'AbC12',
  '%',
  '_b',
  "o'x",
  'x'.repeat(230),
];
const days = ['2026-01-31T00:00:00Z', '2026-02-28T23:59:59Z', '2024-02-29T12:30:05Z'];
const guids = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

const text = fc.constantFrom(...texts);
const number = fc.integer({ min: -2, max: 3 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3 });

const values = fc.record(
  {
    title: maybe(text),
    city: maybe(text),
    note: maybe(text),
    size: maybe(number),
    on: maybe(fc.boolean()),
    at: maybe(fc.constantFrom(...days)),
    owner: maybe(fc.constantFrom(...guids)),
    kinds: maybe(fc.constantFrom('0', 'a', 'a,b', 'b,c', 'a,b,c')),
    status: maybe(fc.record({ code: maybe(number), reason: maybe(text) })),
    shape: maybe(
      fc.oneof(
        fc.record({ '@odata.type': fc.constant('circle'), size: maybe(number), radius: maybe(number) }),
        fc.record({ '@odata.type': fc.constant('square'), size: maybe(number), side: maybe(number) }),
      ),
    ),
    tags: fc.array(text, { maxLength: 3 }),
    parts: fc.array(fc.record({ key: maybe(text), size: maybe(number), tags: fc.array(text, { maxLength: 2 }) }), {
      maxLength: 2,
    }),
    [extension]: fc.oneof(text, number, fc.boolean(), fc.array(text, { maxLength: 2 })),
  },
  { requiredKeys: [] },
);

/** As many entities, with ids, unique values and links. */
export const samples = (count: number): fc.Arbitrary<readonly Sample[]> =>
  fc
    .array(fc.tuple(values, fc.array(fc.nat(count - 1), { maxLength: 2 })), { minLength: count, maxLength: count })
    .map((found) =>
      found.map(([own, friends], index) => ({
        id: `${index % 2 ? 'I' : 'i'}${(index * 7919) % count}-${index}`,
        values: {
          ...own,
          ...(index % 3 ? { code: `Code${index}` } : {}),
          names: index % 2 ? [{ issuer: 'me', value: `n${index}`, kind: 'x' }] : [],
        },
        friends: [...new Set(friends)].map((friend) => `${friend % 2 ? 'I' : 'i'}${(friend * 7919) % count}-${friend}`),
      })),
    );

const comparison = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le');
const partOp = fc.constantFrom('startsWith', 'endsWith', 'contains');

const textPaths = [['id'], ['title'], ['code'], ['city'], ['note'], ['status', 'reason'], [extension]] as const;
const numberPaths = [['size'], ['status', 'code'], ['shape', 'size'], ['shape', 'radius'], [extension]] as const;

const onText = (paths: readonly (readonly string[])[]): fc.Arbitrary<Filter> => {
  const path = fc.constantFrom(...paths);
  const value = fc.oneof(
    { weight: 4, arbitrary: text },
    { weight: 1, arbitrary: fc.constantFrom('Code1', 'CODE2', 'i0-0') },
  );
  return fc.oneof(
    fc.record({ op: comparison, path, value: maybe(value) }),
    fc.record({ op: fc.constant('in' as const), path, values: fc.array(maybe(value), { maxLength: 3 }) }),
    fc.record({ op: partOp, path, value }),
    fc.record({ op: fc.constant('word' as const), path, value: fc.constantFrom('a', 'ab', 'äb', 'abcd', 'z', '1') }),
  );
};

const onNumber = (paths: readonly (readonly string[])[]): fc.Arbitrary<Filter> =>
  fc.oneof(
    fc.record({ op: comparison, path: fc.constantFrom(...paths), value: maybe(number) }),
    fc.record({
      op: fc.constant('in' as const),
      path: fc.constantFrom(...paths),
      values: fc.array(number, { maxLength: 3 }),
    }),
  );

const operand = (paths: readonly (readonly string[])[]): fc.Arbitrary<Operand> =>
  fc.constantFrom(...paths).map((path) => ({ path }));

const textOperand: fc.Arbitrary<Operand> = fc.oneof(
  operand(textPaths),
  fc
    .tuple(fc.constantFrom('tolower', 'toupper', 'trim'), operand(textPaths))
    .map(([call, of]): Operand => ({ call, of: [of] })),
  fc.tuple(operand(textPaths), operand(textPaths)).map((of): Operand => ({ call: 'concat', of })),
  fc
    .tuple(operand(textPaths), number)
    .map(([of, start]): Operand => ({ call: 'substring', of: [of, { value: start }] })),
);

const numberOperand: fc.Arbitrary<Operand> = fc.oneof(
  operand(numberPaths),
  textOperand.map((of): Operand => ({ call: 'length', of: [of] })),
  fc.tuple(textOperand, text).map(([of, part]): Operand => ({ call: 'indexof', of: [of, { value: part }] })),
  fc
    .constantFrom('year', 'month', 'day', 'hour', 'minute', 'second')
    .map((call): Operand => ({ call, of: [{ path: ['at'] }] })),
  fc.constantFrom('tags', 'parts', 'note').map((path): Operand => ({ call: 'count', of: [{ path: [path] }] })),
);

const computed: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    op: fc.constant('compare' as const),
    by: comparison,
    left: textOperand,
    right: fc.oneof(
      textOperand,
      text.map((value) => ({ value })),
    ),
  }),
  fc.record({
    op: fc.constant('compare' as const),
    by: comparison,
    left: numberOperand,
    right: fc.oneof(
      numberOperand,
      number.map((value) => ({ value })),
    ),
  }),
);

const onElement: fc.Arbitrary<Filter> = fc.oneof(
  onText([['key']]),
  onNumber([['size']]),
  fc.record({ op: fc.constantFrom('any', 'all'), path: fc.constant(['tags']), where: onText([[]]) }),
);

const quantifier = fc.constantFrom('any', 'all');
const joinedOf = (term: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> =>
  fc.oneof(
    { weight: 3, arbitrary: term },
    {
      weight: 1,
      arbitrary: fc.record({ op: fc.constantFrom('and', 'or'), terms: fc.array(term, { minLength: 1, maxLength: 2 }) }),
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('not' as const), term }) },
  );

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  { weight: 6, arbitrary: onText(textPaths) },
  { weight: 3, arbitrary: onNumber(numberPaths) },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constantFrom('eq', 'ne'),
      path: fc.constantFrom(['on'], [extension]),
      value: maybe(fc.boolean()),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ op: comparison, path: fc.constant(['at']), value: maybe(fc.constantFrom(...days)) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant('eq' as const),
      path: fc.constant(['owner']),
      value: maybe(fc.constantFrom(...guids)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant('has' as const),
      path: fc.constant(['kinds']),
      members: fc.subarray(['a', 'b', 'c']),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant('isof' as const),
      path: fc.constantFrom<readonly string[]>([], ['shape']),
      types: fc.subarray(['circle', 'square', 'test.large', 'test.small', 'test.child', 'test.special']),
    }),
  },
  { weight: 2, arbitrary: computed },
  {
    weight: 2,
    arbitrary: fc.record({
      op: quantifier,
      path: fc.constantFrom(['tags'], [extension]),
      where: joinedOf(onText([[]])),
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: quantifier, path: fc.constant(['parts']), where: joinedOf(onElement) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      op: quantifier,
      path: fc.constant(['names']),
      where: joinedOf(
        fc.record({
          op: fc.constantFrom('eq', 'ne'),
          path: fc.constantFrom(['issuer'], ['value'], ['kind']),
          value: fc.constantFrom('ME', 'n1', 'N3', 'x'),
        }),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({ op: fc.constant('linked' as const), navigation: fc.constant('friends') }),
      fc.record({ op: fc.constant('linked' as const), navigation: fc.constant('friends'), where: onText(textPaths) }),
    ),
  },
);

/** Filters of every kind, two levels deep. */
export const filters: fc.Arbitrary<Filter> = joinedOf(joinedOf(leaf));

const ordersBy = (paths: readonly (readonly string[])[]): fc.Arbitrary<readonly Order[]> =>
  fc
    .uniqueArray(fc.constantFrom(...paths), { maxLength: 2, selector: String })
    .chain((chosen) => fc.tuple(...chosen.map((path) => fc.boolean().map((descending) => ({ path, descending })))));

const indexedPaths = [['title'], ['size'], ['at'], ['status', 'code'], ['id'], ['code']] as const;

/** Orders that an index gives. */
export const indexedOrders: fc.Arbitrary<readonly Order[]> = ordersBy(indexedPaths);
export const orders: fc.Arbitrary<readonly Order[]> = ordersBy([
  ...indexedPaths,
  ['note'],
  ['shape', 'size'],
  ['tags'],
  [extension],
]);

/** How a sample is stored as a type; where this lives in others, some are of a derived type. */
export function refOf(type: EntityType, { id }: Pick<Sample, 'id'>): Ref {
  if (type !== child) return { type, id };
  const [first, second] = places;
  const within = id.startsWith('I') ? first : second;
  return { type: /[147]$/.test(id) ? special : child, id, ...(within ? { within } : {}) };
}

export type Asked = Required<Pick<Query, 'filter' | 'order'>> & Target;

/** The ids that a query finds among samples stored as a type, in order, as the reference says. */
export function expected(type: EntityType, stored: readonly Sample[], asked: Asked): readonly string[] {
  const byId = new Map(stored.map((sample) => [sample.id, sample]));
  const subject = (sample: Sample): Parameters<typeof matches>[1] => ({
    id: sample.id,
    type: refOf(type, sample).type.name,
    values: sample.values,
    linked: () => sample.friends.flatMap((id) => byId.get(id) ?? []).map(subject),
  });
  const isThere = (sample: Sample): boolean => {
    const ref = refOf(type, sample);
    return isA(ref.type, asked.type) && (!ref.within || asked.within?.includes(ref.within) === true);
  };
  const found = stored
    .map((sample, created) => ({ sample, created }))
    .filter(({ sample }) => isThere(sample) && matches(asked.filter, subject(sample)))
    .map(
      ({ sample: { id, values: own }, created }): Match => ({
        row: { id, type: type.name, etag: '', values: own },
        key: id.toLowerCase(),
        created,
      }),
    );
  return sortedPage(found, { ...asked, limit: found.length }).items.map(({ id }) => id);
}
