import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Test files that share a process, by the file that imports them; one that is alone, by itself. */
export type Batches = ReadonlyMap<string, readonly string[]>;

/** What a file does that others in its process would notice, or that takes long enough to pay for one of its own. */
const keepsApart =
  /^(?:before|after|beforeEach|afterEach)\(|\b(?:process|mock|globalThis)\.|test\/support\/|postgres|node:child_process/m;
const filesAtOnce = 16;
const sources = fileURLToPath(new URL('../../src/', import.meta.url));

/**
 * Most files of `src/` test for some milliseconds what takes a quarter of a second to load. Those that keep to themselves are imported by one
 * file for many of them, which is written to `folder`. The order stays.
 */
export function together(files: readonly string[], folder: string): Batches {
  const quick = files.filter((file) => file.startsWith(sources) && !keepsApart.test(readFileSync(file, 'utf8')));
  const batches = new Map<string, readonly string[]>();
  for (let at = 0; at < quick.length; at += filesAtOnce) {
    const batch = quick.slice(at, at + filesAtOnce);
    const path = join(folder, `together-${at / filesAtOnce}.test.mjs`);
    writeFileSync(path, batch.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`).join(''));
    batches.set(path, batch);
  }
  const gathered = new Set(quick);
  return new Map([...files.filter((file) => !gathered.has(file)).map((file) => [file, [file]] as const), ...batches]);
}
