import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../test/support/postgres.ts';
import { newId, silent, system, systemClock } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { openPostgres } from './postgres.ts';

/** Records written at a time. */
const portion = 250;

test('postgres: a tenant is removed in parts that are short, and nothing of it is left', async (context) => {
  const { url, query, drop } = await testDatabase();
  const engine = await openPostgres(url, { clock: systemClock, observe: silent, types: Object.values(entities) });
  const database = engine.database();
  context.after(async () => {
    await database.close();
    await drop();
  });

  /** Transactions that it takes. */
  async function removed(records: number): Promise<number> {
    const id = newId();
    await database.tenants.create({ id, domains: [`${id}.example`], displayName: 'Short-lived' });
    const store = database.tenant(id);
    await store.write((t) =>
      t.insert({ ref: { type: entities.user, id: 'u' }, values: { displayName: 'Ana' } }, system('test')),
    );
    const put = (number: number) => store.ephemeral.put('attempts', { id: `${number}`, payload: 1, ttlSeconds: 60 });
    // Nobody waits for a connection for longer than the five seconds that there are for it, on a crowded machine either.
    for (let from = 0; from < records; from += portion) {
      const many = Math.min(portion, records - from);
      await Promise.all(Array.from({ length: many }, (_, number) => put(from + number)));
    }
    const begun = engine.attempts;
    assert.equal(await database.tenants.remove(id), true);
    const taken = engine.attempts - begun;
    const left = await query(
      'SELECT 1 FROM usher.ephemeral WHERE tenant = $1 UNION ALL SELECT 1 FROM usher.e_user WHERE tenant = $1',
      [id],
    );
    assert.deepEqual(left, []);
    assert.equal(await database.tenants.remove(id), false);
    return taken;
  }

  const few = await removed(1);
  assert.equal(await removed(5001), few + 1);
});
