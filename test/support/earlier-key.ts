import assert from 'node:assert/strict';
import { passwordRulesOf } from '../../src/cli/password-rules.ts';
import { createHasher } from '../../src/identity/index.ts';
import { type Clock, silent, system, systemClock } from '../../src/kernel/index.ts';
import { allTypes, entities } from '../../src/model/index.ts';
import { rotateKeys } from '../../src/oidc/index.ts';
import { createWords } from '../../src/pages/index.ts';
import { openDatabase } from '../../src/store/index.ts';
import { openDirectory } from '../../src/tenant-rooms.ts';
import type { Deployment } from './serve.ts';
import { seeded } from './usher.ts';

/**
 * What `usher keys rotate` does, as if it had been done so many seconds ago: by a clock that does not ask the database for the time, which every
 * process does otherwise. Resolves to the id of the key.
 */
export async function rotateEarlier(
  { database: url, key }: Pick<Deployment, 'database' | 'key'>,
  seconds: number,
): Promise<string> {
  const clock: Clock = { now: () => systemClock.now() - seconds };
  const database = await openDatabase(url, { clock, observe: silent, types: allTypes(), migrate: 'whenEmpty' });
  const hasher = createHasher({ workers: 1 });
  try {
    const tenant = await database.tenants.find(seeded.tenant);
    assert.ok(tenant);
    const shared = { database, hasher, clock, observe: silent, words: createWords(), passwordRulesOf };
    const directory = openDirectory(tenant, { ...shared, encryptionKey: Buffer.from(key, 'hex') });
    const settings = async () => {
      const found = (await directory.find({ type: entities.organization, limit: 1 })).items[0];
      assert.ok(found);
      return found.entity.settings;
    };
    const rotated = await rotateKeys({ directory, clock, settings }, system('test'), { leaked: false });
    assert.ok(rotated, 'somebody else was faster');
    return rotated.id;
  } finally {
    await hasher.close();
    await database.close();
  }
}
