import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silent, systemClock } from '../../kernel/index.ts';
import type { Query } from '../../model/index.ts';
import type { Store } from '../store.ts';
import { by, insert, part, types, user, userRef } from '../testing/contract.ts';
import { sqliteDatabase } from './sqlite.ts';

const people = 60;
const asked: Query = { type: user, filter: part('startsWith', 'displayName', 'Jo'), limit: 25 };
const only = ['id', 'displayName', 'mail'];

const idOf = (at: number): string => `u${String(at).padStart(2, '0')}`;
const find = (store: Store, query: Query) => store.read((reader) => reader.find(query));

/** What of a page is promised to whoever wants some members. */
async function told(store: Store, query: Query): Promise<unknown> {
  const { items, ...rest } = await find(store, query);
  const shown = items.map(({ id, type, etag, values }) => [id, type, etag, values['displayName'], values['mail']]);
  return { ...rest, shown };
}

/** Everything at each page, with members that are known by now and with all members, which never are. */
async function assertSame(store: Store): Promise<void> {
  let next: string | undefined;
  do {
    const query: Query = { ...asked, ...(next === undefined ? {} : { after: next }) };
    assert.deepEqual(await told(store, { ...query, only }), await told(store, query));
    next = (await find(store, query)).next;
  } while (next !== undefined);
}

test('pages of rows that are known are those that are read, whatever was written meanwhile', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-brief-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const database = await sqliteDatabase(`sqlite:${join(folder, 'a.db')}`, {
    clock: systemClock,
    observe: silent,
    types,
  });
  t.after(() => database.close());
  const store = database.tenant('a');
  for (let at = 0; at < people; at += 1)
    await insert(store, userRef(idOf(at)), { displayName: `Jo ${at}`, mail: `${at}@a.example`, passwordHash: 'x' });

  for (let time = 0; time < 40; time += 1) await find(store, { ...asked, only });
  const [known] = (await find(store, { ...asked, only })).items;
  assert.ok(known && Object.isFrozen(known.values), 'by now it is known');
  assert.ok(!('passwordHash' in known.values), 'nothing that was not asked for is kept');
  await assertSame(store);

  const changed = { displayName: 'Jo 1', mail: 'other@a.example' };
  await store.write((w) => w.update({ ref: userRef(idOf(1)), values: changed }, by, ['mail']));
  await store.write((w) => w.update({ ref: userRef(idOf(10)), values: { displayName: 'Ann' } }, by, ['displayName']));
  await store.write((w) => w.remove(userRef(idOf(20)), by));
  await insert(store, userRef('new'), { displayName: 'Jo', mail: 'jo@a.example' });
  await assertSame(store);
});
