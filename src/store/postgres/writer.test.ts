import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { Fault, newId, silent, system, systemClock } from '../../kernel/index.ts';
import { entities, type Ref } from '../../model/index.ts';
import type { StoreTransaction } from '../store.ts';
import type { PostgresEngine } from './engine.ts';
import { openPostgres } from './postgres.ts';

const { user } = entities;
const by = system('test');
const ref = (id: string): Ref => ({ type: user, id });
const names = ['displayName'];

/** Resolves to all when as many have come; later ones pass at once. */
function barrier(count: number): () => Promise<void> {
  let come = 0;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    come += 1;
    if (come >= count) open();
    return opened;
  };
}

describe('postgres: two processes that write the same', () => {
  let database: TestDatabase;
  let engines: readonly [PostgresEngine, PostgresEngine];
  const opened = { clock: systemClock, observe: silent, types: Object.values(entities) };
  before(async () => {
    database = await testDatabase();
    // A deadlock is looked for at once, not after a second.
    const name = new URL(database.url).pathname.slice(1);
    await database.query(`ALTER DATABASE ${name} SET deadlock_timeout = '10ms'`);
    engines = [await openPostgres(database.url, opened), await openPostgres(database.url, opened)];
  });
  after(async () => {
    for (const engine of engines) await engine.database().close();
    await database.drop();
  });

  /** One tenant, seen by both, with entities in it. */
  async function shared(...ids: readonly string[]) {
    const tenant = newId();
    const stores = engines.map((engine) => engine.database().tenant(tenant));
    const [one, two] = stores;
    assert.ok(one && two);
    await one.write(async (t) => {
      for (const id of ids) await t.insert({ ref: ref(id), values: { displayName: '0' } }, by);
    });
    const nameOf = async (id: string) => (await two.read((r) => r.get(ref(id))))?.values['displayName'];
    return { one, two, nameOf };
  }

  const attempts = () => engines[0].attempts + engines[1].attempts;
  const set = (t: StoreTransaction, id: string, displayName: string) =>
    t.update({ ref: ref(id), values: { displayName } }, by, names);

  test('no update is lost, though each is computed from what was read', async () => {
    const { one, two, nameOf } = await shared('counter');
    const begun = attempts();
    const add = async (t: StoreTransaction) => {
      const found = await t.get(ref('counter'));
      await set(t, 'counter', String(Number(found?.values['displayName']) + 1));
    };
    const lanes = [one, two, one, two, one, two].map(async (store) => {
      for (let count = 0; count < 10; count += 1) await store.write(add);
    });
    await Promise.all(lanes);
    assert.equal(await nameOf('counter'), '60');
    assert.ok(attempts() - begun > 60, 'some had to begin again');
  });

  test('40001: two that read both and write one each do not both go by what the other changes', async () => {
    const { one, two, nameOf } = await shared('a', 'b');
    const begun = attempts();
    const bothRead = barrier(2);
    const tired = (mine: string, other: string) => async (t: StoreTransaction) => {
      const found = await Promise.all([t.get(ref(mine)), t.get(ref(other))]);
      await bothRead();
      // Each leaves only while the other stays.
      if (found[1]?.values['displayName'] === '0') await set(t, mine, 'gone');
    };
    await Promise.all([one.write(tired('a', 'b')), two.write(tired('b', 'a'))]);
    assert.deepEqual([await nameOf('a'), await nameOf('b')].sort(), ['0', 'gone']);
    assert.equal(attempts() - begun, 3, 'one of them ran again');
  });

  test('40P01: two that wait for each other are both done in the end', async () => {
    const { one, two, nameOf } = await shared('a', 'b');
    const begun = attempts();
    const bothHold = barrier(2);
    const both = (first: string, second: string, name: string) => async (t: StoreTransaction) => {
      await set(t, first, name);
      await bothHold();
      await set(t, second, name);
    };
    await Promise.all([one.write(both('a', 'b', 'one')), two.write(both('b', 'a', 'two'))]);
    assert.equal(await nameOf('a'), await nameOf('b'));
    assert.ok(attempts() - begun > 2);
  });

  test('23505: of two that take one free value, one is told that it is taken', async () => {
    const { one, two } = await shared();
    const bothLooked = barrier(2);
    const take = async (t: StoreTransaction) => {
      await t.get(ref('wanted'));
      await bothLooked();
      await t.insert({ ref: ref('wanted'), values: {} }, by);
    };
    const [first, second] = await Promise.allSettled([one.write(take), two.write(take)]);
    const lost = first.status === 'rejected' ? first : second;
    assert.notEqual(first.status, second.status);
    assert.ok(lost.status === 'rejected' && lost.reason instanceof Fault);
    assert.equal(lost.reason.code, 'store.exists');
  });

  test('a write that always finds a rival gives up, and says that it may be tried again', async () => {
    const { one, two, nameOf } = await shared('busy');
    let attempt = 0;
    const beaten = one.write(async (t) => {
      attempt += 1;
      await t.get(ref('busy'));
      await two.write((rival) => set(rival, 'busy', `rival ${attempt}`));
      await set(t, 'busy', 'mine');
    });
    await assert.rejects(beaten, (error) => error instanceof Fault && error.code === 'store.contended');
    assert.ok(attempt > 5);
    assert.equal(await nameOf('busy'), `rival ${attempt}`);
  });
});
