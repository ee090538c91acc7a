import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { silent, systemClock } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import type { Database, Ephemeral } from '../store.ts';
import { postgresDatabase } from './postgres.ts';

let database: TestDatabase;
let opened: Database;
before(async () => {
  database = await testDatabase();
  opened = await postgresDatabase(database.url, {
    clock: systemClock,
    observe: silent,
    types: Object.values(entities),
  });
});
after(async () => {
  await opened.close();
  await database.drop();
});

const record = (id: string) => ({ id, payload: { of: id }, ttlSeconds: 60, indexes: { family: 'f' } });

/** Each is one trip to the database and one commit there at most, whatever it does: refreshes and sign-ins are made of them. */
const operations: Readonly<Record<string, (ephemeral: Ephemeral) => Promise<unknown>>> = {
  put: (e) => e.put('oidc.RefreshToken', record('a')),
  'put of a revision': (e) => e.put('oidc.RefreshToken', record('a'), 1),
  get: (e) => e.get('oidc.RefreshToken', 'a'),
  findBy: (e) => e.findBy('oidc.RefreshToken', 'family', 'f'),
  'several writes': (e) =>
    e.together([
      { act: 'consume', kind: 'oidc.RefreshToken', id: 'a' },
      { act: 'put', kind: 'oidc.RefreshToken', record: record('b') },
      { act: 'put', kind: 'oidc.Session', record: record('s') },
    ]),
  'several writes, one of which is not to be': (e) =>
    e.together([
      { act: 'put', kind: 'oidc.RefreshToken', record: record('c') },
      { act: 'consume', kind: 'oidc.RefreshToken', id: 'a' },
    ]),
  consume: (e) => e.consume('oidc.RefreshToken', 'b'),
  increment: (e) => e.increment('attempts', 'n', 60),
  take: (e) => e.take('oidc.RefreshToken', 'b'),
  drop: (e) => e.drop(['oidc.RefreshToken'], 'family', 'f'),
};

test('every operation on short-lived records is one trip to the database', async (t) => {
  const { ephemeral } = opened.tenant('t');
  await ephemeral.get('journey', 'the connection is made');
  await ephemeral.remove('journey', 'and another to write with');
  const query = t.mock.method(pg.Client.prototype, 'query');
  const trips: [string, number][] = [];
  for (const [name, ask] of Object.entries(operations)) {
    query.mock.resetCalls();
    await ask(ephemeral);
    trips.push([name, query.mock.callCount()]);
  }
  assert.deepEqual(
    trips,
    Object.keys(operations).map((name) => [name, 1]),
  );
  assert.equal(await ephemeral.get('oidc.RefreshToken', 'c'), undefined);
});
