import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type AdjustableClock, isoDateTime, newId } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import type { Change, Database, Store } from '../store.ts';
import { assignmentRef, by, flowRef, idsOf, insert, isFault, userRef } from './contract.ts';

/** The log of changes, and what is swept. */
export function changeLog(fresh: () => Store, clock: AdjustableClock, database: () => Database): void {
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
