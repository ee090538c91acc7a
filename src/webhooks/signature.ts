import { createHash, createHmac, type KeyObject, sign } from 'node:crypto';
import type { EpochSeconds } from '../kernel/index.ts';

/** What calls are signed with: a key that the tenant publishes. */
export interface SigningKey {
  readonly kid: string;
  /** RSA, or EC on P-256. */
  readonly privateKey: KeyObject;
}

/** One call, before it is signed. */
export interface Message {
  /** The same in every try, so that receivers can tell what they have seen. */
  readonly id: string;
  readonly url: string;
  readonly body: string;
  readonly now: EpochSeconds;
}

export type Headers = Readonly<Record<string, string>>;

/** Says what the signature is for, so that nothing else that the key has signed can be taken for a call (RFC 9421 §2.3). */
const tag = 'usher-webhook';

const covered = [
  '@method',
  '@target-uri',
  'content-type',
  'content-digest',
  'webhook-id',
  'webhook-timestamp',
] as const;

/** Base64 of the random bytes in a secret of Standard Webhooks. */
const prefix = 'whsec_';

/** The bytes of a secret; undefined: it is none, or not of 24 to 64 bytes. */
export function secretBytes(secret: string): Buffer | undefined {
  if (!secret.startsWith(prefix)) return undefined;
  const text = secret.slice(prefix.length);
  const bytes = Buffer.from(text, 'base64');
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === text ? bytes : undefined;
}

/** Of a key (RFC 9421 §3.3.2, §3.3.4). */
const algorithmOf = ({ asymmetricKeyType }: KeyObject): string =>
  asymmetricKeyType === 'ec' ? 'ecdsa-p256-sha256' : 'rsa-v1_5-sha256';

/** The text that is signed (RFC 9421 §2.5). */
const baseOf = (components: Headers, parameters: string): string =>
  [...covered.map((name) => `"${name}": ${components[name]}`), `"@signature-params": ${parameters}`].join('\n');

/**
 * The headers of a signed call: an HTTP message signature (RFC 9421) that covers address, body (RFC 9530), id and time, by a key that the
 * receiver finds at the tenant's `discovery/v2.0/keys` under its `keyid`; `webhook-signature` of Standard Webhooks too where there is a secret.
 */
export function signedHeaders(key: SigningKey, { id, url, body, now }: Message, secret?: string): Headers {
  const headers = {
    'content-type': 'application/json',
    'content-digest': `sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
    'webhook-id': id,
    'webhook-timestamp': String(now),
  };
  const names = covered.map((name) => `"${name}"`).join(' ');
  const parameters = `(${names});created=${now};keyid="${key.kid}";alg="${algorithmOf(key.privateKey)}";tag="${tag}"`;
  const base = baseOf({ ...headers, '@method': 'POST', '@target-uri': new URL(url).href }, parameters);
  const signature = sign('sha256', Buffer.from(base), { key: key.privateKey, dsaEncoding: 'ieee-p1363' }).toString(
    'base64',
  );
  const shared = secret === undefined ? undefined : secretBytes(secret);
  return {
    ...headers,
    'signature-input': `sig=${parameters}`,
    signature: `sig=:${signature}:`,
    ...(shared ? { 'webhook-signature': `v1,${hmac(shared, `${id}.${now}.${body}`)}` } : {}),
  };
}

const hmac = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('base64');
