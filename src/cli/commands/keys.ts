import type { Directory } from '../../directory/index.ts';
import { createHasher } from '../../identity/index.ts';
import { agreedClock, isoDateTime, system } from '../../kernel/index.ts';
import { allTypes, entities } from '../../model/index.ts';
import { type KeyReport, type KeyServices, reportKeys, rotateKeys } from '../../oidc/index.ts';
import { createWords } from '../../pages/index.ts';
import { openDatabase, type Tenant } from '../../store/index.ts';
import { openDirectory } from '../../tenant-rooms.ts';
import type { CommandContext } from '../command.ts';
import { databaseExists, databaseUrlOf, encryptionKeyOf } from '../data-folder.ts';
import { faults } from '../faults.ts';
import { chosen } from '../flow/open-tenant.ts';
import { createLog } from '../logger.ts';
import { passwordRulesOf } from '../password-rules.ts';
import { checkSealed } from '../sealed.ts';

type Act = (context: CommandContext, services: KeyServices) => Promise<void>;

const usage = (problem: string) => faults.usage({ problem, command: 'keys' });

const words: Readonly<Record<KeyReport['state'], string>> = {
  next: 'signs from then on',
  signing: 'signs since',
  published: 'signed from then on; tokens of it are in use',
  kept: 'signed from then on; no token of it is good any more',
  withdrawn: 'was to sign from then on and is withdrawn; what it has signed is worth nothing',
  over: 'signed from then on; other secrets are made of it',
};

const list: Act = async ({ config, terminal }, services) => {
  const keys = await reportKeys(services);
  const facts = keys.map(({ id, algorithm, state, created, active }) => {
    const [createdDateTime, activeDateTime] = [isoDateTime(created), isoDateTime(active)];
    return { id, algorithm, state, createdDateTime, activeDateTime };
  });
  const lines = facts.map(
    ({ id, algorithm, state, activeDateTime }) => `${id}  ${algorithm}  ${activeDateTime}  ${words[state]}\n`,
  );
  terminal.out(config.json ? `${JSON.stringify(facts)}\n` : lines.join(''));
  if (keys.length === 0) terminal.err('no keys yet: the first token makes one\n');
};

const rotate: Act = async ({ config, terminal }, services) => {
  const rotated = await rotateKeys(services, system('usher keys rotate'), { leaked: config.now });
  if (!rotated) throw faults.failed({ reason: "Another process has just rotated the keys: see 'usher keys list'." });
  const activeDateTime = isoDateTime(rotated.active);
  const said = config.now ? 'no other key is believed from then on' : 'the one before stays published meanwhile';
  const line = `${rotated.id} is published and signs from ${activeDateTime}; ${said}\n`;
  terminal.out(config.json ? `${JSON.stringify({ id: rotated.id, activeDateTime })}\n` : line);
};

const verbs: Readonly<Record<string, Act>> = { list, rotate };

const settingsOf = async (directory: Directory): ReturnType<KeyServices['settings']> => {
  const { id } = directory.tenant;
  const found = await directory.get({ type: entities.organization, id });
  return found?.entity.settings ?? { signingAlgorithm: 'RS256', keyRotationDays: null };
};

/** `usher keys list|rotate`, on the database of `--data` or `--database`: beside running servers; `rotate` on a SQLite file that none has open. */
export async function keys(context: CommandContext): Promise<number> {
  const { config, positionals } = context;
  const [verb = ''] = positionals;
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!act) throw usage(verb === '' ? "Say 'list' or 'rotate'." : `There is no 'keys ${verb}'.`);
  if (config.now && act !== rotate) throw usage("--now goes with 'rotate'.");
  const observe = await createLog(config.logLevel);
  const isThere = databaseExists(config);
  const clock = agreedClock();
  const opening = { clock, observe, types: allTypes(), migrate: 'whenEmpty', looksOnly: act === list } as const;
  const database = await openDatabase(isThere ? databaseUrlOf(config) : 'memory:', opening);
  const hasher = createHasher({ workers: 1 });
  try {
    const tenant = chosen(await database.tenants.list(), config);
    const encryptionKey = encryptionKeyOf(config);
    const shared = { database, hasher, clock, observe, encryptionKey, words: createWords() };
    const directoryOf = (one: Tenant): Directory => openDirectory(one, { ...shared, passwordRulesOf });
    // A key that is sealed with another one than the servers' would end every sign-in when it begins to sign.
    await checkSealed(database, directoryOf, config);
    const directory = directoryOf(tenant);
    await act(context, { directory, clock, settings: () => settingsOf(directory) });
    return 0;
  } finally {
    await hasher.close();
    await database.close();
  }
}
