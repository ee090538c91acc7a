import { join, resolve } from 'node:path';
import { createDirectory, createSecretBox, type Directory } from '../directory/index.ts';
import { type Config, Fault, flagOf, systemClock, variableOf } from '../kernel/index.ts';
import { allTypes, entities } from '../model/index.ts';
import { type Database, openDatabase, type Tenant } from '../store/index.ts';
import { databaseExists, databaseUrlOf, shownDatabaseOf } from './data-folder.ts';
import { faults } from './faults.ts';

/** Reveals the first signing key there is. Throws `cli.wrongSecretKey` when it was stored with another encryption key. */
export async function checkSealed(
  database: Database,
  directoryOf: (tenant: Tenant) => Promise<Directory> | Directory,
  config: Config,
): Promise<void> {
  for (const tenant of await database.tenants.list()) {
    const directory = await directoryOf(tenant);
    const { items } = await directory.find({ type: entities.signingKey, limit: 1 });
    const [found] = items;
    if (!found) continue;
    try {
      await directory.reveal({ type: entities.signingKey, id: found.entity.id });
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.code !== 'directory.wrongKey') throw cause;
      throw wrongKey(config, cause);
    }
    return;
  }
}

/** Other servers, with folders of their own, may have filled it. */
const isShared = (config: Config): boolean => databaseUrlOf(config).startsWith('postgres');

const wrongKey = (config: Config, cause: unknown) =>
  faults.wrongSecretKey(
    {
      source: config.encryptionKey
        ? 'The encryption key of the settings'
        : `'${join(resolve(config.data), 'secret.key')}'`,
      url: shownDatabaseOf(config),
      cure: isShared(config)
        ? `give this server the key of the others (${flagOf('encryptionKey')} or ${variableOf('encryptionKey')}_FILE)`
        : config.database === undefined
          ? `use another folder with ${flagOf('data')}`
          : `use another database with ${flagOf('database')}`,
    },
    cause,
  );

/** The same for a database that no server has open. Throws the faults of the store besides. */
export async function checkSealedAtRest(config: Config, encryptionKey: Buffer): Promise<void> {
  if (!databaseExists(config)) return;
  const services = { clock: systemClock, observe: () => undefined };
  const database = await openDatabase(databaseUrlOf(config), { ...services, types: allTypes(), migrate: 'never' });
  try {
    const box = createSecretBox(encryptionKey);
    const directoryOf = (tenant: Tenant): Directory =>
      createDirectory({ ...services, tenant, store: database.tenant(tenant.id), behaviours: [], box });
    await checkSealed(database, directoryOf, config);
  } finally {
    await database.close();
  }
}
