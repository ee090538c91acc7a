import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { createLru } from '../kernel/index.ts';
import { faults } from './faults.ts';
import type { GraphRequest } from './request.ts';

/** Form of the token; another form gets another number, so that an old token is refused and not misread. */
const form = 3;

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** States are filled up to a multiple of this, so that a length tells nothing of the numbers in them. */
const blockBytes = 64;

/** Keys of purposes that are kept: the pages of one list have the same. */
const mostKeys = 200;

/**
 * Seals where somebody stands, so that it can be handed out and believed when it comes back. Nobody else can read it: the position in
 * the log of changes tells how much all tenants write.
 */
export interface PageTokens {
  /** The place where a page ended, for one tenant, one path and one query; it is worth nothing anywhere else. */
  seal(request: GraphRequest, tenantId: string, after: string): string;
  /** Throws `graph.badPageToken` unless `seal` made it for the same tenant, path and query. */
  open(request: GraphRequest, tenantId: string, token: string): string;
  /** Any JSON value, for one purpose. */
  sealState(purpose: readonly string[], state: unknown): string;
  /** The value as it was sealed. Throws `graph.badPageToken` unless `sealState` made it for the same purpose. */
  openState(purpose: readonly string[], token: string): unknown;
}

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce, good for 2^32 seals of a key: each purpose has a key of its own, which
 * also binds the token to it. `key`: 32 random bytes.
 */
export function pageTokens(key: Buffer): PageTokens {
  const root = createSecretKey(key);
  const derived = createLru<KeyObject>(mostKeys);

  function keyFor(purpose: readonly string[]): KeyObject {
    const name = `graph.page.${form}\n${JSON.stringify(purpose)}`;
    const known = derived.get(name) ?? createSecretKey(createHmac('sha256', root).update(name).digest());
    derived.set(name, known);
    return known;
  }

  function sealState(purpose: readonly string[], state: unknown): string {
    const nonce = nextNonce();
    const cipher = createCipheriv(algorithm, keyFor(purpose), nonce);
    const start = cipher.update(filledUp(JSON.stringify(state)));
    return Buffer.concat([nonce, start, cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  function openState(purpose: readonly string[], token: string): unknown {
    const bytes = Buffer.from(token, 'base64url');
    // Decoding passes over what is no base64url, and a token has one spelling only.
    if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== token) throw faults.badPageToken();
    const nonce = bytes.subarray(0, nonceBytes);
    const decipher = createDecipheriv(algorithm, keyFor(purpose), nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    const start = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
    return JSON.parse(Buffer.concat([start, ended(() => decipher.final())]).toString());
  }

  return {
    sealState,
    openState,
    seal: (request, tenantId, after) => sealState(purposeOf(request, tenantId), after),
    open(request, tenantId, token) {
      const after = openState(purposeOf(request, tenantId), token);
      if (typeof after !== 'string') throw faults.badPageToken();
      return after;
    },
  };
}

/** Nonces that are drawn at once: to ask for each took longer than to seal. */
const drawnAtOnce = 256;

function drawnNonces(): () => Buffer {
  let [drawn, at] = [Buffer.alloc(0), 0];
  return () => {
    if (at >= drawn.length) [drawn, at] = [randomBytes(drawnAtOnce * nonceBytes), 0];
    at += nonceBytes;
    return drawn.subarray(at - nonceBytes, at);
  };
}

const nextNonce = drawnNonces();

/** JSON may have blanks behind it. */
function filledUp(json: string): Buffer {
  const length = Buffer.byteLength(json);
  return Buffer.alloc(Math.ceil(length / blockBytes) * blockBytes, ' ').fill(json, 0, length);
}

function ended(final: () => Buffer): Buffer {
  try {
    return final();
  } catch (cause) {
    throw faults.badPageToken({}, cause);
  }
}

/** What a page's token is bound to. The options are named as parsed, so their spelling and order in the URL do not matter. */
function purposeOf({ version, segments, options }: GraphRequest, tenantId: string): readonly string[] {
  const query = [...options].filter(([name]) => name !== '$skiptoken').sort(([a], [b]) => (a < b ? -1 : 1));
  return ['page', JSON.stringify([tenantId, version, segments.map(({ text }) => text), query])];
}
