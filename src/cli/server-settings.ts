import type { Config } from '../kernel/index.ts';
import { type RunningServer, type ServerOptions, startServer } from '../server.ts';
import { faults } from './faults.ts';
import { passwordRulesOf } from './password-rules.ts';

type Settings =
  | 'host'
  | 'port'
  | 'origins'
  | 'proxies'
  | 'hashing'
  | 'bodyLimitBytes'
  | 'throttling'
  | 'limiting'
  | 'journeyLifetimeSeconds'
  | 'passwordRulesOf';

/** What a server takes from the settings as it stands there, in every mode. */
export const settingsOf = (config: Config): Pick<ServerOptions, Settings> => ({
  host: config.host,
  port: config.port,
  origins: config.publicUrl.map((url) => new URL(url).origin),
  proxies: { trusted: config.trustedProxy, hops: config.proxyHops },
  hashing: {
    memoryKib: config.hashMemory,
    passes: config.hashPasses,
    queueLimit: config.hashQueue,
    ...(config.hashWorkers > 0 ? { workers: config.hashWorkers } : {}),
  },
  bodyLimitBytes: config.bodyLimit,
  throttling: config.throttling,
  limiting: config.limits,
  journeyLifetimeSeconds: config.journeyLifetime,
  passwordRulesOf,
});

/** Starts a server. Throws `cli.portInUse`, `cli.portForbidden`, `cli.noAddress`, and what `startServer` throws. */
export async function startListening(options: ServerOptions): Promise<RunningServer> {
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
