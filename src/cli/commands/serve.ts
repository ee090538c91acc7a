import { noMailer, noTexter } from '../../connectors/index.ts';
import { type Config, type Observe, systemClock } from '../../kernel/index.ts';
import type { Seeding, ServerOptions } from '../../server.ts';
import type { CommandContext } from '../command.ts';
import { createLog } from '../logger.ts';
import { mailerOf, texterOf } from '../messengers.ts';
import { outsideOptions } from '../outside-options.ts';
import { type Production, production } from '../production.ts';
import { checkSealed } from '../sealed.ts';
import { applySeed, type Seed } from '../seed/load-seed.ts';
import { readSeed } from '../seed/read-seed.ts';
import { settingsOf, startListening } from '../server-settings.ts';
import { readOwnCertificate } from '../tls/own-certificate.ts';
import { untilSignal } from '../until-signal.ts';
import { letYoungGenerationGrow } from '../young-generation.ts';

async function seed(config: Config, seeds: readonly Seed[], seeding: Seeding): Promise<void> {
  await checkSealed(seeding.database, ({ id }) => seeding.directoryOf(id), config);
  for (const one of seeds) await applySeed(one, seeding);
}

/** What works, but not as a person would think who set nothing. */
function warnings({ smtpUrl, smsUrl, throttling }: Config): readonly string[] {
  return [
    ...(smtpUrl === undefined
      ? ['No letter can be sent, so every step that mails a code or an invitation fails: set --smtp-url.']
      : []),
    ...(smsUrl === undefined
      ? ['No text message can be sent, so every step that sends one fails: set --sms-url.']
      : []),
    ...(throttling === 'none' ? ['Management requests are not limited: --throttling is none.'] : []),
  ];
}

interface Parts extends Production, Pick<ServerOptions, 'mailer' | 'texter'> {
  readonly seeds: readonly Seed[];
  readonly observe: Observe;
}

const optionsOf = (config: Config, { seeds, certificate, ...parts }: Parts): ServerOptions => ({
  ...settingsOf(config),
  ...parts,
  loopback: () => [],
  tls: readOwnCertificate(certificate),
  outside: outsideOptions(config, []),
  clock: systemClock,
  migrate: 'never',
  seed: (seeding) => seed(config, seeds, seeding),
});

/** `usher serve`: runs until a signal, then answers what is under way and ends with 0. */
export async function serve({ config, terminal }: CommandContext): Promise<number> {
  const needs = production(config);
  const [mailer, texter] = [mailerOf(config), texterOf(config)];
  const signal = untilSignal();
  const [observe, seeds] = await Promise.all([createLog(config.logLevel), Promise.all(config.seed.map(readSeed))]);
  for (const message of warnings(config)) observe({ kind: 'warning', message });
  const messengers = { mailer: mailer ?? noMailer, texter: texter ?? noTexter };
  const { url, port, close } = await startListening(optionsOf(config, { ...needs, ...messengers, seeds, observe }));
  terminal.out(config.json ? `${JSON.stringify({ event: 'ready', url, port })}\n` : `ready ${url}\n`);
  letYoungGenerationGrow();
  observe({ kind: 'server.stopping', signal: await signal });
  await close();
  mailer?.close();
  return 0;
}
