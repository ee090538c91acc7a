import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib';
import { createLru } from '../kernel/index.ts';

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

type Coding = 'br' | 'gzip';

/** Below one kilobyte the saving is smaller than the packet it travels in. */
const worthwhileBytes = 1024;

const text = /^(text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript)\b|image\/svg\+xml)/i;

/** Different ones that are read once; a server meets few, since there are few programs. */
const mostHeaders = 100;
/** Characters; what browsers send has fewer than 40. */
const longestKept = 100;
const readBefore = createLru<(coding: Coding) => boolean>(mostHeaders);

/** Which of the two codings the client accepts. */
function accepting(acceptEncoding = ''): (coding: Coding) => boolean {
  const known = readBefore.get(acceptEncoding);
  if (known) return known;
  const accepts = readAccepted(acceptEncoding);
  if (acceptEncoding.length <= longestKept) readBefore.set(acceptEncoding, accepts);
  return accepts;
}

/** RFC 9110 §12.5.3; a weight of 0 forbids a coding. */
function readAccepted(acceptEncoding: string): (coding: Coding) => boolean {
  const accepted = new Map<string, boolean>();
  for (const entry of acceptEncoding.toLowerCase().split(',', 20)) {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
    accepted.set(name, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)));
  }
  return (coding) => accepted.get(coding) ?? accepted.get('*') ?? false;
}

const smallestFirst: readonly Coding[] = ['br', 'gzip'];

/** The first of these codings that the client accepts. */
export function chooseCoding(
  acceptEncoding: string | undefined,
  codings: readonly Coding[] = smallestFirst,
): Coding | undefined {
  return codings.find(accepting(acceptEncoding));
}

export const compressible = (contentType: string, size: number): boolean =>
  size >= worthwhileBytes && text.test(contentType);

/** Bytes up to which handing the work to another thread costs more than the work. */
const soonDone = 16 * 1024;

/** Of a window of 2^14 bytes, which holds all that is soon done: the usual one takes longer to set up than such a page to compress. */
const smallWindow = 14;

const brotliAt = (quality: number, size: number) => ({
  params: {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: size,
    ...(size <= soonDone ? { [constants.BROTLI_PARAM_LGWIN]: smallWindow } : {}),
  },
});

/** Quality 4 costs about as much time as gzip and still saves more; of a page that is soon done the quickest saves nearly as much. */
export async function compress(body: Buffer, coding: Coding): Promise<Buffer> {
  const { length } = body;
  if (length <= soonDone) {
    return coding === 'gzip' ? gzipSync(body, { level: 1 }) : brotliCompressSync(body, brotliAt(1, length));
  }
  return coding === 'gzip' ? deflate(body) : brotli(body, brotliAt(4, length));
}

const compressedBefore = new WeakMap<Buffer, Map<Coding, Buffer>>();

/** As `compress`, once for bytes that are sent again and again and never change. */
export async function compressOnce(body: Buffer, coding: Coding): Promise<Buffer> {
  const made = compressedBefore.get(body) ?? new Map<Coding, Buffer>();
  compressedBefore.set(body, made);
  const bytes = made.get(coding) ?? (await compress(body, coding));
  made.set(coding, bytes);
  return bytes;
}
