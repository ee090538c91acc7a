import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createHttpTexter,
  createOutbox,
  createSmtpMailer,
  type Onward,
  type SmtpMailer,
  type Texter,
} from '../../connectors/index.ts';
import { loopbackOrigins } from '../../http/index.ts';
import { adjustableClock, type Config, type Observe } from '../../kernel/index.ts';
import { type RunningServer, type Seeding, type ServerOptions, startServer } from '../../server.ts';
import { banner } from '../banner.ts';
import type { CommandContext } from '../command.ts';
import { type DataFolder, inFolder, openDataFolder } from '../data-folder.ts';
import { faults } from '../faults.ts';
import { createLog } from '../logger.ts';
import { outsideOptions } from '../outside-options.ts';
import { passwordRulesOf } from '../password-rules.ts';
import { providerOrigins } from '../provider-origins.ts';
import { checkSealed } from '../sealed.ts';
import { contoso, defaultSeed } from '../seed/default-seed.ts';
import { applySeed, type Seed } from '../seed/load-seed.ts';
import { readSeed } from '../seed/read-seed.ts';
import { allowTryPage } from '../seed/try-redirect.ts';
import { openTls, type TlsFiles } from '../tls/tls-files.ts';
import { untilSignal } from '../until-signal.ts';
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

/** Throws `connectors.badSetting`. */
const mailerOf = ({ smtpUrl, mailFrom }: Config): SmtpMailer | undefined =>
  smtpUrl === undefined ? undefined : createSmtpMailer({ url: smtpUrl, from: mailFrom });

/** Throws `connectors.badSetting`. */
const texterOf = ({ smsUrl, smsHeaders, smsBody, smsFrom, smsSuccess }: Config): Texter | undefined =>
  smsUrl === undefined
    ? undefined
    : createHttpTexter({ url: smsUrl, headers: smsHeaders, body: smsBody, from: smsFrom, success: smsSuccess });

interface Parts {
  readonly folder: DataFolder;
  readonly files: TlsFiles;
  readonly seeds: readonly Seed[];
  readonly observe: Observe;
  readonly onward: Onward;
}

function optionsOf(config: Config, { folder, files, seeds, observe, onward }: Parts): ServerOptions {
  const clock = adjustableClock();
  return {
    host: config.host,
    port: config.port,
    origins: config.publicUrl.map((url) => new URL(url).origin),
    loopback: loopbackOrigins,
    databaseUrl: folder.databaseUrl,
    encryptionKey: folder.encryptionKey,
    tls: files.tls,
    hashing: {
      memoryKib: config.hashMemory,
      passes: config.hashPasses,
      queueLimit: config.hashQueue,
      ...(config.hashWorkers > 0 ? { workers: config.hashWorkers } : {}),
    },
    bodyLimitBytes: config.bodyLimit,
    throttling: config.throttling,
    journeyLifetimeSeconds: config.journeyLifetime,
    passwordRulesOf,
    outside: outsideOptions(config, [readFileSync(files.caFile, 'utf8')]),
    providerOriginOf: providerOrigins(config.providerOrigin),
    clock,
    observe,
    development: { outbox: createOutbox(clock, onward), clock, seed: (seeding) => seed(config, seeds, seeding) },
  };
}

async function start(options: ServerOptions): Promise<RunningServer> {
  try {
    return await startServer(options);
  } catch (cause) {
    const { host, port } = options;
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EADDRINUSE') throw faults.portInUse({ host, port }, cause);
    if (code === 'EACCES') throw faults.portForbidden({ port }, cause);
    if (code === 'EADDRNOTAVAIL') throw faults.noAddress({ host }, cause);
    throw cause;
  }
}

/** `usher dev`: runs until a signal, then answers what is under way and ends with 0. */
export async function dev({ config, terminal }: CommandContext): Promise<number> {
  if (!loopbackHosts.includes(config.host)) throw faults.notLoopback({ host: config.host });
  const [mailer, texter] = [mailerOf(config), texterOf(config)];
  const signal = untilSignal();
  const [observe, seeds] = await Promise.all([createLog(config.logLevel), seedsOf(config)]);
  const folder = openDataFolder(config);
  process.once('exit', () => folder.dispose());
  for (const warning of folder.warnings) terminal.err(`usher: ${warning}\n`);
  const files = inFolder(folder.path, () => openTls(join(folder.path, 'tls'), config.publicUrl));
  const server = await start(optionsOf(config, { folder, files, seeds, observe, onward: { mailer, texter } }));
  const { url } = server;
  const { caFile } = files;
  if (config.json) terminal.out(`${JSON.stringify({ event: 'ready', url, caFile })}\n`);
  else {
    terminal.out(banner({ url, caFile, folder: folder.path, config }, terminal.interactive));
    terminal.out(`ready ${url}\n`);
  }
  letYoungGenerationGrow();
  observe({ kind: 'server.stopping', signal: await signal });
  await server.close();
  mailer?.close();
  return 0;
}
