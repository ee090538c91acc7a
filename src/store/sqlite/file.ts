import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Makes the file and its folder when absent, for this user only: it holds password hashes. Returns the absolute path. */
export function privateFile(path: string): string {
  const file = resolve(path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (const name of [file, `${file}.lock`]) closeSync(openSync(name, 'a', 0o600));
  return file;
}
