import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { faults } from '../faults.ts';

const scheme = 'sqlite:';
const relaxed = '?synchronous=normal';

/** What a URL of this engine names. */
export interface SqliteUrl {
  readonly path: string;
  /** Commits are answered before they are on the disk, so that a loss of power takes the last of them. For measuring what that costs. */
  readonly isRelaxed: boolean;
}

/** Reads `sqlite:PATH` or `sqlite:PATH?synchronous=normal`. Throws `store.unusable`. */
export function readSqliteUrl(url: string): SqliteUrl {
  const whole = url.slice(scheme.length);
  const isRelaxed = whole.endsWith(relaxed);
  const path = isRelaxed ? whole.slice(0, -relaxed.length) : whole;
  if (path === '' || path.startsWith(':')) throw faults.unusable({ url, reason: 'it names no file.' });
  return { path, isRelaxed };
}

/** Makes the file and its folder when absent, for this user only: it holds password hashes. Returns the absolute path. */
export function privateFile(path: string): string {
  const file = resolve(path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (const name of [file, `${file}.lock`]) closeSync(openSync(name, 'a', 0o600));
  return file;
}
