import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import {
  type AdjustableClock,
  adjustableClock,
  Fault,
  isoDateTime,
  newId,
  silent,
  system,
} from '../../kernel/index.ts';
import { type EntityType, entities, type Filter, type Order, type Query, type Ref } from '../../model/index.ts';
import type { Change, Database, OpenOptions, Row, Store } from '../store.ts';

const by = system('conformance');
const types: readonly EntityType[] = Object.values(entities);
const { user, b2cIdentityUserFlow, identityUserFlow, identityProviderBase, builtInIdentityProvider } = entities;
const { socialIdentityProvider, identityUserFlowAttribute, identityUserFlowAttributeAssignment } = entities;

type Values = Readonly<Record<string, unknown>>;

const userRef = (id: string): Ref => ({ type: user, id });
const flowRef = (id: string): Ref => ({ type: b2cIdentityUserFlow, id });
const providerRef = (id: string): Ref => ({ type: builtInIdentityProvider, id });
const assignmentRef = (flow: string, id: string): Ref => ({
  type: identityUserFlowAttributeAssignment,
  id,
  within: { parent: flowRef(flow), navigation: 'userAttributeAssignments' },
});

const isFault = (code: string, data?: Values) => (error: unknown) => {
  assert.ok(error instanceof Fault, String(error));
  assert.equal(error.code, code);
  if (data) assert.deepEqual({ ...error.data }, data);
  return true;
};

const insert = (store: Store, ref: Ref, values: Values = {}) => store.write((t) => t.insert({ ref, values }, by));
const idsOf = (rows: readonly Row[] | undefined) => rows?.map(({ id }) => id);

/**
 * The contract of the port as tests: every engine passes them unchanged. They use a tenant of their own each, so the
 * database may be shared and need not be empty.
 */
export function conformance(name: string, open: (options: OpenOptions) => Promise<Database>): void {
  describe(`${name} keeps the contract of the store`, () => {
    const clock: AdjustableClock = adjustableClock();
    let database: Database;
    const fresh = () => database.tenant(newId());
    before(async () => {
      database = await open({ clock, observe: silent, types });
    });
    after(() => database.close());

    rows(fresh);
    uniqueness(fresh);
    filters(fresh);
    paging(fresh);
    links(fresh);
    containment(fresh);
    rollback(fresh, () => database);
    changeLog(fresh, clock, () => database);
    ephemerals(fresh, clock, () => database);
    tenants(() => database);
  });
}

function rows(fresh: () => Store): void {
  test('insert: what was inserted is read back under its id, in any case', async () => {
    const store = fresh();
    const values = {
      displayName: 'Ana',
      businessPhones: ['1'],
      passwordProfile: null,
      nested: { a: [1, { b: true }] },
    };
    const { value: row } = await insert(store, userRef('Ünit-1'), values);
    assert.deepEqual([row.id, row.type, row.values, row.within], ['Ünit-1', 'user', values, undefined]);
    assert.match(row.etag, /^W\/".+"$/);
    const read = await store.read((r) => r.get(userRef('üNIT-1')));
    assert.deepEqual(read, row);
    assert.equal(await store.read((r) => r.get(userRef('other'))), undefined);
  });

  test('insert: the values are a copy, so that a later change of the object is not stored', async () => {
    const store = fresh();
    const values = { displayName: 'Ana', otherMails: ['a@example.com'] };
    await insert(store, userRef('u'), values);
    values.otherMails.push('b@example.com');
    const read = await store.read((r) => r.get(userRef('u')));
    assert.deepEqual(read?.values['otherMails'], ['a@example.com']);
  });

  test('insert: a taken id is refused, also in another case and for another type of the family', async () => {
    const store = fresh();
    await insert(store, userRef('Straße'));
    await assert.rejects(insert(store, userRef('STRAßE')), isFault('store.exists', { property: 'id' }));
    await insert(store, providerRef('Email'));
    const social = { type: socialIdentityProvider, id: 'email' };
    await assert.rejects(insert(store, social), isFault('store.exists', { property: 'id' }));
  });

  test('get: a base type finds a derived entity; a sibling type does not', async () => {
    const store = fresh();
    await insert(store, providerRef('Email'));
    const asBase = await store.read((r) => r.get({ type: identityProviderBase, id: 'email' }));
    assert.equal(asBase?.type, 'builtInIdentityProvider');
    assert.equal(await store.read((r) => r.get({ type: socialIdentityProvider, id: 'email' })), undefined);
  });

  test('get: an id is a value, whatever it looks like', async () => {
    const store = fresh();
    const ids = [
      "x' OR '1'='1",
      '"; DROP TABLE e_user; --',
      '%',
      '_',
      '../..',
      'a/b',
      'a%2Fb',
      '$.id',
      '__proto__',
      '?',
    ];
    for (const id of ids) await insert(store, userRef(id), { displayName: id });
    for (const id of ids) {
      const read = await store.read((r) => r.get(userRef(id)));
      assert.deepEqual(read?.values, { displayName: id });
      const found = await store.read((r) =>
        r.find({ type: user, limit: 99, filter: { op: 'eq', path: ['displayName'], value: id } }),
      );
      assert.deepEqual(idsOf(found.items), [id]);
    }
  });

  test('update: replaces the values, changes the etag, keeps id and type', async () => {
    const store = fresh();
    const { value: first } = await insert(store, providerRef('Email'), { displayName: 'E', identityProviderType: 'x' });
    const ref = { type: identityProviderBase, id: 'EMAIL' };
    const { value: second } = await store.write((t) =>
      t.update({ ref, values: { displayName: 'F' } }, by, ['displayName']),
    );
    assert.deepEqual(
      [second.id, second.type, second.values],
      ['Email', 'builtInIdentityProvider', { displayName: 'F' }],
    );
    assert.notEqual(second.etag, first.etag);
    assert.deepEqual(await store.read((r) => r.get(ref)), second);
  });

  test('ifMatch: the stored etag and * are accepted, another one is stale, a missing entity is absent', async () => {
    const store = fresh();
    const ref = userRef('u');
    const { value: first } = await insert(store, ref, { displayName: '1' });
    const update = (displayName: string, ifMatch: string) =>
      store.write((t) => t.update({ ref, values: { displayName } }, by, ['displayName'], ifMatch));
    const { value: second } = await update('2', first.etag);
    await assert.rejects(update('3', first.etag), isFault('store.stale'));
    await assert.rejects(
      store.write((t) => t.remove(ref, by, first.etag)),
      isFault('store.stale'),
    );
    assert.deepEqual((await store.read((r) => r.get(ref)))?.values, { displayName: '2' });
    await update('4', '*');
    const { value: fourth } = await update('4', '*');
    assert.notEqual(fourth.etag, second.etag);
    await store.write((t) => t.remove(ref, by, fourth.etag));
    await assert.rejects(update('5', '*'), isFault('store.absent', { id: 'u' }));
    await assert.rejects(
      store.write((t) => t.remove(ref, by)),
      isFault('store.absent', { id: 'u' }),
    );
  });

  test('ifMatch: an entity made again under its id does not match the etag of the one before', async () => {
    const store = fresh();
    const { value: first } = await insert(store, userRef('u'));
    await store.write((t) => t.remove(userRef('u'), by));
    const { value: second } = await insert(store, userRef('u'));
    assert.notEqual(first.etag, second.etag);
  });

  test('write: tells what it changed, in growing sequence, with caller and properties but no values', async () => {
    const store = fresh();
    const caller = { kind: 'app', appId: 'a', roles: ['User.ReadWrite.All'] } as const;
    const { changes, value } = await store.write(async (t) => {
      await t.insert({ ref: flowRef('B2C_1_Si'), values: { userFlowType: 'signIn' } }, caller);
      await t.insert({ ref: assignmentRef('b2c_1_si', 'email'), values: { isOptional: true } }, caller);
      await t.update({ ref: flowRef('b2c_1_si'), values: {} }, caller, ['userFlowType']);
      return 7;
    });
    assert.equal(value, 7);
    const { tenantId } = store;
    const root = { type: 'b2cIdentityUserFlow', key: 'B2C_1_Si' };
    const seen = changes.map(({ sequence, at, ...rest }) => rest);
    const flow = { tenantId, type: 'b2cIdentityUserFlow', key: 'B2C_1_Si', by: caller, properties: ['userFlowType'] };
    assert.deepEqual(seen, [
      { ...flow, verb: 'created' },
      {
        ...{ tenantId, type: 'identityUserFlowAttributeAssignment', key: 'email', root },
        ...{ verb: 'created', properties: ['isOptional'], by: caller },
      },
      { ...flow, verb: 'updated' },
    ]);
    const later = await insert(store, userRef('u'));
    const sequences = [...changes, ...later.changes].map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      [...new Set(sequences)].sort((a, b) => a - b),
    );
    assert.deepEqual((await store.write((t) => t.get(userRef('u')))).changes, []);
  });

  test('write: a transaction that has ended refuses whatever comes late', async () => {
    const store = fresh();
    const insertLate = await store.write(async (t) => () => t.insert({ ref: userRef('late'), values: {} }, by));
    await assert.rejects(insertLate.value(), isFault('store.over'));
    assert.equal(await store.read((r) => r.get(userRef('late'))), undefined);
  });

  test('write: 50 concurrent read-modify-writes lose nothing', async () => {
    const store = fresh();
    const ref = userRef('u');
    await insert(store, ref, { count: 0 });
    const addOne = () =>
      store.write(async (t) => {
        const count = Number((await t.get(ref))?.values['count']) + 1;
        return t.update({ ref, values: { count } }, by, ['count']);
      });
    await Promise.all(Array.from({ length: 50 }, addOne));
    assert.deepEqual((await store.read((r) => r.get(ref)))?.values, { count: 50 });
  });

  test('write: sees its own changes, and nobody else does before the commit', async () => {
    const store = fresh();
    await store.write(async (t) => {
      await t.insert({ ref: userRef('u'), values: { displayName: 'x' } }, by);
      assert.equal((await t.get(userRef('u')))?.id, 'u');
      assert.deepEqual(idsOf((await t.find({ type: user, limit: 9 })).items), ['u']);
      assert.equal(await store.read((r) => r.get(userRef('u'))), undefined);
    });
    assert.equal((await store.read((r) => r.get(userRef('u'))))?.id, 'u');
  });

  test('an undeclared type or navigation is refused', async () => {
    const store = fresh();
    const stranger = { ...user, name: 'stranger' };
    await assert.rejects(insert(store, { type: stranger, id: 'x' }), isFault('store.undeclared', { name: 'stranger' }));
    await insert(store, userRef('a'));
    await assert.rejects(
      store.write((t) => t.link(userRef('a'), 'nowhere', userRef('a'), by)),
      isFault('store.undeclared'),
    );
  });
}

