import { setTimeout as wait } from 'node:timers/promises';
import { noMailer, noTexter } from '../connectors/index.ts';
import { agreedClock, type Config } from '../kernel/index.ts';
import { createVitals, healthPages, ownVoice } from '../operations/index.ts';
import type { RunningServer, Seeding, ServerOptions } from '../server.ts';
import type { CommandContext } from './command.ts';
import { openManagement } from './management.ts';
import { mailerOf, texterOf } from './messengers.ts';
import { outsideOptions } from './outside-options.ts';
import { type Production, warnings } from './production.ts';
import { tellReady } from './ready-line.ts';
import { checkSealed } from './sealed.ts';
import { applySeed, type Seed } from './seed/load-seed.ts';
import { readSeed } from './seed/read-seed.ts';
import { settingsOf, startListening } from './server-settings.ts';
import { readOwnCertificate } from './tls/own-certificate.ts';
import { type CertificateWatch, watchCertificate } from './tls/renewed-certificate.ts';
import { untilSignal } from './until-signal.ts';
import { openWatch, type Watch } from './watch.ts';
import { reportTo } from './workers/worker.ts';
import { letYoungGenerationGrow } from './young-generation.ts';

async function seed(config: Config, seeds: readonly Seed[], seeding: Seeding): Promise<void> {
  await checkSealed(seeding.database, ({ id }) => seeding.directoryOf(id), config);
  for (const one of seeds) await applySeed(one, seeding);
}

type Parts = Pick<ServerOptions, 'databaseUrl' | 'encryptionKey' | 'tls' | 'mailer' | 'texter' | 'observe' | 'trace'>;

const optionsOf = (config: Config, seeds: readonly Seed[], parts: Parts): ServerOptions => ({
  ...settingsOf(config),
  ...parts,
  loopback: () => [],
  outside: outsideOptions(config, []),
  clock: agreedClock(),
  migrate: 'never',
  seed: (seeding) => seed(config, seeds, seeding),
});

/** What is there before a server listens. */
interface Means {
  readonly options: ServerOptions;
  close(): void;
}

async function prepare(
  config: Config,
  { certificate, ...needs }: Production,
  { observe, trace }: Watch,
): Promise<Means> {
  const [mailer, texter] = [mailerOf(config), texterOf(config)];
  const seeds = await Promise.all(config.seed.map(readSeed));
  const tls = certificate && readOwnCertificate(certificate);
  const parts = { ...needs, tls, observe, trace, mailer: mailer ?? noMailer, texter: texter ?? noTexter };
  return { options: optionsOf(config, seeds, parts), close: () => mailer?.close() };
}

/** Renews the certificate when its files change, and at SIGHUP, which otherwise would end the process. */
function keepCertificate({ certificate }: Production, { options, server }: Serving): CertificateWatch | undefined {
  const { tls: shown, observe } = options;
  const watch = certificate && shown && watchCertificate(certificate, { shown, renew: server.renewTls, observe });
  process.on('SIGHUP', () => watch?.look());
  return watch;
}

interface Serving {
  readonly options: ServerOptions;
  readonly server: RunningServer;
}

/**
 * Answers requests in this process until a signal comes; resolves to 0 when everything under way has been answered. `isWorker`: another process
 * listens for probes and tells that all is ready.
 */
export async function serveHere(context: CommandContext, needs: Production, isWorker: boolean): Promise<number> {
  const { config } = context;
  const signal = untilSignal();
  const telling = await openWatch(config);
  const { observe } = telling;
  const pages = [...healthPages, telling.page];
  let server: RunningServer | undefined;
  const vitals = createVitals(async () => {
    if (!server) throw new Error('not yet');
    return server.askDatabase();
  });
  const voice = ownVoice(pages, vitals);
  if (!isWorker) for (const message of warnings(config)) observe({ kind: 'warning', message });
  const open: { close(): unknown }[] = [telling];
  try {
    const means = await prepare(config, needs, telling);
    open.unshift(means);
    const management = isWorker ? undefined : await openManagement(config, { pages, ask: voice });
    if (management) open.unshift(management);
    server = await startListening(means.options);
    telling.add(server.gauges);
    const watch = keepCertificate(needs, { options: means.options, server });
    const { url, port } = server;
    if (management) tellReady(context, { url, port, managementUrl: management.url });
    else reportTo(voice).ready({ url, port });
    letYoungGenerationGrow();
    observe({ kind: 'server.stopping', signal: await signal });
    vitals.drain();
    server.retire();
    await wait(config.drainDelay * 1000);
    watch?.close();
    await server.close();
    return 0;
  } finally {
    for (const one of open) await one.close();
  }
}
