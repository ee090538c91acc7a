import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { outside } from '../kernel/index.ts';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The full path of the first of these programs on the search path, or undefined. A name with a slash is taken as it is. */
export function findProgram(...names: readonly string[]): string | undefined {
  // Administration tools are often not on an ordinary user's path.
  const folders = [...(outside('PATH') ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  for (const name of names) {
    const found = name.includes('/') ? [name] : folders.filter(Boolean).map((folder) => join(folder, name));
    const path = found.find(isProgram);
    if (path !== undefined) return path;
  }
  return undefined;
}
