import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { flawOfOutsideUrl } from '../kernel/index.ts';
import type { EntityOf, entities } from '../model/index.ts';
import { faults } from './faults.ts';

type Settings = EntityOf<typeof entities.application>['settings'];

/** Keys of one set: those in use, and those of the rotation before and after. */
const mostKeys = 20;

/** Members that only private and symmetric keys have (RFC 7518 §6.2.2, §6.3.2, §6.4). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** What the declaration of `usher.applicationSettings` cannot say. Throws `identity.badSetting`. */
export function checkSettings({ jwks, jwksUri, backChannelLogoutUri }: Settings): void {
  const flaw = jwks ? flawOfKeySet(jwks) : undefined;
  if (flaw !== undefined) throw faults.badSetting({ property: 'settings/jwks', reason: flaw });
  for (const [name, url] of Object.entries({ jwksUri, backChannelLogoutUri })) {
    const reason = url ? flawOfOutsideUrl(url) : undefined;
    if (reason !== undefined) throw faults.badSetting({ property: `settings/${name}`, reason });
  }
}

function flawOfKeySet(text: string): string | undefined {
  const keys = keysOf(text);
  if (!keys) return 'it is not a JSON Web Key Set';
  if (keys.length > mostKeys) return `it has more than ${mostKeys} keys`;
  for (const key of keys) {
    if (privateMembers.some((name) => name in key)) return 'it holds a private key';
    if (!isPublicKey(key)) return 'it holds something that is not a public key of type RSA, EC or OKP';
  }
  return undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function keysOf(text: string): readonly Readonly<Record<string, unknown>>[] | undefined {
  try {
    const set: unknown = JSON.parse(text);
    const keys = isObject(set) ? set['keys'] : undefined;
    return Array.isArray(keys) && keys.length > 0 && keys.every(isObject) ? keys : undefined;
  } catch {
    return undefined;
  }
}

function isPublicKey(key: Readonly<Record<string, unknown>>): boolean {
  try {
    return createPublicKey({ key: key as JsonWebKey, format: 'jwk' }).type === 'public';
  } catch {
    return false;
  }
}
