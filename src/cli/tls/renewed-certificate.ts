import { unwatchFile, watchFile } from 'node:fs';
import type { Tls } from '../../http/index.ts';
import type { Observe } from '../../kernel/index.ts';
import { type CertificateFiles, readOwnCertificate } from './own-certificate.ts';

/** The files are looked at this often, in milliseconds: asking for their times works on every kind of file system and through links. */
const interval = 5_000;

export interface CertificateWatch {
  /** Reads the files now. */
  look(): void;
  close(): void;
}

/**
 * Hands over the certificate whenever its files hold another one. What cannot be used, e.g. while only one of the two files has been replaced, is
 * told, and the one before stays.
 */
export function watchCertificate(
  files: CertificateFiles,
  { shown, renew, observe }: { readonly shown: Tls; readonly renew: (tls: Tls) => void; readonly observe: Observe },
): CertificateWatch {
  let { cert, key } = shown;
  function look(): void {
    try {
      const found = readOwnCertificate(files);
      if (found.cert === cert && found.key === key) return;
      renew(found);
      ({ cert, key } = found);
      observe({ kind: 'server.certificateRenewed' });
    } catch (error) {
      observe({ kind: 'warning', message: 'The certificate was not renewed; the one before stays in use.', error });
    }
  }
  const paths = [files.cert, files.key];
  for (const path of paths) watchFile(path, { interval, persistent: false }, look);
  return {
    look,
    close() {
      for (const path of paths) unwatchFile(path, look);
    },
  };
}
