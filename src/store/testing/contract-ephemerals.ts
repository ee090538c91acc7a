import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdjustableClock } from '../../kernel/index.ts';
import type { Database, Store } from '../store.ts';
import { hostile, isFault } from './contract.ts';

/** Short-lived records. */
export function ephemerals(fresh: () => Store, clock: AdjustableClock, database: () => Database): void {
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

  const consumed = (id: string) => ({ act: 'consume', kind: 'oidc.RefreshToken', id }) as const;
  const removed = (id: string, was?: number) => ({ act: 'remove', kind: 'journey', id, ...at(was) }) as const;
  const written = (id: string, payload: unknown, was?: number) =>
    ({ act: 'put', kind: 'journey', record: record(id, payload), ...at(was) }) as const;
  const at = (was: number | undefined) => (was === undefined ? {} : { was });

  test('together: uses one and puts another in one step, for exactly one of many callers', async () => {
    const { ephemeral } = fresh();
    await ephemeral.put('oidc.RefreshToken', record('code'));
    const into = (id: string, from = 'code') =>
      ephemeral.together([
        consumed(from),
        { act: 'put', kind: 'oidc.RefreshToken', record: record(id, { of: id }, { family: 'f' }) },
      ]);
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const won = await Promise.all(ids.map((id) => into(id)));
    assert.equal(won.filter((one) => one).length, 1);
    for (const [at, id] of ids.entries()) {
      const held = await ephemeral.get('oidc.RefreshToken', id);
      assert.deepEqual(held?.payload, won[at] ? { of: id } : undefined);
      if (held) assert.deepEqual([held.revision, held.consumed], [1, undefined]);
    }
    assert.equal((await ephemeral.findBy('oidc.RefreshToken', 'family', 'f'))?.id, ids[won.indexOf(true)]);
    assert.equal(typeof (await ephemeral.get('oidc.RefreshToken', 'code'))?.consumed, 'number');
    assert.equal(await into('late'), false);
    assert.equal(await into('x', 'none'), false);
    assert.equal(await ephemeral.get('oidc.RefreshToken', 'x'), undefined);
    await ephemeral.put('oidc.RefreshToken', record('old'));
    clock.advance(61);
    assert.equal(await into('y', 'old'), false);
    assert.equal(await ephemeral.get('oidc.RefreshToken', 'y'), undefined);
  });

  test('together: all of the writes are done when each record is as it has to be', async () => {
    const { ephemeral } = fresh();
    await ephemeral.put('journey', record('j', 1, { uid: 'u' }));
    await ephemeral.put('journey', record('gone', 1, { uid: 'u' }));
    await ephemeral.put('journey', record('any', 1));
    await ephemeral.put('oidc.RefreshToken', record('t'));
    const done = ephemeral.together([
      written('j', 2, 1),
      removed('gone', 1),
      removed('any'),
      removed('never there'),
      written('new', 3),
      consumed('t'),
    ]);
    assert.equal(await done, true);
    const held = await ephemeral.get('journey', 'j');
    assert.deepEqual([held?.payload, held?.revision], [2, 2]);
    assert.equal((await ephemeral.get('journey', 'new'))?.revision, 1);
    assert.equal(typeof (await ephemeral.get('oidc.RefreshToken', 't'))?.consumed, 'number');
    for (const id of ['gone', 'any']) assert.equal(await ephemeral.get('journey', id), undefined);
    assert.equal(await ephemeral.findBy('journey', 'uid', 'u'), undefined);
    assert.equal(await ephemeral.together([]), true);
  });

  test('together: nothing is done when one record is not as it has to be, wherever that stands', async () => {
    const { ephemeral } = fresh();
    const before = await Promise.all([
      ephemeral.put('journey', record('j', 'j', { uid: 'u' })),
      ephemeral.put('journey', record('gone', 'gone')),
      ephemeral.put('oidc.RefreshToken', record('t')),
    ]);
    assert.deepEqual(before, [1, 1, 1]);
    await ephemeral.consume('oidc.RefreshToken', 't');
    await ephemeral.put('journey', { ...record('late', 'late'), ttlSeconds: 1 });
    clock.advance(2);
    const good = [written('j', 2, 1), removed('gone', 1), written('new', 3)];
    for (const bad of [
      written('j2', 1, 1),
      written('late', 1, 1),
      removed('j2', 1),
      removed('late', 1),
      consumed('t'),
      consumed('none'),
    ]) {
      assert.equal(await ephemeral.together([bad, ...good]), false);
      assert.equal(await ephemeral.together([...good, bad]), false);
    }
    assert.equal(await ephemeral.together([written('j', 2, 2), removed('gone', 1)]), false);
    assert.equal(await ephemeral.together([written('j', 2, 0)]), false);
    assert.equal((await ephemeral.get('journey', 'j'))?.payload, 'j');
    assert.equal((await ephemeral.findBy('journey', 'uid', 'u'))?.id, 'j');
    assert.equal((await ephemeral.get('journey', 'gone'))?.payload, 'gone');
    assert.equal(await ephemeral.get('journey', 'new'), undefined);
  });

  test('together: of many who write over each other in any order, each wins whole or not at all', async () => {
    const { ephemeral } = fresh();
    await ephemeral.put('journey', record('a', 'none'));
    await ephemeral.put('journey', record('b', 'none'));
    const tries = Array.from({ length: 16 }, (_, who) => {
      const both = [written('a', who, 1), written('b', who, 1)];
      return ephemeral.together(who % 2 === 0 ? both : both.reverse());
    });
    assert.equal((await Promise.all(tries)).filter(Boolean).length, 1);
    const [a, b] = [await ephemeral.get('journey', 'a'), await ephemeral.get('journey', 'b')];
    assert.deepEqual([a?.payload, a?.revision], [b?.payload, 2]);
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
      assert.equal(await t.ephemeral.together([written('k', 1), written('j', 1, 99)]), false);
      assert.equal(await t.ephemeral.together([written('l', 1)]), true);
    });
    assert.equal(await store.ephemeral.get('journey', 'k'), undefined);
    assert.equal((await store.ephemeral.get('journey', 'l'))?.payload, 1);
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
