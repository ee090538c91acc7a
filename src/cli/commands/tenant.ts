import { bootstrapTenant, createHasher } from '../../identity/index.ts';
import { agreedClock, type Clock, isFault, isoDateTime, isUuid, newId, type Observe } from '../../kernel/index.ts';
import { allTypes } from '../../model/index.ts';
import { createWords } from '../../pages/index.ts';
import { type Database, openDatabase, type Tenant } from '../../store/index.ts';
import { openDirectory } from '../../tenant-rooms.ts';
import type { CommandContext } from '../command.ts';
import { databaseExists, databaseUrlOf, encryptionKeyOf, shownDatabaseOf } from '../data-folder.ts';
import { isDomainName } from '../domain-name.ts';
import { faults } from '../faults.ts';
import { createLog } from '../logger.ts';

interface Means {
  readonly database: Database;
  readonly clock: Clock;
  readonly observe: Observe;
}

type Act = (means: Means) => Promise<void>;

const usage = (problem: string) => faults.usage({ problem, command: 'tenant' });

const facts = ({ id, domains, displayName, created }: Tenant) => ({
  id,
  displayName,
  domains,
  createdDateTime: isoDateTime(created),
});

const line = ({ id, domains, displayName }: Tenant): string => `${id}  ${domains.join(', ')}  ${displayName}\n`;

/** Gives a new tenant what every tenant has: the built-in attributes and providers. */
async function furnish(tenant: Tenant, encryptionKey: Buffer, { database, clock, observe }: Means): Promise<void> {
  const hasher = createHasher({ workers: 1 });
  try {
    const shared = { database, hasher, clock, observe, encryptionKey, words: createWords() };
    // The command sets no password, so any rules do.
    await bootstrapTenant(openDirectory(tenant, { ...shared, passwordRulesOf: () => 'nist-63b-4' }));
  } finally {
    await hasher.close();
  }
}

function create({ config, positionals, terminal }: CommandContext): Act {
  const domains = positionals.slice(1).map((domain) => domain.toLowerCase());
  const [first] = domains;
  if (first === undefined) throw usage('A new tenant needs at least one domain name.');
  const wrong = domains.find((domain) => !isDomainName(domain));
  if (wrong !== undefined) throw usage(`'${wrong}' is not a domain name.`);
  if (config.id !== undefined && !isUuid(config.id)) throw usage(`'${config.id}' is not a UUID.`);
  const id = config.id?.toLowerCase() ?? newId();
  const encryptionKey = encryptionKeyOf(config);
  return async (means) => {
    const tenant = await means.database.tenants.create({ id, domains, displayName: config.name ?? first });
    await furnish(tenant, encryptionKey, means);
    terminal.out(config.json ? `${JSON.stringify(facts(tenant))}\n` : line(tenant));
  };
}

function list({ config, positionals, terminal }: CommandContext): Act {
  if (positionals.length > 1) throw usage("'list' takes no name.");
  return async ({ database }) => {
    const tenants = await database.tenants.list();
    terminal.out(config.json ? `${JSON.stringify(tenants.map(facts))}\n` : tenants.map(line).join(''));
    if (tenants.length === 0) terminal.err(`no tenants in ${shownDatabaseOf(config)}\n`);
  };
}

function remove({ config, positionals, terminal }: CommandContext): Act {
  const [, name, extra] = positionals;
  if (name === undefined || extra !== undefined) throw usage('Name one tenant by its id or a domain.');
  return async ({ database }) => {
    const tenant = await database.tenants.find(name);
    if (!tenant || !(await database.tenants.remove(tenant.id))) throw faults.noSuchTenant({ tenant: name });
    terminal.out(config.json ? `${JSON.stringify(facts(tenant))}\n` : `deleted ${line(tenant)}`);
  };
}

/** Each checks how it was called before anything is opened. */
const verbs: Readonly<Record<string, (context: CommandContext) => Act>> = { create, list, delete: remove };

/** `usher tenant create|list|delete`, on the database of `--data` or `--database`. Only `create` makes one. */
export async function tenant(context: CommandContext): Promise<number> {
  const { config, positionals } = context;
  const [verb = ''] = positionals;
  const prepare = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!prepare) throw usage(verb === '' ? "Say 'create', 'list' or 'delete'." : `There is no 'tenant ${verb}'.`);
  const act = prepare(context);
  const observe = await createLog(config.logLevel);
  // What is not there reads as an empty database, so that a mistyped path leaves no folder behind.
  const url = prepare === create || databaseExists(config) ? databaseUrlOf(config) : 'memory:';
  // Servers may be running on what is there.
  const clock = agreedClock();
  const opening = { clock, observe, types: allTypes(), migrate: 'whenEmpty', looksOnly: prepare === list } as const;
  const database = await openDatabase(url, opening);
  try {
    await act({ database, clock, observe });
    return 0;
  } catch (error) {
    if (isFault(error, 'store.exists')) {
      throw faults.failed({ reason: 'A tenant with this id or one of these domains exists already.' }, error);
    }
    throw error;
  } finally {
    await database.close();
  }
}