function uniqueness(fresh: () => Store): void {
  test('unique: a taken value is refused in any case, and the property is named', async () => {
    const store = fresh();
    await insert(store, userRef('a'), { userPrincipalName: 'Ärger@Example.com' });
    const taken = isFault('store.exists', { property: 'userPrincipalName' });
    await assert.rejects(insert(store, userRef('b'), { userPrincipalName: 'ärger@example.COM' }), taken);
    // The same letters composed differently (Unicode NFD).
    await assert.rejects(insert(store, userRef('b'), { userPrincipalName: 'A\u0308rger@example.com' }), taken);
    await insert(store, userRef('b'), { userPrincipalName: 'b@example.com' });
    const steal = store.write((t) =>
      t.update({ ref: userRef('b'), values: { userPrincipalName: 'ÄRGER@example.com' } }, by, ['userPrincipalName']),
    );
    await assert.rejects(steal, taken);
    assert.deepEqual((await store.read((r) => r.get(userRef('b'))))?.values, { userPrincipalName: 'b@example.com' });
  });

  test('unique: null and nothing collide with nothing; an entity does not collide with itself; a freed value is free', async () => {
    const store = fresh();
    await insert(store, userRef('a'), { userPrincipalName: null });
    await insert(store, userRef('b'), { userPrincipalName: null });
    await insert(store, userRef('c'));
    const set = (id: string, userPrincipalName: string | null) =>
      store.write((t) => t.update({ ref: userRef(id), values: { userPrincipalName } }, by, ['userPrincipalName']));
    await set('a', 'x@example.com');
    await set('a', 'X@example.com');
    await set('a', null);
    await set('b', 'x@example.com');
    await store.write((t) => t.remove(userRef('b'), by));
    await set('c', 'x@example.com');
  });

  const identity = (issuer: string | null, issuerAssignedId: string | null) => ({
    identities: [{ signInType: 'emailAddress', issuer, issuerAssignedId }],
  });

  test('uniqueTuple: the pair is unique, its members alone are not', async () => {
    const store = fresh();
    await insert(store, userRef('a'), identity('Contoso.com', 'Ana@example.com'));
    await insert(store, userRef('b'), identity('contoso.com', 'bo@example.com'));
    await insert(store, userRef('c'), identity('fabrikam.com', 'ana@example.com'));
    const taken = isFault('store.exists', { property: 'identities' });
    await assert.rejects(insert(store, userRef('d'), identity('CONTOSO.com', 'ANA@example.com')), taken);
    const second = {
      identities: [...identity('x', 'y').identities, ...identity('contoso.com', 'bo@example.com').identities],
    };
    await assert.rejects(insert(store, userRef('d'), second), taken);
    assert.equal(await store.read((r) => r.get(userRef('d'))), undefined);
    await store.write((t) => t.update({ ref: userRef('a'), values: identity('new', 'new') }, by, ['identities']));
    await insert(store, userRef('d'), identity('contoso.com', 'ana@example.com'));
    await store.write((t) => t.remove(userRef('d'), by));
    await insert(store, userRef('e'), identity('contoso.com', 'ana@example.com'));
  });

  test('uniqueTuple: an entity keeps the tuples it has while it gains and loses others', async () => {
    const store = fresh();
    const list = (...ids: readonly string[]) => ({ identities: ids.flatMap((id) => identity('i', id).identities) });
    await insert(store, userRef('a'), list('1', '2'));
    await store.write((t) => t.update({ ref: userRef('a'), values: list('3', '1') }, by, ['identities']));
    const taken = isFault('store.exists', { property: 'identities' });
    await assert.rejects(insert(store, userRef('b'), list('1')), taken);
    await assert.rejects(insert(store, userRef('b'), list('3')), taken);
    await insert(store, userRef('b'), list('2'));
  });

  test('uniqueTuple: a tuple with a missing member collides with nothing, and one entity may repeat its own', async () => {
    const store = fresh();
    await insert(store, userRef('a'), identity('contoso.com', null));
    await insert(store, userRef('b'), identity('contoso.com', null));
    const pair = identity('i', 'x').identities;
    await insert(store, userRef('c'), { identities: [...pair, ...pair] });
  });

  test('store.exists leaves the transaction usable and nothing half written', async () => {
    const store = fresh();
    await insert(store, userRef('a'), { userPrincipalName: 'a@example.com', ...identity('i', '1') });
    await store.write(async (t) => {
      await assert.rejects(t.insert({ ref: userRef('b'), values: identity('i', '1') }, by), isFault('store.exists'));
      await t.insert({ ref: userRef('b'), values: { userPrincipalName: 'b@example.com' } }, by);
    });
    const found = await store.read((r) => r.find({ type: user, limit: 9 }));
    assert.deepEqual(found.items.map(({ id, values }) => [id, values['identities']]).at(1), ['b', undefined]);
  });
}

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

