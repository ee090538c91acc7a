import { silent, system, systemClock } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { sqliteDatabase } from '../sqlite/sqlite.ts';

/**
 * A process to be killed: writes numbered users and records, several at a time, and prints each number once its write has
 * been acknowledged. Arguments: the database URL and the first number.
 */
const [, , url = '', first = '0'] = process.argv;
const { user } = entities;
const database = await sqliteDatabase(url, { clock: systemClock, observe: silent, types: Object.values(entities) });
const store = database.tenant('crash');
let next = Number(first);

async function writeForever(): Promise<never> {
  for (;;) {
    const number = next;
    next += 1;
    const id = `u${number}`;
    await store.write(async (t) => {
      const identities = [{ issuer: 'i', issuerAssignedId: id }];
      await t.insert({ ref: { type: user, id }, values: { displayName: id, identities } }, system('crash test'));
      await t.ephemeral.put('journey', { id, payload: number, ttlSeconds: 3600 });
    });
    process.stdout.write(`${number}\n`);
  }
}

await Promise.all(Array.from({ length: 4 }, writeForever));
