import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Tls } from '../../http/index.ts';
import { faults } from '../faults.ts';

/** Where an operator keeps certificate and key; PEM. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Why something cannot be used: Node's own words without the path, which is told already. */
const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message.replace(/, open .*$/, '') : '');

/** Reads both files. Throws `cli.unusableCertificate`, also for a key of another certificate and for one that has ended. */
export function readOwnCertificate({ cert: path, key: keyPath }: CertificateFiles, now: number = Date.now()): Tls {
  const reading = <T>(file: string, read: () => T): T => {
    try {
      return read();
    } catch (cause) {
      throw faults.unusableCertificate({ path: file, reason: reasonOf(cause) }, cause);
    }
  };
  const cert = reading(path, () => readFileSync(path, 'utf8'));
  const key = reading(keyPath, () => readFileSync(keyPath, 'utf8'));
  const [certificate, secret] = [
    reading(path, () => new X509Certificate(cert)),
    reading(keyPath, () => createPrivateKey(key)),
  ];
  const refuse = (reason: string) => faults.unusableCertificate({ path, reason });
  if (!certificate.checkPrivateKey(secret)) throw refuse(`the key in '${keyPath}' belongs to another one`);
  if (Date.parse(certificate.validTo) < now) throw refuse(`it ended ${certificate.validTo}`);
  return { cert, key };
}
