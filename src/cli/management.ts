import type { Config } from '../kernel/index.ts';
import { createManagement, type ManagementOptions } from '../operations/index.ts';
import { callable, managementPortOf, originOf } from './management-place.ts';
import { listenFault } from './server-settings.ts';

export interface OpenManagement {
  /** Its origin, e.g. `http://127.0.0.1:8444`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Throws `cli.portInUse`, `cli.portForbidden`, `cli.noAddress`. */
export async function openManagement(config: Config, options: ManagementOptions): Promise<OpenManagement> {
  const management = createManagement(options);
  const [host, wanted] = [config.managementHost, managementPortOf(config)];
  try {
    const { port } = await management.listen(host, wanted);
    return { url: originOf(callable(host), port), close: management.close };
  } catch (cause) {
    throw listenFault(cause, { host, port: wanted, flag: '--management-port' });
  }
}
