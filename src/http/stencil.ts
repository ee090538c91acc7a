import { constants, crc32, deflateRawSync } from 'node:zlib';

/** What a stencil came to: the body of a reply. */
export interface Filled {
  readonly body: string;
  /**
   * A gzip file of it (RFC 1952), a character for each byte. What fills the gaps is stored in it as it is, so that how long the file is tells
   * nothing of it, by the BREACH attack or otherwise.
   */
  gzipped(): string;
}

/** A text that is sent again and again with something else in its gaps: what stays is compressed once. */
export interface Stencil {
  /** The text with this in each of its gaps; at most 65,535 bytes. Throws a `RangeError` for a longer one. */
  filled(value: string): Filled;
}

/** Magic number, deflate, no flags, no time, most compression, an unknown system (RFC 1952 §2.3). */
const head = '\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff';

/** Bytes that one stored block holds (RFC 1951 §3.2.4). */
const mostStored = 0xffff;

const littleEndian16 = (value: number): string => String.fromCharCode(value & 0xff, (value >>> 8) & 0xff);
const littleEndian32 = (value: number): string => littleEndian16(value) + littleEndian16(value >>> 16);

/** A block of a deflate stream that begins and ends with a whole byte and is not the last one (RFC 1951 §3.2.4). */
const stored = (bytes: Buffer): string =>
  `\x00${littleEndian16(bytes.length)}${littleEndian16(~bytes.length)}${bytes.toString('latin1')}`;

interface Part {
  readonly bytes: Uint8Array;
  readonly deflated: string;
}

const encoder = new TextEncoder();

/** Deflated on its own up to a whole byte, so that anything may follow; the last part ends the stream. */
function partOf(text: string, isLast: boolean): Part {
  // Memory of its own: a small buffer would keep the 64 KB that it shares with others.
  const bytes = encoder.encode(text);
  const finishFlush = isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
  return { bytes, deflated: deflateRawSync(bytes, { level: 9, finishFlush }).toString('latin1') };
}

/** `texts`: what stands before, between and after the gaps. */
export function createStencil(texts: readonly string[]): Stencil {
  const parts = texts.map((text, at) => partOf(text, at === texts.length - 1));
  const fixedSize = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const [first, ...others] = parts;
  const begin = head + (first?.deflated ?? '');
  const beginSum = crc32(first?.bytes ?? '');

  return {
    filled(value) {
      const bytes = Buffer.from(value);
      if (bytes.length > mostStored) throw new RangeError(`A gap takes ${mostStored} bytes.`);
      return {
        body: texts.join(value),
        gzipped() {
          const gap = stored(bytes);
          let [file, sum] = [begin, beginSum];
          for (const part of others) {
            file += gap + part.deflated;
            sum = crc32(part.bytes, crc32(bytes, sum));
          }
          return file + littleEndian32(sum) + littleEndian32(fixedSize + bytes.length * others.length);
        },
      };
    },
  };
}
