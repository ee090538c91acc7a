import { createDirectory, createSecretBox } from '../../directory/index.ts';
import { flowBehaviours } from '../../flows/index.ts';
import { bootstrapTenant, createHasher, identityBehaviours } from '../../identity/index.ts';
import { Fault, isoDateTime, isUuid, newId, type Observe, systemClock } from '../../kernel/index.ts';
import { allTypes } from '../../model/index.ts';
import { type Database, openDatabase, type Tenant } from '../../store/index.ts';
import { derivedKey } from '../../tenant-rooms.ts';
import type { CommandContext } from '../command.ts';
import { type DataFolder, openDataFolder } from '../data-folder.ts';
import { isDomainName } from '../domain-name.ts';
import { faults } from '../faults.ts';
import { createLog } from '../logger.ts';

interface Means extends CommandContext {
  readonly database: Database;
  readonly folder: DataFolder;
  readonly observe: Observe;
}

const usage = (problem: string) => faults.usage({ problem, command: 'tenant' });

const facts = ({ id, domains, displayName, created }: Tenant) => ({
  id,
  displayName,
  domains,
  createdDateTime: isoDateTime(created),
});

const line = ({ id, domains, displayName }: Tenant): string => `${id}  ${domains.join(', ')}  ${displayName}\n`;

/** Gives a new tenant what every tenant has: the built-in attributes and providers. */
async function furnish(tenant: Tenant, { database, folder, observe }: Means): Promise<void> {
  const hasher = createHasher({ workers: 1 });
  try {
    const directory = createDirectory({
      tenant,
      store: database.tenant(tenant.id),
      behaviours: [...identityBehaviours({ hasher }), ...flowBehaviours],
      clock: systemClock,
      observe,
      box: createSecretBox(derivedKey(folder.encryptionKey, 'sealed secrets')),
    });
    await bootstrapTenant(directory);
  } finally {
    await hasher.close();
  }
}

async function create(means: Means): Promise<void> {
  const { config, positionals, database, terminal } = means;
  const domains = positionals.slice(1).map((domain) => domain.toLowerCase());
  const [first] = domains;
  if (first === undefined) throw usage('A new tenant needs at least one domain name.');
  const wrong = domains.find((domain) => !isDomainName(domain));
  if (wrong !== undefined) throw usage(`'${wrong}' is not a domain name.`);
  if (config.id !== undefined && !isUuid(config.id)) throw usage(`'${config.id}' is not a UUID.`);
  const id = config.id?.toLowerCase() ?? newId();
  const tenant = await database.tenants.create({ id, domains, displayName: config.name ?? first });
  await furnish(tenant, means);
  terminal.out(config.json ? `${JSON.stringify(facts(tenant))}\n` : line(tenant));
}

async function list({ config, positionals, database, terminal }: Means): Promise<void> {
  if (positionals.length > 1) throw usage("'list' takes no name.");
  const tenants = await database.tenants.list();
  terminal.out(config.json ? `${JSON.stringify(tenants.map(facts))}\n` : tenants.map(line).join(''));
}

async function remove({ config, positionals, database, terminal }: Means): Promise<void> {
  const [, name, extra] = positionals;
  if (name === undefined || extra !== undefined) throw usage('Name one tenant by its id or a domain.');
  const tenant = await database.tenants.find(name);
  if (!tenant || !(await database.tenants.remove(tenant.id))) throw faults.noSuchTenant({ tenant: name });
  terminal.out(config.json ? `${JSON.stringify(facts(tenant))}\n` : `deleted ${line(tenant)}`);
}

const verbs: Readonly<Record<string, (means: Means) => Promise<void>>> = { create, list, delete: remove };

/** `usher tenant create|list|delete`, on the database of `--data` or `--database`. */
export async function tenant(context: CommandContext): Promise<number> {
  const { config, positionals } = context;
  const [verb = ''] = positionals;
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!act) throw usage(verb === '' ? "Say 'create', 'list' or 'delete'." : `There is no 'tenant ${verb}'.`);
  const folder = openDataFolder(config);
  const observe = await createLog(config.logLevel);
  const database = await openDatabase(folder.databaseUrl, { clock: systemClock, observe, types: allTypes() });
  try {
    await act({ ...context, database, folder, observe });
    return 0;
  } catch (error) {
    if (error instanceof Fault && error.code === 'store.exists') {
      throw faults.failed({ reason: 'A tenant with this id or one of these domains exists already.' }, error);
    }
    throw error;
  } finally {
    await database.close();
  }
}
