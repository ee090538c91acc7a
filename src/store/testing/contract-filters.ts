import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntityType, Filter } from '../../model/index.ts';
import type { Store } from '../store.ts';
import {
  all,
  and,
  any,
  by,
  eq,
  hostile,
  identityProviderBase,
  idsOf,
  insert,
  itself,
  not,
  or,
  part,
  providerRef,
  socialIdentityProvider,
  user,
  userRef,
  type Values,
  where,
} from './contract.ts';

/** `jobTitle`, `tags` and what is open have no index; the others have. */
const people: Readonly<Record<string, Values>> = {
  a: { displayName: 'Ägir', jobTitle: 'Ölmaler', accountEnabled: true, level: 3, address: { city: 'Köln' } },
  b: { displayName: 'bo', jobTitle: null, accountEnabled: false, level: 10, tags: ['X', 'y'], surname: 'Zed' },
  c: { displayName: null, jobTitle: 'maler', level: null, tags: [] },
  d: { jobTitle: 'Clown 100%', accountEnabled: true, tags: ['z_'], surname: 'zedd', flag: true },
  e: {
    displayName: 'Bo_b',
    surname: 'Ze\u0301',
    identities: [
      { signInType: 'userName', issuer: 'Contoso.com', issuerAssignedId: 'Eve' },
      { signInType: 'emailAddress', issuer: 'Contoso.com', issuerAssignedId: null },
    ],
  },
};

/** Each condition with an index and the same without, so that both ways of answering are held to the same meaning. */
const meanings: readonly (readonly [sentence: string, filter: Filter, expected: string])[] = [
  ['eq folds case beyond ASCII, indexed', eq('displayName', 'ÄGIR'), 'a'],
  ['eq folds case beyond ASCII, not indexed', eq('jobTitle', 'öLMALER'), 'a'],
  ['eq compares composed and decomposed letters as one', eq('surname', 'ZÉ'), 'e'],
  ['eq compares decomposed letters with composed ones', eq('surname', 'ze\u0301'), 'e'],
  ['eq of the id', eq('id', 'A'), 'a'],
  ['eq null finds null and missing, indexed', eq('displayName', null), 'cd'],
  ['eq null finds null and missing, not indexed', eq('jobTitle', null), 'be'],
  ['ne counts null as different, indexed', where('ne', 'displayName', 'BO'), 'acde'],
  ['ne counts null as different, not indexed', where('ne', 'jobTitle', 'MALER'), 'abde'],
  ['ne null finds what has a value, indexed', where('ne', 'surname', null), 'bde'],
  ['ne null finds what has a value, not indexed', where('ne', 'level', null), 'ab'],
  ['not counts null as different, indexed', not(eq('displayName', 'bo')), 'acde'],
  ['not counts null as different, not indexed', not(eq('jobTitle', 'maler')), 'abde'],
  ['not of an order finds null, indexed', not(where('gt', 'surname', 'a')), 'ac'],
  ['not of an order finds null, not indexed', not(where('gt', 'level', 5)), 'acde'],
  ['not of startsWith finds null', not(part('startsWith', 'displayName', 'b')), 'acd'],
  ['not of not', not(not(eq('displayName', 'bo'))), 'b'],
  ['boolean, indexed', eq('accountEnabled', true), 'ad'],
  ['boolean false is not null, indexed', eq('accountEnabled', false), 'b'],
  ['boolean, not indexed', eq('flag', true), 'd'],
  ['numbers compare as numbers', where('gt', 'level', 3), 'b'],
  ['ge includes', where('ge', 'level', 3), 'ab'],
  ['lt and le', or(where('lt', 'level', 3), where('le', 'level', 3)), 'a'],
  ['text has an order, folded', where('ge', 'surname', 'ZED'), 'bde'],
  ['an order with null finds nothing', or(where('ge', 'displayName', null), where('le', 'level', null)), ''],
  ['a value of another kind equals nothing, indexed', eq('displayName', 1), ''],
  ['a value of another kind equals nothing, not indexed', eq('level', '3'), ''],
  ['a value of another kind is different', where('ne', 'accountEnabled', 'true'), 'abcde'],
  ['an order between kinds is false', or(where('gt', 'displayName', 0), where('gt', 'accountEnabled', false)), ''],
  ['in, indexed', { op: 'in', path: ['displayName'], values: ['BO', 'ägir', 'none'] }, 'ab'],
  ['in, not indexed', { op: 'in', path: ['level'], values: [3, 4] }, 'a'],
  ['in with null', { op: 'in', path: ['displayName'], values: ['bo', null] }, 'bcd'],
  ['in nothing', { op: 'in', path: ['displayName'], values: [] }, ''],
  ['not in', not({ op: 'in', path: ['displayName'], values: ['bo'] }), 'acde'],
  ['startsWith, indexed', part('startsWith', 'displayName', 'BO'), 'be'],
  ['startsWith, not indexed', part('startsWith', 'jobTitle', 'öl'), 'a'],
  ['startsWith takes wildcards literally', part('startsWith', 'displayName', 'bo_'), 'e'],
  ['endsWith, indexed', part('endsWith', 'displayName', 'IR'), 'a'],
  ['endsWith, not indexed', part('endsWith', 'jobTitle', '0%'), 'd'],
  ['contains, indexed', part('contains', 'surname', 'eD'), 'bd'],
  ['contains, not indexed', part('contains', 'jobTitle', 'ALE'), 'ac'],
  ['every text starts, ends and contains the empty one', part('startsWith', 'displayName', ''), 'abe'],
  ['endsWith the empty text', part('endsWith', 'displayName', ''), 'abe'],
  ['a nested path', eq('address/city', 'KÖLN'), 'a'],
  ['a path through what is not there is null', eq('address/city', null), 'bcde'],
  ['a path is own members only', where('ne', '__proto__/toString', null), ''],
  ['and', and(eq('accountEnabled', true), eq('flag', true)), 'd'],
  ['or', or(eq('displayName', 'bo'), eq('jobTitle', 'maler')), 'bc'],
  ['and of nothing is true, or of nothing is false', and(and(), not(or())), 'abcde'],
  ['any element', any('tags'), 'bd'],
  ['any element of which', any('tags', itself), 'b'],
  ['all of an empty or missing collection', all('tags', itself), 'ace'],
  ['not any', not(any('tags', itself)), 'acde'],
  [
    'any of a unique tuple, whole',
    any('identities', and(eq('issuer', 'contoso.COM'), eq('issuerAssignedId', 'EVE'))),
    'e',
  ],
  ['any of a unique tuple, one member', any('identities', eq('issuer', 'contoso.com')), 'e'],
  ['any of a unique tuple, a member that is null', any('identities', eq('issuerAssignedId', null)), 'e'],
  [
    'any of a unique tuple tests one element at a time',
    any('identities', and(eq('issuerAssignedId', 'eve'), eq('signInType', 'emailAddress'))),
    '',
  ],
  [
    'any of a unique tuple with a member outside it',
    any('identities', and(eq('issuerAssignedId', 'eve'), eq('signInType', 'USERNAME'))),
    'e',
  ],
  ['any of a unique tuple, only a member outside it', any('identities', eq('signInType', 'emailAddress')), 'e'],
  [
    'any of a unique tuple with or and not',
    any('identities', or(eq('issuer', 'x'), not(eq('issuerAssignedId', 'eve')))),
    'e',
  ],
  ['not any of a unique tuple', not(any('identities', eq('issuer', 'contoso.com'))), 'abcd'],
  ['all of a unique tuple', all('identities', eq('issuer', 'contoso.com')), 'abcde'],
];

