import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { adjustableClock, silent } from '../kernel/index.ts';
import { allTypes } from '../model/index.ts';
import { openDatabase } from './open.ts';
import type { Database } from './store.ts';
import { mostSweptAtOnce, sweepAll } from './sweep.ts';

const records = 2_000;
const forever = new AbortController().signal;

async function filled(database: Database, ttlSeconds: number): Promise<void> {
  await database.tenant('t').write(async ({ ephemeral }) => {
    for (let n = 0; n < records; n += 1) await ephemeral.put('journey', { id: `old${n}`, payload: n, ttlSeconds });
    await ephemeral.put('journey', { id: 'new', payload: 0, ttlSeconds: ttlSeconds * 10 });
  });
}

for (const engine of ['memory:', 'sqlite:']) {
  test(`${engine} ${records} expired records are gone after one turn, and nothing else is`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'usher-sweep-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const clock = adjustableClock();
    const url = engine === 'sqlite:' ? `sqlite:${join(folder, 'x.db')}` : engine;
    const database = await openDatabase(url, { clock, observe: silent, types: allTypes() });
    await filled(database, 60);
    assert.equal(await sweepAll(database, forever), 0);
    clock.advance(61);
    assert.equal(await sweepAll(database, forever), records);
    assert.equal(await database.sweep(), 0);
    assert.equal((await database.tenant('t').ephemeral.get('journey', 'new'))?.payload, 0);
    await database.close();
  });
}

test('other writes are answered between two batches', async () => {
  const clock = adjustableClock();
  const database = await openDatabase('memory:', { clock, observe: silent, types: allTypes() });
  await filled(database, 60);
  clock.advance(61);
  const order: string[] = [];
  const { ephemeral } = database.tenant('t');
  const sweeping = sweepAll(database, forever).then(() => order.push('swept'));
  await ephemeral.increment('attempts', 'n', 60);
  order.push('written');
  await sweeping;
  assert.deepEqual(order, ['written', 'swept']);
  await database.close();
});

test('a sweep ends early when the server stops', async () => {
  const stopping = new AbortController();
  let calls = 0;
  const sweep = async () => {
    calls += 1;
    if (calls === 2) stopping.abort();
    return mostSweptAtOnce;
  };
  assert.equal(await sweepAll({ sweep }, stopping.signal), 2 * mostSweptAtOnce);
  assert.equal(calls, 2);
});
