import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { faults } from './faults.ts';

/** Certificates in a PEM file (RFC 7468 §5). */
const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function certificatesIn(path: string): readonly string[] {
  try {
    const found = readFileSync(path, 'utf8').match(certificate) ?? [];
    for (const one of found) new X509Certificate(one);
    return found;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw faults.unusableAuthorities({ path, reason }, cause);
  }
}

/** The certificates of authorities in PEM files. Throws `cli.unusableAuthorities`, also for a file without any. */
export const outsideAuthorities = (paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) => {
    const found = certificatesIn(path);
    if (found.length === 0) throw faults.unusableAuthorities({ path, reason: 'there is no certificate in it' });
    return found;
  });