const eq = (path: string, value: string | number | boolean | null): Filter => ({
  op: 'eq',
  path: path.split('/'),
  value,
});
const where = (
  op: 'gt' | 'ge' | 'lt' | 'le' | 'ne',
  path: string,
  value: string | number | boolean | null,
): Filter => ({
  op,
  path: path.split('/'),
  value,
});
const part = (op: 'startsWith' | 'endsWith' | 'contains', path: string, value: string): Filter => ({
  op,
  path: path.split('/'),
  value,
});
const not = (term: Filter): Filter => ({ op: 'not', term });
const and = (...terms: readonly Filter[]): Filter => ({ op: 'and', terms });
const or = (...terms: readonly Filter[]): Filter => ({ op: 'or', terms });
const any = (path: string, inside?: Filter): Filter => ({
  op: 'any',
  path: [path],
  ...(inside ? { where: inside } : {}),
});
const all = (path: string, inside?: Filter): Filter => ({
  op: 'all',
  path: [path],
  ...(inside ? { where: inside } : {}),
});
const itself = { op: 'eq', path: [], value: 'x' } as const satisfies Filter;

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

const hostile = ["' OR 1=1 --", '"', '\\', "'); DROP TABLE link; --", '?', ':x', '$x', '%', '*', '\u{1F600}', '\ud800'];

