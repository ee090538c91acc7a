import type { Config } from '../kernel/index.ts';
import { faults } from './faults.ts';
import type { CertificateFiles } from './tls/own-certificate.ts';

/** What `usher serve` cannot do without, once it is known to be there. */
export interface Production {
  readonly databaseUrl: string;
  readonly encryptionKey: Buffer;
  /** Absent behind a proxy that ends TLS. */
  readonly certificate?: CertificateFiles;
}

interface Rule {
  readonly broken: (config: Config) => boolean;
  /** What is wrong and what to set, as the end of a sentence that says that the server does not start. */
  readonly flaw: string;
}

const rules: readonly Rule[] = [
  {
    broken: ({ memory, database }) => memory || database?.toLowerCase().startsWith('memory:') === true,
    flaw: 'what is kept in memory is lost with the process. Set --database sqlite:PATH or postgres://…',
  },
  {
    broken: ({ database }) => database === undefined,
    flaw: 'it needs a database. Set --database sqlite:PATH or postgres://…',
  },
  {
    broken: ({ publicUrl }) => publicUrl.length === 0,
    flaw: 'nobody has said under which address people reach it. Set --public-url https://login.example.com',
  },
  {
    broken: ({ encryptionKey }) => encryptionKey === undefined,
    flaw: 'secrets are stored with a key of yours, the same for all servers on one database. Make one with `openssl rand -hex 32`, keep it safe, and set USHER_ENCRYPTION_KEY_FILE or --encryption-key.',
  },
  {
    broken: ({ providerOrigin }) => providerOrigin.length > 0,
    flaw: '--provider-origin lets another server stand in for an identity provider, which is for development and tests. Take it away.',
  },
  {
    broken: ({ behindProxy, tlsCert, tlsKey }) => !behindProxy && (tlsCert === undefined || tlsKey === undefined),
    flaw: 'it needs a certificate. Set --tls-cert and --tls-key, or --behind-proxy when a proxy in front has one.',
  },
  {
    broken: ({ behindProxy, tlsCert, tlsKey }) => behindProxy && (tlsCert !== undefined || tlsKey !== undefined),
    flaw: 'with --behind-proxy it speaks plain HTTP and has no use for a certificate. Take away --behind-proxy, or --tls-cert and --tls-key.',
  },
  {
    broken: ({ behindProxy, trustedProxy }) => behindProxy && trustedProxy.length === 0,
    flaw: 'plain HTTP is answered to known proxies alone. Set --trusted-proxy to the address or network of yours.',
  },
  {
    broken: ({ workers, database }) => workers > 1 && !/^postgres(ql)?:/i.test(database ?? ''),
    flaw: 'one process writes a SQLite file. Set --workers 1, or use PostgreSQL.',
  },
  {
    broken: ({ port, managementPort }) => port === 65_535 && managementPort === undefined,
    flaw: 'there is no port after 65535 for the management listener. Set --management-port.',
  },
  {
    broken: ({ port, managementPort, host, managementHost }) =>
      port !== 0 && port === managementPort && host === managementHost,
    flaw: 'the management listener needs a port of its own. Set --management-port to another one than --port.',
  },
];

/** Throws `cli.unsafe` for the first thing that is unsafe or missing. */
export function production(config: Config): Production {
  const broken = rules.find((rule) => rule.broken(config));
  if (broken) throw faults.unsafe({ flaw: broken.flaw });
  const { database: databaseUrl = '', encryptionKey = Buffer.alloc(0), tlsCert: cert, tlsKey: key } = config;
  return {
    databaseUrl,
    encryptionKey,
    ...(cert !== undefined && key !== undefined ? { certificate: { cert, key } } : {}),
  };
}

/** What works, but not as a person would think who set nothing. */
export function warnings({ smtpUrl, smsUrl, throttling }: Config): readonly string[] {
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
