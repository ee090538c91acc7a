import { createHash } from 'node:crypto';
import type { Reply } from '../http/index.ts';
import type { Version } from '../model/index.ts';
import { metadataXml } from './metadata.ts';
import { openApi } from './openapi.ts';

/** What describes a version, for programs. */
const printers = {
  metadata: { mediaType: 'application/xml;charset=utf-8', print: metadataXml },
  openapi: {
    mediaType: 'application/json;charset=utf-8',
    print: (version: Version) => `${JSON.stringify(openApi(version))}\n`,
  },
} as const;

export type DocumentKind = keyof typeof printers;

/** A printed description, ready to be sent. */
export interface Document {
  readonly etag: string;
  readonly reply: Reply;
}

const made = new Map<string, Document>();

/** The document as it is sent. It depends on nothing but the version, and anybody may ask, so it is printed once. */
export function documentOf(kind: DocumentKind, version: Version): Document {
  const name = `${kind} ${version}`;
  const known = made.get(name) ?? make(kind, version);
  made.set(name, known);
  return known;
}

function make(kind: DocumentKind, version: Version): Document {
  const { mediaType, print } = printers[kind];
  // Bytes, not a text, so that the listener compresses them once.
  const body = Buffer.from(print(version));
  // Weak, since the listener may send the same text compressed.
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = { 'content-type': mediaType, 'cache-control': 'public, max-age=3600', etag };
  return { etag, reply: { status: 200, headers, body } };
}
