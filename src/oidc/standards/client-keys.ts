import { createHash, X509Certificate } from 'node:crypto';
import type { Clock } from '../../kernel/index.ts';
import { type Application, inForce } from '../clients.ts';
import { type ClientKey, keysOfSet } from './key-set.ts';
import type { RemoteKeys } from './remote-keys.ts';

const thumbprint = (hash: 'sha1' | 'sha256', raw: Buffer): Buffer => createHash(hash).update(raw).digest();

type Credential = Application['keyCredentials'][number];

/** Microsoft's libraries name a certificate by `x5t`, `x5t#S256`, or its thumbprint in hexadecimal as `kid`. */
function fromCertificate({ key, keyId, customKeyIdentifier }: Credential): readonly ClientKey[] {
  try {
    const { raw, publicKey } = new X509Certificate(Buffer.from(key ?? '', 'base64'));
    const short = thumbprint('sha1', raw);
    const spelled = [short.toString('hex').toUpperCase(), short.toString('base64url')];
    const names = [...spelled, thumbprint('sha256', raw).toString('base64url'), keyId, customKeyIdentifier];
    return [{ key: publicKey, names: names.flatMap((name) => name ?? []) }];
  } catch {
    return [];
  }
}

const isNamed = ({ names }: ClientKey, asked: readonly string[]): boolean =>
  names.length === 0 || asked.length === 0 || names.some((name) => asked.includes(name));

/**
 * The keys that an application signs its assertions with, as far as a JWT header may mean them: certificates in force, the set
 * registered, and, when none of those is meant, the set it publishes.
 */
export async function keysFor(
  { keyCredentials, settings: { jwks, jwksUri } }: Application,
  { kid, x5t, 'x5t#S256': x5ts256 }: Readonly<Record<string, unknown>>,
  { clock, remoteKeys }: { readonly clock: Clock; readonly remoteKeys: RemoteKeys },
): Promise<readonly ClientKey[]> {
  const asked = [kid, x5t, x5ts256].filter((name) => typeof name === 'string');
  const now = clock.now();
  const certificates = keyCredentials.filter((one) => one.usage === 'Verify' && inForce(one, now));
  const known = [...certificates.flatMap(fromCertificate), ...(jwks ? keysOfSet(jwks) : [])];
  const meant = known.filter((key) => isNamed(key, asked));
  if (meant.length > 0 || !jwksUri) return meant;
  return (await remoteKeys.find(jwksUri, (key) => isNamed(key, asked))).filter((key) => isNamed(key, asked));
}
