import { X509Certificate } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { getCACertificates } from 'node:tls';
import { type Config, Fault, maskedUrl } from '../../kernel/index.ts';
import { allTypes } from '../../model/index.ts';
import { type Inspection, inspectDatabase, isInOrder } from '../../store/index.ts';
import { databaseExists } from '../data-folder.ts';
import { ownName } from '../own-name.ts';
import { checkSealedAtRest } from '../sealed.ts';
import { type CertificateFiles, readOwnCertificate } from '../tls/own-certificate.ts';
import { readCertificate } from '../tls/read-certificate.ts';
import { type Finding, fail, ok, warn } from './check.ts';

const day = 86_400_000;

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function allows(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

export function checkFolder(folder: string): Finding {
  const existing = nearestExisting(folder);
  if (!allows(existing, constants.W_OK)) {
    return fail('data', `${existing} is not writable`, 'Give this user the right to write there, or use --data.');
  }
  if (!statSync(existing).isDirectory()) return fail('data', `${existing} is no folder`, 'Use --data with a folder.');
  if (!existsSync(folder)) return ok('data', `${folder} will be made at the first start`);
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

const replaced = "The next start of 'usher dev' replaces it.";

export function checkCertificate(folder: string, now: number = Date.now()): Finding {
  const path = join(folder, 'tls', 'server.pem');
  if (!existsSync(path)) return ok('certificate', 'will be made at the first start');
  const certificate = readCertificate(path);
  if (!certificate) return warn('certificate', `${path} cannot be read`, replaced);
  const { validTo, validFrom } = certificate;
  if (Date.parse(validFrom) > now) return fail('certificate', `is not valid before ${validFrom}`, 'Set the clock.');
  const days = Math.floor((Date.parse(validTo) - now) / day);
  if (days < 0) return warn('certificate', `ended ${validTo}`, replaced);
  return ok('certificate', `valid for ${days} more days`);
}

/** That of production. */
export function checkOwnCertificate(files: CertificateFiles, now: number = Date.now()): Finding {
  try {
    const { validTo } = new X509Certificate(readOwnCertificate(files, now).cert);
    const words = `${files.cert} is valid until ${validTo}`;
    const isShort = Date.parse(validTo) - now < 14 * day;
    return isShort
      ? warn('certificate', words, 'Renew it; a running server takes the new one by itself.')
      : ok('certificate', words);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return fail('certificate', error.message, 'Correct --tls-cert and --tls-key, or renew the certificate.');
  }
}

export function checkTrust(folder: string): readonly Finding[] {
  const path = join(folder, 'tls', 'ca.pem');
  if (!existsSync(path)) return [];
  const own = readCertificate(path)?.fingerprint256;
  if (own === undefined) return [warn('trust', `${path} cannot be read`, replaced)];
  const trusted = [...getCACertificates('extra'), ...getCACertificates('system')];
  const found = trusted.some((pem) => new X509Certificate(pem).fingerprint256 === own);
  if (found) return [ok('trust', 'this Node.js or this system trusts the development CA')];
  const cure = `Browsers: ${ownName} trust. Node.js programs: NODE_EXTRA_CA_CERTS=${path}`;
  return [warn('trust', 'the development CA is not trusted here', cure)];
}

const states: Readonly<Record<Inspection['state'], string>> = {
  current: 'is sound',
  newer: 'is sound, and has tables of a later version, on which this one may work',
  other: 'is sound, and the next start changes its tables',
  empty: 'will be filled at the first start',
};

/** What was found in the database. */
export interface Examined {
  readonly findings: readonly Finding[];
  /** It can be opened, and that changes nothing. */
  readonly current: boolean;
}

export async function checkDatabase(url: string): Promise<Examined> {
  const shown = maskedUrl(url);
  try {
    const found = await inspectDatabase(url, allTypes());
    if (!found) return { findings: [ok('database', `${shown} will be made at the first start`)], current: false };
    const { about, state, defects } = found;
    const findings = defects.map(({ words, cure, minor }) =>
      (minor ? warn : fail)('database', `${shown}: ${words}`, cure),
    );
    if (defects.some(({ minor }) => !minor)) return { findings, current: false };
    const sound = ok('database', `${shown} ${states[state]} (${about})`);
    return { findings: [sound, ...findings], current: isInOrder(state) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { words, cure } = error.data;
    const told = typeof words === 'string' && typeof cure === 'string';
    const finding = told ? fail('database', `${shown}: ${words}`, cure) : fail('database', error.message, cureOf(url));
    return { findings: [finding], current: false };
  }
}

function cureOf(url: string): string {
  if (!url.startsWith('sqlite:')) return 'Correct --database or USHER_DATABASE.';
  const file = url.slice('sqlite:'.length);
  if (!allows(file, constants.R_OK)) return `Let this user read ${file}.`;
  return 'Restore a copy, or move the file away to start afresh.';
}

/** Whether the key opens what is stored. A server that has the database open checked that when it started. */
export async function checkSecrets(config: Config): Promise<readonly Finding[]> {
  const path = join(resolve(config.data), 'secret.key');
  if (config.memory || !databaseExists(config) || !(config.encryptionKey || allows(path, constants.R_OK))) return [];
  const key = config.encryptionKey ?? Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32)
    return [fail('secrets', `${path} holds no key of 32 bytes in base64`, 'Put the right key back.')];
  try {
    await checkSealedAtRest(config, key);
    return [ok('secrets', 'the key opens what is stored')];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code === 'store.unusable') return [];
    return [fail('secrets', error.message, 'Restore the key and the database from the same copy.')];
  }
}
