import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../kernel/index.ts';
import { faults } from './faults.ts';

/** Where one run of the server keeps what it has. */
export interface DataFolder {
  /** Holds `tls/`, and unless in memory `secret.key` and the database. */
  readonly path: string;
  readonly databaseUrl: string;
  readonly encryptionKey: Buffer;
  /** Removes a temporary folder; leaves any other alone. */
  dispose(): void;
}

/** The database of a command: `--database`, or the file in the data folder. */
export const databaseUrlOf = ({ memory, database, data }: Config): string =>
  memory ? 'memory:' : (database ?? `sqlite:${join(resolve(data), 'usher.db')}`);

/** False only for a file that is not there; other databases are asked when they are opened. */
export function databaseExists(config: Config): boolean {
  const url = databaseUrlOf(config);
  return !url.startsWith('sqlite:') || existsSync(url.slice('sqlite:'.length));
}

/**
 * Opens or creates the data folder. In memory mode it is a temporary one. Throws `cli.badFolder`, `cli.badSecretKey`.
 */
export function openDataFolder(config: Config): DataFolder {
  const databaseUrl = databaseUrlOf(config);
  if (config.memory) {
    const path = mkdtempSync(join(tmpdir(), 'usher-'));
    return {
      path,
      databaseUrl,
      encryptionKey: config.encryptionKey ?? randomBytes(32),
      dispose: () => rmSync(path, { recursive: true, force: true }),
    };
  }
  const path = resolve(config.data);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw faults.badFolder({ path, reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
  const encryptionKey = config.encryptionKey ?? keptKey(join(path, 'secret.key'));
  return { path, databaseUrl, encryptionKey, dispose: () => undefined };
}

/** The key in the file, made at the first start; readable by its owner only. */
function keptKey(path: string): Buffer {
  if (!existsSync(path)) {
    // `wx`: of two processes that start at once, the second reads what the first wrote.
    try {
      writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (cause) {
      if (!existsSync(path)) throw faults.badFolder({ path, reason: String(cause) }, cause);
    }
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw faults.badSecretKey({ path });
  chmodSync(path, 0o600);
  return key;
}
