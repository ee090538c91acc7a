import { join } from 'node:path';
import { newId, silent, systemClock } from '../../src/kernel/index.ts';
import { allTypes } from '../../src/model/index.ts';
import { openDatabase } from '../../src/store/index.ts';
import { startUsher } from '../../test/support/usher.ts';

export const tenantName = (number: number): string => `tenant${number}.example`;

/** Tenants with nothing in them, in a data folder that is made for it. */
export async function furnishTenants(data: string, count: number): Promise<void> {
  await (await startUsher({ data })).stop();
  const options = { clock: systemClock, observe: silent, types: allTypes() };
  const database = await openDatabase(`sqlite:${join(data, 'usher.db')}`, options);
  try {
    for (let number = 0; number < count; number += 1) {
      const name = tenantName(number);
      await database.tenants.create({ id: newId(), domains: [name], displayName: name });
    }
  } finally {
    await database.close();
  }
}
