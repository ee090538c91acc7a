import { type Config, maskedUrl } from '../kernel/index.ts';
import { ownName } from './own-name.ts';
import { paint } from './paint.ts';
import { contoso } from './seed/default-seed.ts';

export interface BannerFacts {
  readonly url: string;
  readonly caFile: string;
  readonly folder: string;
  readonly config: Config;
}

/** What a person needs to take the first step; a program reads the ready line instead. */
export function banner({ url, caFile, folder, config }: BannerFacts, interactive: boolean): string {
  const { bold, dim, link } = paint(interactive);
  const row = (label: string, value: string): string => `  ${dim(label.padEnd(10))}${value}\n`;
  const seeded = config.noDefaultSeed
    ? []
    : [
        row('Sign in', `${contoso.user}  ${dim('or')}  ${contoso.administrator}`),
        row('Password', contoso.password),
        row('Tenant', `${contoso.domain}  ${dim(`flow ${contoso.flow}`)}`),
      ];
  const trust = config.memory
    ? 'this certificate lives as long as this process; without --memory one can be trusted for good'
    : `${ownName} trust${config.data === './data' ? '' : ` --data ${config.data}`}   ${dim('once, so that browsers accept the certificate')}`;
  const elsewhere = config.memory || config.database === undefined ? [] : [row('Database', maskedUrl(config.database))];
  return [
    `\n  ${bold('Usher')} ${dim('development mode: everybody on this machine may read its mails')}\n\n`,
    row('Try it', link(`${url}/try/`)),
    row('Mails', link(`${url}/dev/outbox/`)),
    ...seeded,
    '\n',
    row('CA', caFile),
    row('Trust', trust),
    row('Data', config.memory ? 'in memory, gone at the end' : folder),
    ...elsewhere,
    '\n',
  ].join('');
}
