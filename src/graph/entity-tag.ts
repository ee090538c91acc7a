import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { EntityTags } from './header-list.ts';

/** How the store's tags are shown, which hold the number of a change: nobody is to count in them how much all tenants write. */
export interface EntityTagSeal {
  /** The tag that stands for the store's, always the same one; in the form of the `ETag` field (RFC 9110 §8.8.3). */
  shown(etag: string): string;
  /** The store's tags that were meant, as `shown` gave them. None: whoever sent others meant no state that there is. */
  meant(tags: EntityTags): EntityTags;
}

const algorithm = 'aes-256-cbc';
/** The same tag has to look the same each time. What is sealed is a number that no two writes share, so nothing more can be learned. */
const start = Buffer.alloc(16);
/** Longer ones were not made here. */
const longest = 90;

const opaquePart = /^(?:W\/)?"(.*)"$/;

/** Seals each text for itself with one cipher that is kept: to make one for each tag took a tenth of a small answer. */
function blockSealer(key: Buffer): (text: string) => string {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const block = Buffer.alloc(start.length);
  return (text) => {
    // Filled up as RFC 5652 §6.3 says; the first block of CBC behind an empty start is a block of its own.
    block.fill(start.length - text.length).write(text, 'latin1');
    return cipher.update(block).toString('base64url');
  };
}

/** `key`: 32 random bytes. */
export function entityTagSeal(key: Buffer): EntityTagSeal {
  const sealing = createHmac('sha256', key).update('graph.etag').digest();
  const sealBlock = blockSealer(sealing);

  function meantBy(tag: string): readonly string[] {
    const text = opaquePart.exec(tag)?.[1] ?? '';
    const bytes = text.length > longest ? Buffer.alloc(0) : Buffer.from(text, 'base64url');
    if (bytes.length === 0 || bytes.length % start.length > 0 || bytes.toString('base64url') !== text) return [];
    const decipher = createDecipheriv(algorithm, sealing, start);
    try {
      return [`"${decipher.update(bytes, undefined, 'latin1')}${decipher.final('latin1')}"`];
    } catch {
      return [];
    }
  }

  return {
    shown(etag) {
      const text = opaquePart.exec(etag)?.[1] ?? '';
      if (text.length < start.length) return `W/"${sealBlock(text)}"`;
      const cipher = createCipheriv(algorithm, sealing, start);
      return `W/"${cipher.update(text, 'latin1', 'base64url')}${cipher.final('base64url')}"`;
    },
    meant: (tags) => (tags === '*' ? tags : tags.flatMap(meantBy)),
  };
}
