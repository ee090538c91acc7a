import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Tls } from '../../http/index.ts';
import { createAuthority, type Issued, issueCertificate } from './certificate.ts';

/** A certificate is replaced when it is valid for less than this, in milliseconds. */
const renewBefore = 30 * 86_400_000;

/** Every name of the own machine (RFC 6761 §6.3). */
const loopbackHosts = ['localhost', '*.localhost', '127.0.0.1', '::1'] as const;

export interface TlsFiles {
  readonly tls: Tls;
  /** What clients must trust. */
  readonly caFile: string;
  /** True when the authority is new, so that whoever trusted an older one must trust again. */
  readonly newAuthority: boolean;
}

/** Written beside and renamed, so that a crash leaves no half of a key. */
function write(path: string, content: string, mode: number): void {
  writeFileSync(`${path}.new`, content, { mode });
  renameSync(`${path}.new`, path);
}

function read(folder: string, name: string): Issued | undefined {
  const [certPath, keyPath] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  if (!existsSync(certPath) || !existsSync(keyPath)) return undefined;
  const issued = { cert: readFileSync(certPath, 'utf8'), key: readFileSync(keyPath, 'utf8') };
  return belongTogether(issued) ? issued : undefined;
}

/** False for damaged files too: they are replaced, not a reason to stop. */
function belongTogether({ cert, key }: Issued): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function save(folder: string, name: string, { cert, key }: Issued): Issued {
  write(join(folder, `${name}-key.pem`), key, 0o600);
  write(join(folder, `${name}.pem`), cert, 0o644);
  return { cert, key };
}

const valid = (cert: string, now: number): boolean => Date.parse(new X509Certificate(cert).validTo) - now > renewBefore;

function covers(cert: string, host: string): boolean {
  const certificate = new X509Certificate(cert);
  if (isIP(host) !== 0) return certificate.checkIP(host) !== undefined;
  return (certificate.subjectAltName ?? '').split(', ').includes(`DNS:${host}`);
}

function usable(server: Issued | undefined, authority: Issued, hosts: readonly string[], now: number): boolean {
  if (server === undefined || !valid(server.cert, now)) return false;
  const issuedHere = new X509Certificate(server.cert).verify(new X509Certificate(authority.cert).publicKey);
  return issuedHere && hosts.every((host) => covers(server.cert, host));
}

/**
 * The development CA and server certificate in `folder`, made when missing, nearly expired or damaged; a certificate that
 * lacks a host of `publicUrls` is issued again. The authority may sign for the loopback names and for the public hosts it
 * was made for only, so a new public host makes a new authority.
 */
export function openTls(folder: string, publicUrls: readonly string[], now: number = Date.now()): TlsFiles {
  const publicHosts = publicUrls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''));
  const hosts = [...new Set([...loopbackHosts, ...publicHosts])];
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const server = read(folder, 'server');
  const kept = read(folder, 'ca');
  if (kept && server && usable(server, kept, hosts, now)) {
    return { tls: server, caFile: join(folder, 'ca.pem'), newAuthority: false };
  }
  const covered = readHosts(folder);
  const reusable = kept !== undefined && valid(kept.cert, now) && hosts.every((host) => covered.includes(host));
  const authority = reusable ? kept : save(folder, 'ca', createAuthority(hosts, now));
  if (!reusable) write(join(folder, 'hosts.json'), JSON.stringify(hosts), 0o644);
  const issued = issueCertificate(authority, hosts, now);
  return { tls: save(folder, 'server', issued), caFile: join(folder, 'ca.pem'), newAuthority: !reusable };
}

/** The hosts the authority may sign for, which Node cannot read from its certificate. */
function readHosts(folder: string): readonly string[] {
  const path = join(folder, 'hosts.json');
  try {
    const hosts: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(hosts) ? hosts.map(String) : [];
  } catch {
    return [];
  }
}
