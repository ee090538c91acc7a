import { hash, pbkdf2 } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { faults } from './faults.ts';

/** Hash functions of PKCS #12 files with the size of their blocks in bytes (RFC 7292 appendix B.2). */
const blockBytes = { sha1: 64, sha224: 64, sha256: 64, sha384: 128, sha512: 128 } as const;

export type HashName = keyof typeof blockBytes;

/** How many rounds all keys of one file may take; what OpenSSL, Windows and Java write takes less than a quarter of it. */
const maxRounds = 200_000;
/** Rounds between two pauses, in which other requests have their turn: about a millisecond. */
const roundsAtOnce = 1000;

/** How much work one file may still ask for. */
export interface Effort {
  /** Throws `flows.badPkcs12` when the file asks for too much. */
  spend(rounds: number): void;
}

export function limitedEffort(): Effort {
  let left = maxRounds;
  return {
    spend(rounds) {
      if (!Number.isSafeInteger(rounds) || rounds < 1 || rounds > left) {
        const reason = `its keys take more than ${maxRounds} rounds; export it with fewer`;
        throw faults.badPkcs12({ reason, target: 'pkcs12Value' });
      }
      left -= rounds;
    },
  };
}

export interface KeyRequest {
  readonly hash: HashName;
  readonly salt: Buffer;
  readonly iterations: number;
  /** Bytes. */
  readonly length: number;
}

/** What a key is for, as the standard numbers it (RFC 7292 appendix B.3). */
export const purposes = { encryption: 1, initialisation: 2, integrity: 3 } as const;

/**
 * The key derivation of PKCS #12 (RFC 7292 appendix B.2). `password` is in the form of appendix B.1, see `wideText`. Written here since the
 * library's holds the event loop for as long as the file asks for.
 */
export async function deriveLegacyKey(
  { hash: name, salt, iterations, length }: KeyRequest,
  password: Buffer,
  purpose: number,
  effort: Effort,
): Promise<Buffer> {
  const v = blockBytes[name];
  const diversifier = Buffer.alloc(v, purpose);
  const input = Buffer.concat([filled(salt, v), filled(password, v)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < length; made += parts.at(-1)?.length ?? length) {
    effort.spend(iterations);
    const part = await hashed(name, Buffer.concat([diversifier, input]), iterations);
    addToBlocks(input, filled(part, v).subarray(0, v));
    parts.push(part);
  }
  return Buffer.concat(parts).subarray(0, length);
}

async function hashed(name: HashName, first: Buffer, times: number): Promise<Buffer> {
  let value = hash(name, first, 'buffer');
  for (let round = 1; round < times; round += 1) {
    value = hash(name, value, 'buffer');
    if (round % roundsAtOnce === 0) await setImmediate();
  }
  return value;
}

/** Repeated up to the next multiple of `size`; nothing stays nothing. */
const filled = (bytes: Buffer, size: number): Buffer =>
  bytes.length === 0 ? bytes : Buffer.alloc(Math.ceil(bytes.length / size) * size, bytes);

/** Each block of `blocks` plus `addend` plus 1, as big-endian numbers, without the carry out of the block. */
function addToBlocks(blocks: Buffer, addend: Buffer): void {
  for (let start = 0; start < blocks.length; start += addend.length) {
    let carry = 1;
    for (let at = addend.length - 1; at >= 0; at -= 1) {
      const sum = (blocks[start + at] ?? 0) + (addend[at] ?? 0) + carry;
      blocks[start + at] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}

const derive = promisify(pbkdf2);

/** PBKDF2 (RFC 8018 §5.2) in the runtime's own threads. */
export async function derivePbkdf2Key(
  { hash: name, salt, iterations, length }: KeyRequest,
  password: Buffer,
  effort: Effort,
): Promise<Buffer> {
  effort.spend(iterations);
  return derive(password, salt, iterations, length, name);
}

/** UTF-16, the high byte first, with a zero at the end (RFC 7292 appendix B.1). */
export const wideText = (password: string): Buffer => Buffer.from(`${password}\0`, 'utf16le').swap16();