/** What a filter means. */
export function filters(fresh: () => Store): void {
  const population = async () => {
    const store = fresh();
    await store.write(async (t) => {
      for (const [id, values] of Object.entries(people)) await t.insert({ ref: userRef(id), values }, by);
    });
    return store;
  };

  test('filter: every operator means what the model says', async (context) => {
    const store = await population();
    for (const [sentence, filter, expected] of meanings) {
      await context.test(sentence, async () => {
        const page = await store.read((r) => r.find({ type: user, filter, limit: 99, count: true }));
        assert.equal(idsOf(page.items)?.join(''), expected);
        assert.equal(page.count, expected.length);
      });
    }
  });

  test('filter: values and path segments that look like code are only values and names', async () => {
    const store = await population();
    const ops = ['startsWith', 'endsWith', 'contains'] as const;
    for (const value of hostile) {
      const conditions = [
        ...['displayName', 'jobTitle', 'id'].flatMap((name) => [
          eq(name, value),
          ...ops.map((op) => part(op, name, value)),
        ]),
        { op: 'in', path: ['displayName'], values: [value] },
        any('identities', eq('issuer', value)),
        { op: 'eq', path: [value], value: 'x' },
        { op: 'eq', path: [value, value], value: 'x' },
        any(value, itself),
      ] as const satisfies readonly Filter[];
      for (const filter of conditions) {
        const { items } = await store.read((r) => r.find({ type: user, filter, limit: 99 }));
        const found = filter.op === 'endsWith' && value === '%' && filter.path[0] === 'jobTitle' ? ['d'] : [];
        const contained = filter.op === 'contains' && value === '%' && filter.path[0] === 'jobTitle' ? ['d'] : found;
        assert.deepEqual(idsOf(items), contained, `${JSON.stringify(filter)}`);
      }
      const ordered = await store.read((r) =>
        r.find({ type: user, limit: 99, order: [{ path: [value], descending: false }] }),
      );
      assert.deepEqual(idsOf(ordered.items), ['a', 'b', 'c', 'd', 'e']);
    }
  });

  test('find: gives entities of the type and its derived types, and counts them', async () => {
    const store = fresh();
    await insert(store, providerRef('Email'), { displayName: 'E' });
    await insert(store, { type: socialIdentityProvider, id: 'Google' }, { displayName: 'G' });
    const idsFor = async (type: EntityType) => {
      const page = await store.read((r) => r.find({ type, limit: 9, count: true }));
      assert.equal(page.count, page.items.length);
      return idsOf(page.items);
    };
    assert.deepEqual(await idsFor(identityProviderBase), ['Email', 'Google']);
    assert.deepEqual(await idsFor(socialIdentityProvider), ['Google']);
    assert.deepEqual(await idsFor(user), []);
  });
}