function filters(fresh: () => Store): void {
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

/** Reads page after page; `between` runs after each. */
async function pages(store: Store, query: Query, between: (page: number) => Promise<unknown> = async () => undefined) {
  const found: string[][] = [];
  let next: string | undefined;
  do {
    const page = await store.read((r) => r.find({ ...query, ...(next === undefined ? {} : { after: next }) }));
    found.push(page.items.map(({ id }) => id));
    next = page.next;
    await between(found.length);
    assert.ok(found.length < 100, 'paging does not end');
  } while (next !== undefined);
  return found;
}

function paging(fresh: () => Store): void {
  test('find: in order of id without regard to case, limit at a time, no empty last page', async () => {
    const store = fresh();
    for (const id of ['b', 'A', 'C', 'd']) await insert(store, userRef(id));
    assert.deepEqual(await pages(store, { type: user, limit: 2 }), [
      ['A', 'b'],
      ['C', 'd'],
    ]);
    assert.deepEqual(await pages(store, { type: user, limit: 3 }), [['A', 'b', 'C'], ['d']]);
    assert.deepEqual(await pages(store, { type: user, limit: 4 }), [['A', 'b', 'C', 'd']]);
    assert.deepEqual(await pages(fresh(), { type: user, limit: 4 }), [[]]);
  });

  test('count: every match, on every page', async () => {
    const store = fresh();
    for (const id of ['a', 'b', 'c']) await insert(store, userRef(id), { displayName: id });
    const filter = where('gt', 'displayName', 'a');
    const first = await store.read((r) => r.find({ type: user, limit: 1, filter, count: true }));
    assert.deepEqual([idsOf(first.items), first.count], [['b'], 2]);
    const rest = { type: user, limit: 1, filter, count: true, after: first.next ?? '' };
    const second = await store.read((r) => r.find(rest));
    assert.deepEqual([idsOf(second.items), second.count, second.next], [['c'], 2, undefined]);
    assert.equal('count' in (await store.read((r) => r.find({ type: user, limit: 1 }))), false);
  });

  const orders: readonly (readonly [string, readonly Order[]])[] = [
    ['indexed', [{ path: ['displayName'], descending: false }]],
    ['indexed, descending', [{ path: ['displayName'], descending: true }]],
    ['not indexed', [{ path: ['jobTitle'], descending: false }]],
    ['not indexed, descending', [{ path: ['jobTitle'], descending: true }]],
    [
      'by two properties in two directions',
      [
        { path: ['accountEnabled'], descending: true },
        { path: ['jobTitle'], descending: false },
      ],
    ],
    [
      'by two properties in two directions, turned',
      [
        { path: ['jobTitle'], descending: false },
        { path: ['displayName'], descending: true },
      ],
    ],
    ['id, descending', [{ path: ['id'], descending: true }]],
    ['numbers', [{ path: ['level'], descending: false }]],
  ];

  test('order: pages of any size are the whole order, null first (last when descending), ties by id', async (context) => {
    const store = fresh();
    const pool = ['ä', 'Z', 'a', 'A', 'zz', null, undefined, '\u{1F600}', '\uFF5E'];
    for (const [index, id] of Array.from('abcdefghijklmnopqr').entries()) {
      const displayName = pool[index % pool.length];
      const jobTitle = pool[(index * 5) % 7];
      const values = { displayName, jobTitle, accountEnabled: index % 3 === 0, level: (index * 7) % 11 };
      await insert(store, userRef(id), values);
    }
    for (const [sentence, order] of orders) {
      await context.test(sentence, async () => {
        const [whole] = await pages(store, { type: user, limit: 99, order });
        assert.equal(whole?.length, 18);
        for (const limit of [1, 4, 7]) {
          assert.deepEqual((await pages(store, { type: user, limit, order })).flat(), whole);
        }
      });
    }
    const byName = { type: user, limit: 99, order: [{ path: ['displayName'], descending: false }] };
    const { items } = await store.read((r) => r.find(byName));
    // By code point: U+FF5E comes before U+1F600, which UTF-16 units would turn round.
    const names = [
      'null',
      'null',
      'null',
      'null',
      'a',
      'A',
      'a',
      'A',
      'Z',
      'Z',
      'zz',
      'zz',
      'ä',
      'ä',
      '\uFF5E',
      '\uFF5E',
      '\u{1F600}',
      '\u{1F600}',
    ];
    assert.deepEqual(
      items.map(({ values }) => String(values['displayName'] ?? null)).map((n) => n.toLowerCase()),
      names.map((n) => n.toLowerCase()),
    );
  });

  test('paging: rows inserted and removed meanwhile neither repeat nor hide the others', async () => {
    const store = fresh();
    for (const id of ['b', 'd', 'f', 'h']) await insert(store, userRef(id), { displayName: id });
    for (const order of [undefined, [{ path: ['displayName'], descending: false }]]) {
      const query = { type: user, limit: 2, ...(order ? { order } : {}) };
      const found = await pages(store, query, async (page) => {
        if (page !== 1) return;
        await insert(store, userRef('a'), { displayName: 'a' });
        await insert(store, userRef('g'), { displayName: 'g' });
        await store.write((t) => t.remove(userRef('d'), by));
      });
      assert.deepEqual(found.flat(), ['b', 'd', 'f', 'g', 'h']);
      for (const id of ['a', 'g']) await store.write((t) => t.remove(userRef(id), by));
      await insert(store, userRef('d'), { displayName: 'd' });
    }
  });

  test('after: a token that is none, or one of another order, is refused', async () => {
    const store = fresh();
    for (const id of ['a', 'b']) await insert(store, userRef(id), { displayName: id });
    const { next } = await store.read((r) => r.find({ type: user, limit: 1 }));
    assert.ok(next);
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const tokens = ['', 'x', '%%%', "' OR 1=1", forged(null), forged([]), forged(['+id', [{}]]), forged(['+id', [1]])];
    for (const after of [...tokens, forged(['+id', []]), `${next}AAAA`, 'A'.repeat(100_000)]) {
      await assert.rejects(
        store.read((r) => r.find({ type: user, limit: 1, after })),
        isFault('store.badCursor'),
      );
    }
    const by = (name: string, descending = false) => ({ order: [{ path: [name], descending }] });
    const named = await store.read((r) => r.find({ type: user, limit: 1, ...by('displayName') }));
    const elsewhere = [by('surname'), by('displayName', true), {}].map((order) => ({
      ...order,
      after: named.next ?? '',
    }));
    for (const query of [...elsewhere, { ...by('displayName'), after: next }]) {
      await assert.rejects(
        store.read((r) => r.find({ type: user, limit: 1, ...query })),
        isFault('store.badCursor'),
      );
    }
  });
}

function links(fresh: () => Store): void {
  const nav = 'userFlowIdentityProviders';
  const population = async () => {
    const store = fresh();
    await insert(store, flowRef('F1'));
    await insert(store, flowRef('F2'));
    for (const id of ['P3', 'P1', 'P2']) await insert(store, providerRef(id));
    return store;
  };
  const linked = async (store: Store, flow: string, navigation = nav) =>
    idsOf((await store.read((r) => r.linked([flowRef(flow)], navigation))).get(flow));

  test('link: targets come back in the order of linking; linking twice is told; the alias is the same link', async () => {
    const store = await population();
    const base = { type: identityProviderBase, id: 'p2' };
    const link = async (navigation: string, target: Ref) => {
      const { value, changes } = await store.write((t) => t.link(flowRef('f1'), navigation, target, by));
      return [value, changes.map(({ type, key, verb, properties }) => [type, key, verb, properties])];
    };
    const change = ['b2cIdentityUserFlow', 'F1', 'updated', [nav]];
    assert.deepEqual(await link(nav, base), [true, [change]]);
    assert.deepEqual(await link('identityProviders', providerRef('P3')), [true, [change]]);
    assert.deepEqual(await link(nav, providerRef('P1')), [true, [change]]);
    assert.deepEqual(await link('identityProviders', providerRef('P2')), [false, []]);
    assert.deepEqual(await linked(store, 'F1'), ['P2', 'P3', 'P1']);
    assert.deepEqual(await linked(store, 'F1', 'identityProviders'), ['P2', 'P3', 'P1']);
    assert.deepEqual(await linked(store, 'F2'), []);
  });

  test('linked: answers for many sources at once, under the ids asked for, also those without links', async () => {
    const store = await population();
    await store.write(async (t) => {
      await t.link(flowRef('F1'), nav, providerRef('P1'), by);
      await t.link(flowRef('F2'), nav, providerRef('P2'), by);
      await t.link(flowRef('F2'), nav, providerRef('P1'), by);
    });
    const found = await store.read((r) => r.linked([flowRef('f1'), flowRef('F2'), flowRef('none')], nav));
    assert.deepEqual(
      [...found].map(([id, targets]) => [id, idsOf(targets)]),
      [
        ['f1', ['P1']],
        ['F2', ['P2', 'P1']],
        ['none', []],
      ],
    );
    assert.deepEqual([...(await store.read((r) => r.linked([], nav)))], []);
    const first = await store.read((r) => r.linked([flowRef('F1'), flowRef('F2')], nav, 1));
    assert.deepEqual([...first.values()].map(idsOf), [['P1'], ['P2']]);
    const none = await store.read((r) => r.linked([flowRef('F2')], nav, 0));
    assert.deepEqual(idsOf(none.get('F2')), []);
  });

  test('linked: a navigation of the derived type is found through the base type', async () => {
    const store = await population();
    await store.write((t) => t.link({ type: identityUserFlow, id: 'f1' }, nav, providerRef('P1'), by));
    const found = await store.read((r) => r.linked([{ type: identityUserFlow, id: 'F1' }], nav));
    assert.deepEqual(idsOf(found.get('F1')), ['P1']);
  });

  test('link: a missing end is absent, on unlink there simply is no link', async () => {
    const store = await population();
    const attempt = (source: Ref, target: Ref) => store.write((t) => t.link(source, nav, target, by));
    await assert.rejects(attempt(flowRef('x'), providerRef('P1')), isFault('store.absent', { id: 'x' }));
    await assert.rejects(attempt(flowRef('F1'), providerRef('y')), isFault('store.absent', { id: 'y' }));
    await assert.rejects(attempt(flowRef('F1'), flowRef('F2')), isFault('store.absent'));
    const unlink = async (source: Ref, target: Ref) => {
      const { value, changes } = await store.write((t) => t.unlink(source, nav, target, by));
      return [value, changes.length];
    };
    assert.deepEqual(await unlink(flowRef('F1'), providerRef('P1')), [false, 0]);
    assert.deepEqual(await unlink(flowRef('F1'), providerRef('y')), [false, 0]);
    await attempt(flowRef('F1'), providerRef('P1'));
    assert.deepEqual(await unlink(flowRef('f1'), providerRef('p1')), [true, 1]);
    assert.deepEqual(await linked(store, 'F1'), []);
  });

  test('remove: takes the links at both ends, and tells every source that lost one', async () => {
    const store = await population();
    await store.write(async (t) => {
      for (const flow of ['F1', 'F2'])
        for (const id of ['P1', 'P2']) await t.link(flowRef(flow), nav, providerRef(id), by);
    });
    const { changes } = await store.write((t) => t.remove(providerRef('P1'), by));
    assert.deepEqual(
      changes.map(({ key, verb, properties }) => [key, verb, properties]),
      [
        ['P1', 'deleted', []],
        ['F1', 'updated', [nav]],
        ['F2', 'updated', [nav]],
      ],
    );
    await insert(store, providerRef('P1'));
    assert.deepEqual(await linked(store, 'F1'), ['P2']);
    await store.write((t) => t.remove(flowRef('F1'), by));
    await insert(store, flowRef('F1'));
    assert.deepEqual(await linked(store, 'F1'), []);
    assert.deepEqual(await linked(store, 'F2'), ['P2']);
  });
}

function containment(fresh: () => Store): void {
  const population = async () => {
    const store = fresh();
    await store.write(async (t) => {
      await t.insert({ ref: flowRef('B2C_1_A'), values: {} }, by);
      await t.insert({ ref: flowRef('B2C_1_A/x'), values: {} }, by);
      for (const id of ['surname', 'email', 'city']) {
        await t.insert({ ref: assignmentRef('b2c_1_a', id), values: { displayName: id } }, by);
        await t.insert({ ref: assignmentRef('B2C_1_A/x', id), values: {} }, by);
      }
      await t.insert({ ref: { type: identityUserFlowAttribute, id: 'email' }, values: {} }, by);
      const attribute = { type: identityUserFlowAttribute, id: 'email' };
      await t.link(assignmentRef('B2C_1_A', 'email'), 'userAttribute', attribute, by);
    });
    return store;
  };
  const within = (flow: string) => [{ parent: flowRef(flow), navigation: 'userAttributeAssignments' }];

  test('contained: kept in its place, in order of creation unless told, and not at the top', async () => {
    const store = await population();
    const type = identityUserFlowAttributeAssignment;
    const find = async (query: Partial<Query>) => (await pages(store, { type, limit: 2, ...query })).flat();
    assert.deepEqual(await find({ within: within('b2c_1_A') }), ['surname', 'email', 'city']);
    assert.deepEqual(await find({}), []);
    assert.deepEqual(await find({ within: [] }), []);
    const order = [{ path: ['id'], descending: false }];
    assert.deepEqual(await find({ within: within('B2C_1_A'), order }), ['city', 'email', 'surname']);
    const both = [...within('B2C_1_A'), ...within('B2C_1_A/x')];
    assert.deepEqual(await find({ within: both, order }), ['city', 'city', 'email', 'email', 'surname', 'surname']);
    const sorted = [{ path: ['displayName'], descending: true }];
    assert.equal((await find({ within: both, order: sorted })).length, 6);
    assert.deepEqual(await find({ within: both, filter: eq('displayName', 'EMAIL') }), ['email']);
  });

  test('contained: a row names its place as it is stored', async () => {
    const store = await population();
    const row = await store.read((r) => r.get(assignmentRef('b2c_1_a', 'EMAIL')));
    assert.equal(row?.id, 'email');
    assert.equal(row.within?.navigation, 'userAttributeAssignments');
    assert.deepEqual([row.within.parent.type.name, row.within.parent.id], ['b2cIdentityUserFlow', 'B2C_1_A']);
    assert.equal(await store.read((r) => r.get({ type: identityUserFlowAttributeAssignment, id: 'email' })), undefined);
    const throughBase: Ref = {
      type: identityUserFlowAttributeAssignment,
      id: 'email',
      within: { parent: { type: identityUserFlow, id: 'B2C_1_a' }, navigation: 'userAttributeAssignments' },
    };
    assert.equal((await store.read((r) => r.get(throughBase)))?.id, 'email');
  });

  test('contained: a missing parent is absent; an id is taken within its place only', async () => {
    const store = await population();
    await assert.rejects(insert(store, assignmentRef('none', 'email')), isFault('store.absent', { id: 'none' }));
    await assert.rejects(insert(store, assignmentRef('B2C_1_A', 'Email')), isFault('store.exists', { property: 'id' }));
  });

  test('remove: takes what is contained with it and nothing of a neighbour', async () => {
    const store = await population();
    const { changes } = await store.write((t) => t.remove(flowRef('b2c_1_a'), by));
    const root = { type: 'b2cIdentityUserFlow', key: 'B2C_1_A' };
    assert.deepEqual(
      changes.map(({ key, verb, root: top }) => [key, verb, top]),
      [['B2C_1_A', 'deleted', undefined], ...['surname', 'email', 'city'].map((key) => [key, 'deleted', root])],
    );
    await insert(store, flowRef('B2C_1_A'));
    const type = identityUserFlowAttributeAssignment;
    const count = async (flow: string) =>
      (await store.read((r) => r.find({ type, within: within(flow), limit: 9 }))).items.length;
    assert.deepEqual([await count('B2C_1_A'), await count('B2C_1_A/x')], [0, 3]);
    await insert(store, assignmentRef('B2C_1_A', 'email'));
    const linked = await store.read((r) => r.linked([assignmentRef('B2C_1_A', 'email')], 'userAttribute'));
    assert.deepEqual(idsOf(linked.get('email')), []);
  });
}

function rollback(fresh: () => Store, database: () => Database): void {
  test('rollback: a write that fails leaves no row, link, value, tuple, record or change', async () => {
    const store = fresh();
    const identities = [{ issuer: 'i', issuerAssignedId: 'x' }];
    await insert(store, flowRef('F'), { userFlowTypeVersion: 1 });
    await insert(store, providerRef('P'));
    await insert(store, userRef('kept'), { userPrincipalName: 'kept@example.com', identities });
    await store.ephemeral.put('journey', { id: 'j', payload: 1, ttlSeconds: 60, indexes: { uid: 'u' } });
    const reason = new Error('no');
    const failed = store.write(async (t) => {
      await t.insert({ ref: userRef('u'), values: { userPrincipalName: 'u@example.com' } }, by);
      await t.update({ ref: flowRef('F'), values: { userFlowTypeVersion: 2 } }, by, ['userFlowTypeVersion']);
      await t.insert({ ref: assignmentRef('F', 'a'), values: {} }, by);
      await t.link(flowRef('F'), 'userFlowIdentityProviders', providerRef('P'), by);
      await t.remove(userRef('kept'), by);
      await t.ephemeral.put('journey', { id: 'new', payload: 1, ttlSeconds: 60 });
      assert.equal((await t.ephemeral.take('journey', 'j'))?.payload, 1);
      await t.ephemeral.increment('attempts', 'n', 60);
      throw reason;
    });
    await assert.rejects(failed, (error) => error === reason);
    await store.read(async (r) => {
      assert.equal(await r.get(userRef('u')), undefined);
      assert.equal((await r.get(flowRef('F')))?.values['userFlowTypeVersion'], 1);
      assert.equal(await r.get(assignmentRef('F', 'a')), undefined);
      assert.deepEqual((await r.linked([flowRef('F')], 'userFlowIdentityProviders')).get('F'), []);
      assert.equal((await r.get(userRef('kept')))?.id, 'kept');
    });
    assert.equal(await store.ephemeral.get('journey', 'new'), undefined);
    assert.equal((await store.ephemeral.findBy('journey', 'uid', 'u'))?.id, 'j');
    assert.equal(await store.ephemeral.increment('attempts', 'n', 60), 1);
    await insert(store, userRef('u'), { userPrincipalName: 'u@example.com' });
    const copy = insert(store, userRef('v'), { identities });
    await assert.rejects(copy, isFault('store.exists', { property: 'identities' }));
  });

  test('rollback: a failing write does not take its neighbours in the same turn with it', async () => {
    const store = fresh();
    const attempts = Array.from({ length: 9 }, (_, index) =>
      store.write(async (t) => {
        await t.insert({ ref: userRef(`u${index}`), values: {} }, by);
        if (index % 3 === 1) throw new Error('no');
        return index;
      }),
    );
    const outcomes = (await Promise.allSettled(attempts)).map(({ status }) => status === 'fulfilled');
    assert.deepEqual(outcomes, [true, false, true, true, false, true, true, false, true]);
    const { items } = await store.read((r) => r.find({ type: user, limit: 99 }));
    assert.deepEqual(idsOf(items), ['u0', 'u2', 'u3', 'u5', 'u6', 'u8']);
  });

  test('foreignChanges: ends when the signal aborts, and does not tell this process its own changes', async () => {
    const store = fresh();
    const controller = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { tenantId } of database().foreignChanges(controller.signal)) seen.push(tenantId);
    })();
    await insert(store, userRef('u'));
    controller.abort();
    await reading;
    assert.ok(!seen.includes(store.tenantId));
  });
}

