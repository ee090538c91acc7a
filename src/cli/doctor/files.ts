import { X509Certificate } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { Fault } from '../../kernel/index.ts';
import { inspectDatabase } from '../../store/index.ts';
import { ownName } from '../own-name.ts';
import { type Finding, fail, ok, warn } from './check.ts';

const day = 86_400_000;

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export function checkFolder(folder: string): Finding {
  const existing = nearestExisting(folder);
  if (!writable(existing)) {
    return fail('data', `${existing} is not writable`, 'Give this user the right to write there, or use --data.');
  }
  if (!existsSync(folder)) return ok('data', `${folder} will be made at the first start`);
  if (!statSync(folder).isDirectory()) return fail('data', `${folder} is no folder`, 'Use --data with a folder.');
  return ok('data', `${folder} is writable`);
}

/** Windows keeps rights elsewhere, and Node reports none of them. */
export function checkKey(folder: string): readonly Finding[] {
  const path = join(folder, 'secret.key');
  if (!existsSync(path)) return [];
  const open = process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
  if (open) return [fail('key', `${path} can be read by others`, `chmod 600 ${path}`)];
  return [ok('key', `${path} is readable by its owner only`)];
}

export function checkCertificate(folder: string, now: number = Date.now()): Finding {
  const path = join(folder, 'tls', 'server.pem');
  if (!existsSync(path)) return ok('certificate', 'will be made at the first start');
  const { validTo, validFrom } = new X509Certificate(readFileSync(path));
  if (Date.parse(validFrom) > now) return fail('certificate', `is not valid before ${validFrom}`, 'Set the clock.');
  const days = Math.floor((Date.parse(validTo) - now) / day);
  if (days < 0) return warn('certificate', `ended ${validTo}`, "The next start of 'usher dev' renews it.");
  return ok('certificate', `valid for ${days} more days`);
}

export function checkTrust(folder: string): readonly Finding[] {
  const path = join(folder, 'tls', 'ca.pem');
  if (!existsSync(path)) return [];
  const own = new X509Certificate(readFileSync(path)).fingerprint256;
  const trusted = [...getCACertificates('extra'), ...getCACertificates('system')];
  const found = trusted.some((pem) => new X509Certificate(pem).fingerprint256 === own);
  if (found) return [ok('trust', 'this Node.js or this system trusts the development CA')];
  const cure = `Browsers: ${ownName} trust. Node.js programs: NODE_EXTRA_CA_CERTS=${path}`;
  return [warn('trust', 'the development CA is not trusted here', cure)];
}

export async function checkDatabase(url: string): Promise<Finding> {
  try {
    const findings = await inspectDatabase(url);
    if (findings === undefined) return ok('database', `${url} will be made at the first start`);
    const [first] = findings;
    if (first === undefined) return ok('database', `${url} is sound`);
    return fail('database', `${url} is damaged: ${first}`, 'Stop the server and restore a copy.');
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return fail('database', error.message, 'Restore a copy, or move the file away to start afresh.');
  }
}
