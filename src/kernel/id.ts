import { hash, randomFillSync, randomUUID, timingSafeEqual } from 'node:crypto';

/** A random version 4 UUID (RFC 9562 §5.4) in lower case. */
export const newId = (): string => randomUUID();

/**
 * Makes version 7 UUIDs (RFC 9562 §5.7), each greater than the one before: for records that are read in the order in which they were
 * written. The twelve bits after the milliseconds are a counter (§6.2, method 1).
 */
export function createTimedIds(): () => string {
  let [milliseconds, counter] = [0, 0];
  return () => {
    const now = Date.now();
    if (now > milliseconds) [milliseconds, counter] = [now, 0];
    else if (counter < 0xfff) counter += 1;
    else [milliseconds, counter] = [milliseconds + 1, 0];
    const digits = milliseconds.toString(16).padStart(12, '0');
    return `${digits.slice(0, 8)}-${digits.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${randomUUID().slice(19)}`;
  };
}

/** Random bytes are drawn for many secrets at once, since each time costs ten times what a secret does. What has been given out is wiped. */
const ahead = Buffer.alloc(128 * 32);
let given = ahead.length;

/** An unguessable bearer value: 256 random bits as 43 base64url characters. */
export function newSecret(): string {
  if (given === ahead.length) {
    randomFillSync(ahead);
    given = 0;
  }
  const end = given + 32;
  const secret = ahead.toString('base64url', given, end);
  ahead.fill(0, given, end);
  given = end;
  return secret;
}

/**
 * SHA-256 of a high-entropy secret as base64url: what is stored in place of a token or client secret.
 * Not for passwords, which need a slow hash.
 */
export const digest = (secret: string): string => hash('sha256', secret, 'base64url');

/** Compares two strings without telling by the time taken how much of them agrees; how long they are is no secret. */
export function sameSecret(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => uuid.test(text);
