import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** A public key of a client with the names that a JWT header may call it by. */
export interface ClientKey {
  readonly key: KeyObject;
  /** `kid`, and of certificates their thumbprints; empty: it has no name and is tried whatever the header says. */
  readonly names: readonly string[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Most keys that are taken from one set. */
const mostKeys = 20;

function fromJwk(jwk: Readonly<Record<string, unknown>>): readonly ClientKey[] {
  const { kid, use } = jwk;
  if (use !== undefined && use !== 'sig') return [];
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    return [{ key, names: typeof kid === 'string' ? [kid] : [] }];
  } catch {
    return [];
  }
}

/** The keys of a JSON Web Key Set that can be used; what is no set has none. */
export function keysOfSet(text: string): readonly ClientKey[] {
  try {
    const set: unknown = JSON.parse(text);
    const keys = isRecord(set) ? set['keys'] : undefined;
    return Array.isArray(keys) ? keys.filter(isRecord).slice(0, mostKeys).flatMap(fromJwk) : [];
  } catch {
    return [];
  }
}
