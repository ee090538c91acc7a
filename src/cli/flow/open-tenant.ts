import { createJourneyLog, type Host, type Words } from '../../flows/index.ts';
import { createHasher, createSignInLog } from '../../identity/index.ts';
import { agreedClock, type Config, type Observe } from '../../kernel/index.ts';
import { allTypes } from '../../model/index.ts';
import { createWords } from '../../pages/index.ts';
import { openDatabase, type Tenant } from '../../store/index.ts';
import { createTenants, type SharedServices, type TenantRooms } from '../../tenant-rooms.ts';
import { databaseExists, databaseUrlOf, encryptionKeyOf, shownDatabaseOf } from '../data-folder.ts';
import { faults } from '../faults.ts';
import { passwordRulesOf } from '../password-rules.ts';

export interface OpenTenant {
  readonly rooms: TenantRooms;
  readonly words: Words;
  close(): Promise<void>;
}

/** What a terminal puts in place of the outside world. */
export type Outside = Pick<SharedServices, 'mailer' | 'texter' | 'outside'> & { readonly journeyHost: Host };

/** The tenant the command is about. Throws `cli.noSuchTenant`, `cli.failed` when it has to be named. */
export function chosen(tenants: readonly Tenant[], config: Config): Tenant {
  const { tenant: named } = config;
  const wanted = named?.toLowerCase();
  const found = tenants.filter(({ id, domains }) => wanted === undefined || id === wanted || domains.includes(wanted));
  const [only, ...others] = found;
  if (!only && named !== undefined) throw faults.noSuchTenant({ tenant: named });
  if (!only)
    throw faults.failed({ reason: `There is no tenant in ${shownDatabaseOf(config)}: start 'usher dev' once.` });
  if (others.length === 0) return only;
  const names = found.map(({ domains }) => domains[0]).join(', ');
  throw faults.failed({ reason: `There are several tenants (${names}): choose one with --tenant.` });
}

/** Opens one tenant of the database of `--data` or `--database`; a SQLite file while no server has it open, unless the command `looksOnly`. */
export async function openTenant(
  config: Config,
  outside: Outside,
  observe: Observe,
  looksOnly: boolean,
): Promise<OpenTenant> {
  // What is not there reads as an empty database, so that a mistyped path leaves no folder behind.
  const isThere = databaseExists(config);
  const clock = agreedClock();
  const database = await openDatabase(isThere ? databaseUrlOf(config) : 'memory:', {
    clock,
    observe,
    types: allTypes(),
    migrate: 'whenEmpty',
    looksOnly,
  });
  const hasher = createHasher({ workers: 1 });
  const words = createWords();
  const signInLog = createSignInLog({ clock, observe });
  const journeyLog = createJourneyLog({ clock, observe });
  const close = async (): Promise<void> => {
    await Promise.all([signInLog.flush(), journeyLog.flush()]);
    await hasher.close();
    await database.close();
  };
  try {
    const { id } = chosen(await database.tenants.list(), config);
    const encryptionKey = encryptionKeyOf(config);
    const shared = { ...outside, database, hasher, signInLog, journeyLog, words, clock, observe, encryptionKey };
    const limits = { journeyLifetimeSeconds: config.journeyLifetime, passwordRulesOf };
    const rooms = await createTenants({ ...shared, ...limits }).roomsOf(id);
    if (!rooms) throw faults.noSuchTenant({ tenant: id });
    return { rooms, words, close };
  } catch (error) {
    await close();
    throw error;
  }
}
