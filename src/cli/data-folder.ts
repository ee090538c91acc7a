import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Config, maskedUrl } from '../kernel/index.ts';
import { faults } from './faults.ts';

/** Where one run of the server keeps what it has. */
export interface DataFolder {
  /** Holds `tls/`, and unless in memory `secret.key` and the database. */
  readonly path: string;
  readonly databaseUrl: string;
  readonly encryptionKey: Buffer;
  /** What the person should know, one sentence each. */
  readonly warnings: readonly string[];
  /** Removes a temporary folder; leaves any other alone. */
  dispose(): void;
}

/** The database of a command: `--database`, or the file in the data folder. */
export const databaseUrlOf = ({ memory, database, data }: Config): string =>
  memory ? 'memory:' : (database ?? `sqlite:${join(resolve(data), 'usher.db')}`);

/** The same as it may be shown and logged. */
export const shownDatabaseOf = (config: Config): string => maskedUrl(databaseUrlOf(config));

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
      warnings: [],
      dispose: () => rmSync(path, { recursive: true, force: true }),
    };
  }
  const path = resolve(config.data);
  const keyFile = join(path, 'secret.key');
  return inFolder(path, () => {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK | constants.X_OK);
    const warnings = config.encryptionKey ? [] : closeToOthers(keyFile);
    const encryptionKey = config.encryptionKey ?? keptKey(keyFile);
    return { path, databaseUrl, encryptionKey, warnings, dispose: () => undefined };
  });
}

/**
 * The key that a command opens stored secrets with: the one given, or the one kept in the data folder. Where key and database are both elsewhere,
 * as in a container with nothing to write to, there need be no folder. Throws `cli.badFolder`, `cli.badSecretKey`.
 */
export const encryptionKeyOf = (config: Config): Buffer =>
  (config.database === undefined ? undefined : config.encryptionKey) ?? openDataFolder(config).encryptionKey;

const anotherFolder = 'use another folder with --data';

/** Why a folder cannot be used and what helps, by the code of Node's error. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: `this user may not write there. Give this user the right, or ${anotherFolder}.`,
  EPERM: `this user may not write there. Give this user the right, or ${anotherFolder}.`,
  EROFS: `it lies on a read-only file system; ${anotherFolder}.`,
  EEXIST: `it is a file, not a folder; ${anotherFolder}.`,
  ENOTDIR: `its path leads through a file; ${anotherFolder}.`,
  ENOENT: `its path cannot be made; ${anotherFolder}.`,
  EISDIR: `a folder stands where a file belongs. Move it away, or ${anotherFolder}.`,
  ENOSPC: `the disk is full. Make room, or ${anotherFolder}.`,
};

/** Does what reads and writes the data folder. Throws `cli.badFolder` for what the file system refuses. */
export function inFolder<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
    if (reason === undefined) throw cause;
    throw faults.badFolder({ path, reason }, cause);
  }
}

/** Closes a key that other users may read, and tells so: they may have read it. Windows keeps rights elsewhere. */
function closeToOthers(path: string): readonly string[] {
  if (process.platform === 'win32' || !existsSync(path) || (statSync(path).mode & 0o077) === 0) return [];
  try {
    chmodSync(path, 0o600);
    return [`'${path}' could be read by others; from now on only its owner can.`];
  } catch {
    return [`'${path}' can be read by others: let its owner run chmod 600 on it.`];
  }
}

/** Of two processes that start at once, the second leaves what the first has made. On a full disk no half of a key stays. */
function makeKey(path: string): void {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (cause) {
    if (existsSync(path)) return;
    throw cause;
  }
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { flush: true });
  } catch (cause) {
    rmSync(path, { force: true });
    throw cause;
  } finally {
    closeSync(file);
  }
}

/** The key in the file, made at the first start; readable by its owner only. */
function keptKey(path: string): Buffer {
  if (!existsSync(path)) makeKey(path);
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw faults.badSecretKey({ path });
  return key;
}
