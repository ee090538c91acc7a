import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What floors are made of, in the versions that were compared with. */
export const libraries = ['fastify@5.12.8', 'oidc-provider@9.13.3'] as const;

/** Names, to a floor, the folder in which its libraries are. */
export const folderVariable = 'USHER_BENCH_LIBRARIES';

/** A module of a library that is installed for the floors only; the caller says what it needs of it. */
export async function libraryModule(name: string): Promise<unknown> {
  const folder = process.env[folderVariable];
  if (!folder) throw new Error(`${folderVariable} does not say where '${name}' is.`);
  return import(pathToFileURL(createRequire(join(folder, 'package.json')).resolve(name)).href);
}
