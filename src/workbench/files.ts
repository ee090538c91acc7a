import { readFileSync } from 'node:fs';
import type { Reply } from '../http/index.ts';

const types: Readonly<Record<string, string>> = {
  'app.css': 'text/css; charset=utf-8',
  'app.js': 'text/javascript; charset=utf-8',
  'meanings.js': 'text/javascript; charset=utf-8',
};

const files: ReadonlyMap<string, Reply> = new Map(
  Object.entries(types).map(([name, type]): [string, Reply] => [
    `/try/${name}`,
    {
      status: 200,
      headers: { 'content-type': type, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' },
      body: readFileSync(new URL(`./assets/${name}`, import.meta.url)),
    },
  ]),
);

/** Style sheet and scripts of the workbench, by path. */
export const fileAt = (path: string): Reply | undefined => files.get(path);
