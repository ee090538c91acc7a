import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOutbox, type Onward } from '../../connectors/index.ts';
import { loopbackOrigins } from '../../http/index.ts';
import { adjustableClock, agreedClock, type Config } from '../../kernel/index.ts';
import { createVitals, healthPages, ownVoice } from '../../operations/index.ts';
import type { RunningServer, Seeding, ServerOptions } from '../../server.ts';
import { banner } from '../banner.ts';
import type { CommandContext } from '../command.ts';
import { type DataFolder, inFolder, openDataFolder } from '../data-folder.ts';
import { faults } from '../faults.ts';
import { type OpenManagement, openManagement } from '../management.ts';
import { mailerOf, texterOf } from '../messengers.ts';
import { outsideOptions } from '../outside-options.ts';
import { providerOrigins } from '../provider-origins.ts';
import { checkSealed } from '../sealed.ts';
import { contoso, defaultSeed } from '../seed/default-seed.ts';
import { applySeed, type Seed } from '../seed/load-seed.ts';
import { readSeed } from '../seed/read-seed.ts';
import { allowTryPage } from '../seed/try-redirect.ts';
import { settingsOf, startListening } from '../server-settings.ts';
import { openTls, type TlsFiles } from '../tls/tls-files.ts';
import { untilSignal } from '../until-signal.ts';
import { openWatch, type Watch } from '../watch.ts';
import { letYoungGenerationGrow } from '../young-generation.ts';

const loopbackHosts = ['127.0.0.1', '::1', 'localhost'];

async function seedsOf({ noDefaultSeed, seed }: Config): Promise<readonly Seed[]> {
  return [...(noDefaultSeed ? [] : [defaultSeed]), ...(await Promise.all(seed.map(readSeed)))];
}

/** Also called after `POST /dev/reset`: the seed files count as they were at the start. */
async function seed(config: Config, seeds: readonly Seed[], seeding: Seeding): Promise<void> {
  await checkSealed(seeding.database, ({ id }) => seeding.directoryOf(id), config);
  for (const one of seeds) await applySeed(one, seeding);
  if (seeds.includes(defaultSeed)) await allowTryPage(await seeding.directoryOf(contoso.tenantId), seeding.origin);
}

interface Parts {
  readonly folder: DataFolder;
  readonly files: TlsFiles;
  readonly seeds: readonly Seed[];
  readonly watch: Pick<Watch, 'observe' | 'trace'>;
  readonly onward: Onward;
}

function optionsOf(config: Config, { folder, files, seeds, watch, onward }: Parts): ServerOptions {
  const clock = adjustableClock(agreedClock());
  const outbox = createOutbox(clock, onward);
  return {
    ...settingsOf(config),
    loopback: loopbackOrigins,
    databaseUrl: folder.databaseUrl,
    encryptionKey: folder.encryptionKey,
    tls: files.tls,
    outside: outsideOptions(config, [readFileSync(files.caFile, 'utf8')]),
    providerOriginOf: providerOrigins(config.providerOrigin),
    clock,
    observe: watch.observe,
    trace: watch.trace,
    mailer: outbox,
    texter: outbox.texter,
    migrate: 'always',
    seed: (seeding) => seed(config, seeds, seeding),
    development: { outbox, clock },
  };
}

interface Running {
  readonly server: RunningServer;
  readonly watch: Watch;
}

/** Only where it is asked for: two of these servers on neighbouring ports shall not be in each other's way. Closes the server when it cannot be opened. */
async function managementFor(config: Config, { server, watch }: Running): Promise<OpenManagement | undefined> {
  if (config.managementPort === undefined) return undefined;
  const pages = [...healthPages, watch.page];
  try {
    return await openManagement(config, { pages, ask: ownVoice(pages, createVitals(server.askDatabase)) });
  } catch (error) {
    await server.close();
    await watch.close();
    throw error;
  }
}

/** `usher dev`: runs until a signal, then answers what is under way and ends with 0. */
export async function dev({ config, terminal }: CommandContext): Promise<number> {
  for (const host of [config.host, config.managementHost])
    if (!loopbackHosts.includes(host)) throw faults.notLoopback({ host });
  const [mailer, texter] = [mailerOf(config), texterOf(config)];
  const signal = untilSignal();
  const [watch, seeds] = await Promise.all([openWatch(config), seedsOf(config)]);
  const { observe } = watch;
  const folder = openDataFolder(config);
  process.once('exit', () => folder.dispose());
  for (const warning of folder.warnings) terminal.err(`usher: ${warning}\n`);
  const files = inFolder(folder.path, () => openTls(join(folder.path, 'tls'), config.publicUrl));
  const server = await startListening(optionsOf(config, { folder, files, seeds, watch, onward: { mailer, texter } }));
  watch.add(server.gauges);
  const management = await managementFor(config, { server, watch });
  const { url, port } = server;
  const { caFile } = files;
  const managementUrl = management?.url;
  if (config.json) terminal.out(`${JSON.stringify({ event: 'ready', url, port, caFile, managementUrl })}\n`);
  else {
    terminal.out(banner({ url, caFile, folder: folder.path, config }, terminal.interactive));
    terminal.out(`ready ${url}\n`);
  }
  letYoungGenerationGrow();
  observe({ kind: 'server.stopping', signal: await signal });
  await server.close();
  await management?.close();
  await watch.close();
  mailer?.close();
  return 0;
}
