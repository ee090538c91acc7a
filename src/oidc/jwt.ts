import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { createLru, digest, type Lru } from '../kernel/index.ts';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** A compact JWS (RFC 7515 §7.1) that nobody has believed yet. */
export interface TakenApart {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly signed: string;
  readonly signature: Buffer;
}

const algorithms = ['RS256', 'ES256'] as const;

export interface Jwt extends Omit<TakenApart, 'header'> {
  readonly alg: (typeof algorithms)[number];
  readonly kid: string | undefined;
}

/** JSON as a part of a token has it (RFC 7515 §2). */
export const encodePart = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Longer than any token issued here; what is longer is not even decoded. */
const longest = 16_384;

/** Of the two kinds of keys that there are (RFC 7518 §3.3, §3.4). */
const algorithmOf = ({ asymmetricKeyType }: KeyObject): Jwt['alg'] => (asymmetricKeyType === 'ec' ? 'ES256' : 'RS256');

/** Of ECDSA signatures in a JWS (RFC 7518 §3.4). */
const dsaEncoding = 'ieee-p1363';

/** A key that has nothing to be said about it is handed over as it is: Node then signs in a tenth less time. */
const inJws = (key: KeyObject) => (key.asymmetricKeyType === 'ec' ? ({ key, dsaEncoding } as const) : key);

/**
 * A signed JWT (RFC 7519) with the header B2C sends: `typ`, `alg`, `kid`. What is no ID or access token is of another type, so that it
 * cannot be taken for one (RFC 8725 §3.11). Signed on the calling thread: 0.25 ms, where
 * the thread pool would queue behind password hashes (measured).
 */
export function signJwt(
  key: SigningKey,
  payload: Readonly<Record<string, unknown>>,
  typ: 'JWT' | 'logout+jwt' = 'JWT',
): string {
  const { kid, privateKey } = key;
  const signed = `${encodePart({ alg: algorithmOf(privateKey), kid, typ })}.${encodePart(payload)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), inJws(privateKey)).toString('base64url')}`;
}

function parse(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Takes a compact JWS with claims in it apart. Undefined: not one. */
export function takeApart(text: string): TakenApart | undefined {
  const parts = text.length > longest ? [] : text.split('.');
  const [head = '', body = '', tail = ''] = parts;
  if (parts.length !== 3 || parts.some((part) => !/^[\w-]+$/.test(part))) return undefined;
  const header = parse(head);
  const payload = parse(body);
  if (!header || !payload) return undefined;
  const signature = Buffer.from(tail, 'base64url');
  // Bits that stand for nothing must be zero (RFC 4648 §3.5), so that one token has one spelling.
  if (signature.toString('base64url') !== tail) return undefined;
  return { header, payload, signed: `${head}.${body}`, signature };
}

/** Takes a token of our kind apart without believing it. Undefined: of an algorithm that no key here has, whatever its header asks for. */
export function decodeJwt(text: string): Jwt | undefined {
  const jwt = takeApart(text);
  const alg = algorithms.find((one) => one === jwt?.header['alg']);
  if (!jwt || !alg || jwt.header['typ'] !== 'JWT') return undefined;
  const { header, ...rest } = jwt;
  return { ...rest, alg, kid: typeof header['kid'] === 'string' ? header['kid'] : undefined };
}

/** Tokens of one key that are remembered as signed by it. */
const mostRemembered = 2000;
const remembered = new WeakMap<KeyObject, Lru<true>>();

/**
 * Whether the key has signed it. That never changes, so a token that is used again is not verified again: a client of the management
 * API sends the same one with every request, and verifying took a sixth of a small answer. Only digests of what was signed are kept.
 */
export function isSignedBy({ alg, signed, signature }: Jwt, key: KeyObject): boolean {
  // The key says how it signs, not the token (RFC 8725 §3.1).
  if (alg !== algorithmOf(key)) return false;
  const known = remembered.get(key) ?? createLru(mostRemembered);
  remembered.set(key, known);
  const whole = digest(`${signed}.${signature.toString('base64url')}`);
  if (known.get(whole)) return true;
  const signs = verify('sha256', Buffer.from(signed), { key, dsaEncoding }, signature);
  if (signs) known.set(whole, true);
  return signs;
}

/** `at_hash`, `c_hash`: the left half of SHA-256 (OpenID Connect Core §3.1.3.6, §3.3.2.11). */
export const halfHash = (value: string): string =>
  createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');
