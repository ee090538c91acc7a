import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import { temporaryFolder } from '../../test/support/usher.ts';
import { silent, systemClock } from '../kernel/index.ts';
import { type EntityType, entities } from '../model/index.ts';
import { inspectDatabase, openDatabase } from './open.ts';
import type { Migrate } from './store.ts';

const earlier: readonly EntityType[] = [entities.user];
const now: readonly EntityType[] = [entities.user, entities.application];

const databases: TestDatabase[] = [];
after(() => Promise.all(databases.map((database) => database.drop())));

/** The URL of an empty database, by engine. */
const engines: Readonly<Record<string, () => Promise<string>>> = {
  sqlite: async () => `sqlite:${join(temporaryFolder(), 'usher.db')}`,
  async postgres() {
    const database = await testDatabase();
    databases.push(database);
    return database.url;
  },
};

async function open(url: string, types: readonly EntityType[], migrate: Migrate): Promise<void> {
  await (await openDatabase(url, { clock: systemClock, observe: silent, types, migrate })).close();
}

const refused = (message: RegExp) => ({ code: 'store.unusable', message });

for (const [engine, emptyUrl] of Object.entries(engines)) {
  describe(`${engine}: whether tables may be made and changed`, () => {
    test('never: an empty database is refused, and stays empty', async () => {
      const url = await emptyUrl();
      await assert.rejects(open(url, now, 'never'), refused(/it has no tables yet\. Run 'usher migrate up'/));
      assert.equal((await inspectDatabase(url, now))?.state ?? 'empty', 'empty');
    });

    test('when empty: tables are made, and those of another version are left as they are', async () => {
      const url = await emptyUrl();
      await open(url, earlier, 'whenEmpty');
      await open(url, earlier, 'never');
      for (const migrate of ['whenEmpty', 'never'] as const) {
        await assert.rejects(open(url, now, migrate), refused(/not those of this version\. Run 'usher migrate up'/));
      }
      assert.equal((await inspectDatabase(url, earlier))?.state, 'current');
    });

    test('always: tables become those of this version, with which the others then open', async () => {
      const url = await emptyUrl();
      await open(url, earlier, 'always');
      await assert.rejects(open(url, now, 'never'), refused(/not those of this version/));
      await open(url, now, 'always');
      await open(url, now, 'never');
      assert.equal((await inspectDatabase(url, now))?.state, 'current');
    });
  });
}
