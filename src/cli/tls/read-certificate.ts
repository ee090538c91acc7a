import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The certificate in a PEM file; undefined when the file is damaged or may not be read. */
export function readCertificate(path: string): X509Certificate | undefined {
  try {
    return new X509Certificate(readFileSync(path));
  } catch {
    return undefined;
  }
}