function changeLog(fresh: () => Store, clock: AdjustableClock, database: () => Database): void {
  const keysOf = (changes: readonly Change[]) => changes.map(({ key, verb }) => `${key} ${verb}`);

  test('changes: what was committed is told in its order, part by part, and only to its own tenant', async () => {
    const [store, other] = [fresh(), fresh()];
    const before = await store.sequence();
    const { changes: told } = await store.write(async (t) => {
      for (const id of ['a', 'b']) await t.insert({ ref: userRef(id), values: {} }, by);
      await t.update({ ref: userRef('a'), values: { displayName: 'x' } }, by, ['displayName']);
    });
    await insert(other, userRef('z'));
    await insert(store, flowRef('F'));
    await insert(store, assignmentRef('F', 'email'));
    const failed = store.write(async (t) => {
      await t.insert({ ref: userRef('undone'), values: {} }, by);
      throw new Error('no');
    });
    await assert.rejects(failed);
    await store.write((t) => t.remove(userRef('b'), by));
    const all = await store.changes({ after: before, limit: 99 });
    assert.deepEqual(all.changes.slice(0, 3), told);
    assert.deepEqual(keysOf(all.changes.slice(3)), ['F created', 'email created', 'b deleted']);
    assert.deepEqual(all.changes[4]?.root, { type: 'b2cIdentityUserFlow', key: 'F' });
    assert.equal(all.complete, true);
    const parts: Change[] = [];
    for (let after = before; ; ) {
      const part = await store.changes({ after, limit: 2 });
      parts.push(...part.changes);
      assert.ok(part.next > after || part.complete);
      after = part.next;
      if (part.complete) break;
    }
    assert.deepEqual(parts, all.changes);
    const users = await store.changes({ after: before, types: ['user'], limit: 99 });
    assert.deepEqual(keysOf(users.changes), ['a created', 'b created', 'a updated', 'b deleted']);
    assert.deepEqual((await store.changes({ after: before, types: [], limit: 9 })).changes, []);
    assert.deepEqual(keysOf((await store.changes({ after: all.next, limit: 9 })).changes), []);
  });

  test('sequence: everything before it has been told, everything after it is behind it', async () => {
    const store = fresh();
    await insert(store, userRef('a'));
    const now = await store.sequence();
    assert.deepEqual((await store.changes({ after: now, limit: 9 })).changes, []);
    await insert(store, userRef('b'));
    assert.deepEqual(keysOf((await store.changes({ after: now, limit: 9 })).changes), ['b created']);
    assert.ok((await store.sequence()) > now);
  });

  test('changes: whoever follows the log while others write sees every change once', async () => {
    const store = fresh();
    const start = await store.sequence();
    const ids = Array.from({ length: 60 }, (_, index) => `u${index}`);
    let writing = true;
    const writes = Promise.all(ids.map((id) => insert(store, userRef(id)))).then(() => {
      writing = false;
    });
    const seen: Change[] = [];
    for (let after = start, last = false; !last; ) {
      await setImmediate();
      // Once more after the last write.
      last = !writing;
      const part = await store.changes({ after, limit: 7 });
      seen.push(...part.changes);
      after = part.next;
      last &&= part.complete;
    }
    await writes;
    assert.deepEqual(seen.map(({ key }) => key).sort(), [...ids].sort());
    const numbers = seen.map(({ sequence }) => sequence);
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    );
  });

  const sweepAway = async () => {
    while ((await database().sweep()) > 0);
  };

  test('sweep: changes are forgotten after their time, and whoever asks from before is told so', async () => {
    const store = fresh();
    const before = await store.sequence();
    await insert(store, userRef('old'));
    clock.advance(20 * 86_400);
    const between = await store.sequence();
    await insert(store, userRef('new'));
    clock.advance(11 * 86_400);
    await sweepAway();
    await assert.rejects(store.changes({ after: before, limit: 9 }), isFault('store.forgotten'));
    await assert.rejects(store.changes({ after: 0, limit: 9 }), isFault('store.forgotten'));
    assert.deepEqual(keysOf((await store.changes({ after: between, limit: 9 })).changes), ['new created']);
    assert.equal((await store.read((r) => r.get(userRef('old'))))?.id, 'old');
    clock.advance(31 * 86_400);
    await sweepAway();
    const end = await store.sequence();
    assert.deepEqual(await store.changes({ after: end, limit: 9 }), { changes: [], next: end, complete: true });
  });

  test('sweep: entries of a log leave no change, and are removed after their time', async () => {
    const store = fresh();
    const entry = (id: string) => ({ type: entities.directoryAudit, id });
    const at = () => ({ activityDateTime: isoDateTime(clock.now()), activityDisplayName: 'Add user' });
    const start = await store.sequence();
    const { changes } = await store.write((t) => t.insert({ ref: entry('old'), values: at() }, by));
    assert.deepEqual(changes, []);
    clock.advance(29 * 86_400);
    await insert(store, entry('new'), at());
    await insert(store, entry('timeless'), {});
    assert.deepEqual((await store.changes({ after: start, limit: 9 })).changes, []);
    clock.advance(2 * 86_400);
    await sweepAway();
    const { items } = await store.read((r) => r.find({ type: entities.directoryAudit, limit: 9 }));
    assert.deepEqual(idsOf(items), ['new', 'timeless']);
  });

  test('sweep: a tenant keeps its logs for as long as it has chosen', async () => {
    const made: (readonly [string, Store])[] = [];
    for (const [name, days] of [['usual'], ['shorter', 10], ['longer', 365]] as const) {
      const { id } = await database().tenants.create({
        id: newId(),
        domains: [`${newId()}.example`],
        displayName: name,
      });
      const store = database().tenant(id);
      const settings = days === undefined ? {} : { settings: { auditRetentionDays: days } };
      await insert(store, { type: entities.organization, id }, settings);
      for (const type of [entities.directoryAudit, entities.signIn]) {
        const at = isoDateTime(clock.now());
        await insert(store, { type, id: 'entry' }, { activityDateTime: at, createdDateTime: at });
      }
      made.push([name, store]);
    }
    const kept = async () => {
      await sweepAway();
      const found: string[] = [];
      for (const [name, store] of made) {
        for (const type of [entities.directoryAudit, entities.signIn]) {
          if (await store.read((r) => r.get({ type, id: 'entry' }))) found.push(`${name} ${type.name}`);
        }
      }
      return found;
    };
    const both = (name: string) => [`${name} directoryAudit`, `${name} signIn`];
    clock.advance(9 * 86_400);
    assert.deepEqual(await kept(), [...both('usual'), ...both('shorter'), ...both('longer')]);
    clock.advance(2 * 86_400);
    assert.deepEqual(await kept(), [...both('usual'), ...both('longer')]);
    clock.advance(20 * 86_400);
    assert.deepEqual(await kept(), both('longer'));
    clock.advance(335 * 86_400);
    assert.deepEqual(await kept(), []);
  });
}

