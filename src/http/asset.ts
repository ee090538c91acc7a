import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { chooseCoding } from './compress.ts';
import type { Exchange, Reply } from './face.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file that pages link to. Its address holds a digest of its content, so browsers may keep it for ever. */
export interface Asset {
  /** `{folder}{name}.{digest}{extension}` */
  readonly path: string;
  /** True for this file under any digest: during an update a page of one process may ask another one. */
  matches(path: string): boolean;
  reply(exchange: Pick<Exchange, 'headers' | 'url'>): Reply;
}

/** Reads the file once. `folder` begins and ends with a slash. */
export function createAsset(file: URL, folder: string): Asset {
  const bytes = readFileSync(file);
  const extension = extname(file.pathname);
  const name = basename(fileURLToPath(file), extension);
  const path = `${folder}${name}.${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}${extension}`;
  const encodings = new Map<string, Buffer>();

  function encoded(encoding: 'br' | 'gzip'): Buffer {
    const known = encodings.get(encoding);
    if (known) return known;
    const made = encoding === 'br' ? brotliCompressSync(bytes) : gzipSync(bytes, { level: 9 });
    encodings.set(encoding, made);
    return made;
  }

  return {
    path,
    matches(asked) {
      const digest = asked.slice(folder.length + name.length + 1, -extension.length);
      return /^[0-9a-f]{12}$/.test(digest) && asked === `${folder}${name}.${digest}${extension}`;
    },
    reply({ headers, url }) {
      const encoding = chooseCoding(headers['accept-encoding']);
      return {
        status: 200,
        headers: {
          'content-type': types[extension] ?? 'application/octet-stream',
          'cache-control': url.pathname === path ? 'public, max-age=31536000, immutable' : 'no-store',
          'x-content-type-options': 'nosniff',
          vary: 'accept-encoding',
          ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
        },
        body: encoding === undefined ? bytes : encoded(encoding),
      };
    },
  };
}
