import assert from 'node:assert/strict';
import { createHasher } from '../../src/identity/index.ts';
import { type Clock, silent, system, systemClock } from '../../src/kernel/index.ts';
import { allTypes, entities } from '../../src/model/index.ts';
import { rotateKeys } from '../../src/oidc/index.ts';
import { createWords } from '../../src/pages/index.ts';
import { openDatabase } from '../../src/store/index.ts';
import { openDirectory } from '../../src/tenant-rooms.ts';
import type { Deployment } from './serve.ts';
import { seeded } from './usher.ts';

/** Seconds from the publication of a key to its first signature (docs/many-nodes.md). */
const publishedBefore = 86_400;

/**
 * What `usher keys rotate` did a day ago, so that the key signs in so many seconds: by a clock that does not ask the database for the time, which
 * every process does otherwise. Resolves to the id of the key.
 */
export async function publishedYesterday(
  { database: url, key }: Pick<Deployment, 'database' | 'key'>,
  signsIn: number,
): Promise<string> {
  const clock: Clock = { now: () => systemClock.now() - publishedBefore + signsIn };
  const database = await openDatabase(url, { clock, observe: silent, types: allTypes(), migrate: 'whenEmpty' });
  const hasher = createHasher({ workers: 1 });
  try {
    const tenant = await database.tenants.find(seeded.tenant);
    assert.ok(tenant);
    const shared = { database, hasher, clock, observe: silent, words: createWords() };
    const rest = { encryptionKey: Buffer.from(key, 'hex'), passwordRulesOf: () => 'nist-63b-4' as const };
    const directory = openDirectory(tenant, { ...shared, ...rest });
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
