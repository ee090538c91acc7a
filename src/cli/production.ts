import type { Config } from '../kernel/index.ts';
import { faults } from './faults.ts';

/** What `usher serve` cannot do without, once it is known to be there. */
export interface Production {
  readonly databaseUrl: string;
  readonly encryptionKey: Buffer;
  readonly certificate: { readonly cert: string; readonly key: string };
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
    broken: ({ tlsCert, tlsKey }) => tlsCert === undefined || tlsKey === undefined,
    flaw: 'it needs a certificate. Set --tls-cert and --tls-key.',
  },
];

/** Throws `cli.unsafe` for the first thing that is unsafe or missing. */
export function production(config: Config): Production {
  const broken = rules.find((rule) => rule.broken(config));
  if (broken) throw faults.unsafe({ flaw: broken.flaw });
  const { database: databaseUrl = '', encryptionKey = Buffer.alloc(0), tlsCert: cert = '', tlsKey: key = '' } = config;
  return { databaseUrl, encryptionKey, certificate: { cert, key } };
}
