import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/usher.ts';
import { silent, systemClock } from '../../kernel/index.ts';
import { type EntityType, entities } from '../../model/index.ts';
import { backUpDatabase, verifyBackup } from '../backup.ts';
import { openDatabase } from '../open.ts';
import type { Store } from '../store.ts';

const all: readonly EntityType[] = Object.values(entities);
const services = { clock: systemClock, types: all };
/** Half a page each. */
const payload = 'x'.repeat(2_000);
const rows = 6_000;

const put = (store: Store, id: string) => store.ephemeral.put('journey', { id, payload, ttlSeconds: 600 });

test('a copy is of one moment, however much is written while it is made', async (t) => {
  const folder = temporaryFolder();
  const url = `sqlite:${join(folder, 'usher.db')}`;
  const database = await openDatabase(url, { ...services, observe: silent });
  t.after(() => database.close());
  await database.tenants.create({ id: 'a', domains: ['a.example'], displayName: 'A' });
  const store = database.tenant('a');
  await store.write(async ({ ephemeral }) => {
    for (let row = 0; row < rows; row += 1)
      await ephemeral.put('journey', { id: `before${row}`, payload, ttlSeconds: 600 });
  });
  const parts: number[] = [];
  const meanwhile: Promise<unknown>[] = [];
  const progress = ({ done }: { readonly done: number }) => {
    meanwhile.push(put(store, `during${parts.length}`), put(store, `before${parts.length}`));
    parts.push(done);
  };
  const file = join(folder, 'copy.db');
  const copied = await backUpDatabase(url, file, { ...services, progress });
  assert.ok(parts.length >= 2, `copied in ${parts.length} parts`);
  assert.deepEqual(
    parts,
    parts.toSorted((a, b) => a - b),
  );
  assert.equal((await Promise.all(meanwhile)).length, 2 * parts.length);
  assert.ok(await store.ephemeral.get('journey', 'during0'));
  assert.deepEqual(copied, { ...copied, tenants: 1, state: 'current' });
  assert.deepEqual(await verifyBackup(file, all), copied);

  const restored = await openDatabase(`sqlite:${file}`, { ...services, observe: silent, migrate: 'never' });
  t.after(() => restored.close());
  const kept = restored.tenant('a').ephemeral;
  assert.equal(await kept.get('journey', 'during0'), undefined);
  for (const row of [0, rows / 2, rows - 1])
    assert.equal((await kept.get('journey', `before${row}`))?.payload, payload);
});

test('a database of another version is copied as it is', async () => {
  const folder = temporaryFolder();
  const url = `sqlite:${join(folder, 'usher.db')}`;
  await (await openDatabase(url, { clock: systemClock, types: [entities.user], observe: silent })).close();
  const file = join(folder, 'copy.db');
  assert.equal((await backUpDatabase(url, file, services)).state, 'other');
  await assert.rejects(
    openDatabase(`sqlite:${file}`, { ...services, observe: silent, migrate: 'never' }),
    /migrate up/,
  );
});
