import { availableParallelism } from 'node:os';
import { connectionPlaces } from '../http/index.ts';
import type { Config } from '../kernel/index.ts';
import { type RunningServer, type ServerOptions, startServer } from '../server.ts';
import { faults } from './faults.ts';
import { passwordRulesOf } from './password-rules.ts';

interface ListenPlace {
  readonly host: string;
  readonly port: number;
  /** The setting that chooses another port. */
  readonly flag: string;
}

type Settings =
  | 'host'
  | 'port'
  | 'origins'
  | 'proxies'
  | 'hashing'
  | 'bodyLimitBytes'
  | 'places'
  | 'throttling'
  | 'limiting'
  | 'journeyLifetimeSeconds'
  | 'passwordRulesOf';

/** Processes share the cores; without a word one process takes them all. */
function threadsOf({ hashWorkers, workers }: Config): { readonly workers?: number } {
  if (hashWorkers > 0) return { workers: hashWorkers };
  return workers > 1 ? { workers: Math.max(1, Math.floor(availableParallelism() / workers)) } : {};
}

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
    ...threadsOf(config),
  },
  bodyLimitBytes: config.bodyLimit,
  places: connectionPlaces(config.workers),
  throttling: config.throttling,
  limiting: config.limits,
  journeyLifetimeSeconds: config.journeyLifetime,
  passwordRulesOf,
});

/** Node's error of a listener in plain words; anything else as it is. */
export function listenFault(cause: unknown, { host, port, flag }: ListenPlace): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') return faults.portInUse({ host, port, flag }, cause);
  if (code === 'EACCES') return faults.portForbidden({ port, flag }, cause);
  if (code === 'EADDRNOTAVAIL') return faults.noAddress({ host }, cause);
  return cause;
}

/** Starts a server. Throws `cli.portInUse`, `cli.portForbidden`, `cli.noAddress`, and what `startServer` throws. */
export async function startListening(options: ServerOptions): Promise<RunningServer> {
  try {
    return await startServer(options);
  } catch (cause) {
    const { host, port } = options;
    throw listenFault(cause, { host, port, flag: '--port' });
  }
}