function ephemerals(fresh: () => Store, clock: AdjustableClock, database: () => Database): void {
  const record = (id: string, payload: unknown = {}, indexes: Readonly<Record<string, string>> = {}) => ({
    ...{ id, payload, indexes },
    ttlSeconds: 60,
  });

  test('put and get: payload, revision and expiry; ids are exact; each kind is its own', async () => {
    const { ephemeral } = fresh();
    const payload = { a: [1, null, 'ü'], b: { c: true } };
    assert.equal(await ephemeral.put('journey', record('Id', payload)), 1);
    const held = await ephemeral.get('journey', 'Id');
    assert.deepEqual({ ...held, expires: 0 }, { id: 'Id', payload, revision: 1, expires: 0 });
    assert.ok(Math.abs((held?.expires ?? 0) - clock.now() - 60) <= 2);
    assert.equal(await ephemeral.get('journey', 'id'), undefined);
    assert.equal(await ephemeral.get('oidc.Session', 'Id'), undefined);
    assert.equal(await ephemeral.put('journey', record('Id', 2)), 2);
    assert.equal((await ephemeral.get('journey', 'Id'))?.payload, 2);
  });

  test('put with a revision: of two writers who saw the same state one is refused', async () => {
    const { ephemeral } = fresh();
    assert.equal(await ephemeral.put('journey', record('j', 0), 0), 1);
    await assert.rejects(ephemeral.put('journey', record('j', 1), 0), isFault('store.stale'));
    const both = await Promise.allSettled([
      ephemeral.put('journey', record('j', 'x'), 1),
      ephemeral.put('journey', record('j', 'y'), 1),
    ]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.equal((await ephemeral.get('journey', 'j'))?.revision, 2);
    await assert.rejects(ephemeral.put('journey', record('none', 1), 1), isFault('store.stale'));
  });

  test('expiry: expired means absent to every operation, by the clock of the database', async () => {
    const { ephemeral } = fresh();
    await ephemeral.put('journey', record('j', 1, { uid: 'u' }));
    await ephemeral.increment('attempts', 'n', 60);
    clock.advance(58);
    assert.equal((await ephemeral.get('journey', 'j'))?.payload, 1);
    clock.advance(3);
    assert.equal(await ephemeral.get('journey', 'j'), undefined);
    assert.equal(await ephemeral.findBy('journey', 'uid', 'u'), undefined);
    assert.equal(await ephemeral.consume('journey', 'j'), false);
    assert.equal(await ephemeral.take('journey', 'j'), undefined);
    assert.equal(await ephemeral.increment('attempts', 'n', 60), 1);
    assert.equal(await ephemeral.put('journey', record('j', 2), 0), 1);
  });

  test('increment: a counter keeps the lifetime it began with', async () => {
    const { ephemeral } = fresh();
    assert.equal(await ephemeral.increment('attempts', 'n', 60), 1);
    const before = await ephemeral.get('attempts', 'n');
    clock.advance(30);
    assert.equal(await ephemeral.increment('attempts', 'n', 60), 2);
    const now = await ephemeral.get('attempts', 'n');
    assert.deepEqual([now?.payload, now?.expires], [2, before?.expires]);
    assert.equal(await ephemeral.increment('attempts', 'm', 60), 1);
  });

  test('consume: marks once; the record stays to be seen; a put starts it anew', async () => {
    const { ephemeral } = fresh();
    await ephemeral.put('oidc.RefreshToken', record('t'));
    assert.equal(await ephemeral.consume('oidc.RefreshToken', 't'), true);
    assert.equal(await ephemeral.consume('oidc.RefreshToken', 't'), false);
    assert.equal(await ephemeral.consume('oidc.RefreshToken', 'none'), false);
    const held = await ephemeral.get('oidc.RefreshToken', 't');
    assert.equal(typeof held?.consumed, 'number');
    await assert.rejects(ephemeral.put('oidc.RefreshToken', record('t'), 1), isFault('store.stale'));
    await ephemeral.put('oidc.RefreshToken', record('t'));
    assert.equal((await ephemeral.get('oidc.RefreshToken', 't'))?.consumed, undefined);
  });

  test('findBy: the newest live record with the value; a replaced record answers to its new values only', async () => {
    const { ephemeral } = fresh();
    await ephemeral.put('oidc.Session', record('a', 'a', { uid: 'u', accountId: 'x' }));
    await ephemeral.put('oidc.Session', { ...record('b', 'b', { uid: 'u' }), ttlSeconds: 10 });
    await ephemeral.put('oidc.Grant', record('g', 'g', { uid: 'u' }));
    const found = async (index: string, value: string) => (await ephemeral.findBy('oidc.Session', index, value))?.id;
    assert.equal(await found('uid', 'u'), 'b');
    assert.equal(await found('accountId', 'x'), 'a');
    assert.equal(await found('uid', 'U'), undefined);
    assert.equal(await found('toString', 'u'), undefined);
    clock.advance(11);
    assert.equal(await found('uid', 'u'), 'a');
    await ephemeral.put('oidc.Session', record('a', 'a', { uid: 'v' }));
    assert.deepEqual(
      [await found('uid', 'u'), await found('accountId', 'x'), await found('uid', 'v')],
      [undefined, undefined, 'a'],
    );
  });

  test('drop and remove: what is named goes, the rest stays', async () => {
    const { ephemeral } = fresh();
    const grant = { grantId: 'g' };
    await ephemeral.put('oidc.RefreshToken', record('r1', 1, grant));
    await ephemeral.put('oidc.RefreshToken', record('r2', 1, grant));
    await ephemeral.put('oidc.RefreshToken', record('r3', 1, { grantId: 'h' }));
    await ephemeral.put('oidc.AuthorizationCode', record('c', 1, grant));
    await ephemeral.put('oidc.Session', record('s', 1, grant));
    await ephemeral.drop(['oidc.RefreshToken', 'oidc.AuthorizationCode'], 'grantId', 'g');
    const there = async (kind: 'oidc.RefreshToken' | 'oidc.AuthorizationCode' | 'oidc.Session', id: string) =>
      (await ephemeral.get(kind, id)) !== undefined;
    assert.deepEqual(
      [
        await there('oidc.RefreshToken', 'r1'),
        await there('oidc.RefreshToken', 'r2'),
        await there('oidc.AuthorizationCode', 'c'),
      ],
      [false, false, false],
    );
    assert.deepEqual([await there('oidc.RefreshToken', 'r3'), await there('oidc.Session', 's')], [true, true]);
    await ephemeral.remove('oidc.Session', 's');
    await ephemeral.remove('oidc.Session', 's');
    assert.equal(await there('oidc.Session', 's'), false);
    assert.equal(await ephemeral.findBy('oidc.Session', 'grantId', 'g'), undefined);
  });

  test('of 50 concurrent callers exactly one takes, exactly one consumes, and every count is given once', async () => {
    const { ephemeral } = fresh();
    const fifty = <T>(call: () => Promise<T>) => Promise.all(Array.from({ length: 50 }, call));
    await ephemeral.put('oneTimeCode', record('t', 'prize'));
    await ephemeral.put('oidc.AuthorizationCode', record('c'));
    const [taken, consumed, counted] = await Promise.all([
      fifty(() => ephemeral.take('oneTimeCode', 't')),
      fifty(() => ephemeral.consume('oidc.AuthorizationCode', 'c')),
      fifty(() => ephemeral.increment('attempts', 'n', 60)),
    ]);
    assert.deepEqual(
      taken.flatMap((held) => held?.payload ?? []),
      ['prize'],
    );
    assert.equal(consumed.filter(Boolean).length, 1);
    assert.deepEqual(
      counted.sort((a, b) => a - b),
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
  });

  test('within a transaction: records are written in the same commit, and seen by it alone before', async () => {
    const store = fresh();
    await store.write(async (t) => {
      await t.ephemeral.put('journey', record('j', 1, { uid: 'u' }));
      assert.equal((await t.ephemeral.findBy('journey', 'uid', 'u'))?.id, 'j');
      assert.equal(await store.ephemeral.get('journey', 'j'), undefined);
      assert.equal(await t.ephemeral.consume('journey', 'j'), true);
      assert.equal(await t.ephemeral.increment('attempts', 'n', 60), 1);
    });
    assert.equal(typeof (await store.ephemeral.get('journey', 'j'))?.consumed, 'number');
    assert.equal(await store.ephemeral.increment('attempts', 'n', 60), 2);
  });

  test("the payload handed out is the caller's own", async () => {
    const { ephemeral } = fresh();
    const payload = { list: [1] };
    await ephemeral.put('journey', record('j', payload));
    payload.list.push(2);
    const first = await ephemeral.get('journey', 'j');
    assert.ok(first);
    (first.payload as typeof payload).list.push(3);
    assert.deepEqual((await ephemeral.get('journey', 'j'))?.payload, { list: [1] });
  });

  test('ids, index names and values that look like code are only values', async () => {
    const { ephemeral } = fresh();
    for (const text of hostile.filter((value) => value.isWellFormed())) {
      await ephemeral.put('journey', record(text, text, { [text]: text, __proto__x: 'p' }));
      assert.equal((await ephemeral.get('journey', text))?.payload, text);
      assert.equal((await ephemeral.findBy('journey', text, text))?.id, text);
    }
    await ephemeral.drop(['journey'], hostile[0] ?? '', hostile[0] ?? '');
    assert.equal(await ephemeral.get('journey', hostile[0] ?? ''), undefined);
    assert.equal((await ephemeral.get('journey', '%'))?.payload, '%');
  });

  test('sweep: removes what has expired and nothing else, a bounded number at a time', async () => {
    const { ephemeral, write } = fresh();
    await write(async (t) => {
      for (let n = 0; n < 600; n += 1) await t.ephemeral.put('journey', record(`old${n}`, 1, { uid: 'u' }));
      await t.ephemeral.put('journey', { ...record('new'), ttlSeconds: 3600 });
    });
    clock.advance(61);
    let swept = 0;
    let calls = 0;
    for (;;) {
      const removed = await database().sweep();
      if (removed === 0) break;
      assert.ok(removed < 600);
      swept += removed;
      calls += 1;
    }
    assert.ok(swept >= 600 && calls >= 2);
    assert.equal((await ephemeral.get('journey', 'new'))?.revision, 1);
  });
}

function tenants(database: () => Database): void {
  test('tenants: found by id and by any domain in any case; an id or domain is taken once', async () => {
    const { tenants: list } = database();
    const [id, other] = [newId(), newId()];
    const domains = [`${id}.Example.com`, `${id}.onmicrosoft.com`];
    const made = await list.create({ id: id.toUpperCase(), domains, displayName: 'Contoso' });
    assert.deepEqual(
      { ...made, created: 0 },
      { id, domains: domains.map((d) => d.toLowerCase()), displayName: 'Contoso', created: 0 },
    );
    assert.ok(made.created > 0);
    for (const name of [id, id.toUpperCase(), ...domains, domains[1]?.toUpperCase() ?? '']) {
      assert.deepEqual(await list.find(name), made);
    }
    assert.equal(await list.find(other), undefined);
    const create = (taken: Parameters<typeof list.create>[0]) => list.create(taken);
    await assert.rejects(create({ id, domains: [], displayName: '' }), isFault('store.exists', { property: 'id' }));
    const reused = { id: other, domains: [domains[1]?.toUpperCase() ?? ''], displayName: '' };
    await assert.rejects(create(reused), isFault('store.exists', { property: 'domains' }));
    assert.equal(await list.find(other), undefined);
    await create({ ...reused, domains: [`${other}.example.com`] });
    const listed = (await list.list()).filter((tenant) => tenant.id === id || tenant.id === other);
    assert.deepEqual(
      listed.map((tenant) => tenant.id),
      [id, other],
    );
    assert.deepEqual(listed[0], made);
    for (const one of [id, other]) await list.remove(one);
  });

  test('tenants: removing one removes everything in it and nothing of another', async () => {
    const { tenants: list } = database();
    const [id, other] = [newId(), newId()];
    await list.create({ id, domains: [`${id}.example.com`], displayName: '' });
    const [store, neighbour] = [database().tenant(id), database().tenant(other)];
    for (const one of [store, neighbour]) {
      await insert(one, userRef('u'), {
        userPrincipalName: 'u@example.com',
        identities: [{ issuer: 'i', issuerAssignedId: 'x' }],
      });
      await one.ephemeral.put('journey', { id: 'j', payload: 1, ttlSeconds: 60, indexes: { uid: 'u' } });
    }
    assert.equal(await list.remove(id.toUpperCase()), true);
    assert.equal(await list.remove(id), false);
    assert.equal(await list.find(`${id}.example.com`), undefined);
    assert.equal(await store.read((r) => r.get(userRef('u'))), undefined);
    assert.equal(await store.ephemeral.get('journey', 'j'), undefined);
    assert.equal((await neighbour.read((r) => r.get(userRef('u'))))?.id, 'u');
    assert.equal((await neighbour.ephemeral.findBy('journey', 'uid', 'u'))?.id, 'j');
    await list.create({ id, domains: [`${id}.example.com`], displayName: '' });
    await insert(store, userRef('v'), {
      userPrincipalName: 'u@example.com',
      identities: [{ issuer: 'i', issuerAssignedId: 'x' }],
    });
    await list.remove(id);
  });

  test('isolation: a second tenant sees nothing of the first and is not hindered by it', async () => {
    const [one, two] = [database().tenant(newId()), database().tenant(newId())];
    const values = {
      displayName: 'u',
      userPrincipalName: 'u@example.com',
      identities: [{ issuer: 'i', issuerAssignedId: 'x' }],
    };
    const nav = 'userFlowIdentityProviders';
    await insert(one, userRef('u'), values);
    await insert(one, flowRef('F'));
    await insert(one, assignmentRef('F', 'email'));
    await insert(one, providerRef('P'));
    await one.write((t) => t.link(flowRef('F'), nav, providerRef('P'), by));
    await one.ephemeral.put('journey', { id: 'j', payload: 1, ttlSeconds: 60, indexes: { uid: 'u' } });
    await two.read(async (r) => {
      assert.equal(await r.get(userRef('u')), undefined);
      assert.equal(await r.get(assignmentRef('F', 'email')), undefined);
      const everyone = { op: 'any', path: ['identities'], where: eq('issuer', 'i') } as const;
      for (const filter of [eq('displayName', 'u'), everyone, or(eq('jobTitle', null), not(eq('id', 'u')))]) {
        assert.deepEqual(await r.find({ type: user, limit: 9, filter, count: true }), { items: [], count: 0 });
      }
      assert.deepEqual((await r.linked([flowRef('F')], nav)).get('F'), []);
    });
    await assert.rejects(
      two.write((t) => t.update({ ref: userRef('u'), values: {} }, by, [])),
      isFault('store.absent'),
    );
    await assert.rejects(
      two.write((t) => t.remove(userRef('u'), by)),
      isFault('store.absent'),
    );
    await assert.rejects(insert(two, assignmentRef('F', 'email')), isFault('store.absent'));
    await insert(two, flowRef('F'));
    await assert.rejects(
      two.write((t) => t.link(flowRef('F'), nav, providerRef('P'), by)),
      isFault('store.absent'),
    );
    assert.equal(await two.ephemeral.get('journey', 'j'), undefined);
    assert.equal(await two.ephemeral.take('journey', 'j'), undefined);
    assert.equal(await two.ephemeral.consume('journey', 'j'), false);
    assert.equal(await two.ephemeral.findBy('journey', 'uid', 'u'), undefined);
    await two.ephemeral.drop(['journey'], 'uid', 'u');
    await two.ephemeral.remove('journey', 'j');
    assert.equal(await two.ephemeral.put('journey', { id: 'j', payload: 2, ttlSeconds: 60 }, 0), 1);
    await insert(two, userRef('u'), values);
    await two.write((t) => t.remove(userRef('u'), by));
    await two.write((t) => t.remove(flowRef('F'), by));
    assert.equal((await one.ephemeral.get('journey', 'j'))?.payload, 1);
    assert.deepEqual((await one.read((r) => r.get(userRef('u'))))?.values, values);
    assert.deepEqual(idsOf((await one.read((r) => r.linked([flowRef('F')], nav))).get('F')), ['P']);
  });
}
