import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

/** A random version 4 UUID (RFC 9562 §5.4) in lower case. */
export const newId = (): string => randomUUID();

/** An unguessable bearer value: 256 random bits as 43 base64url characters. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * SHA-256 of a high-entropy secret as base64url: what is stored in place of a token or client secret.
 * Not for passwords, which need a slow hash.
 */
export const digest = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Compares two strings without telling by the time taken how much of them agrees. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => uuid.test(text);
