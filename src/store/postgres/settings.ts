import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { maskedUrl } from '../../kernel/index.ts';
import { faults } from '../faults.ts';

/** Where a server listens, and how a connection to it is protected. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly tls: ConnectionOptions | false;
}

/** What a `postgres://` URL says. */
export interface Settings {
  /** Of the servers, at least one; whichever of them takes writes is used. */
  readonly places: readonly Place[];
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly applicationName: string;
  /** Holds all tables; made when absent. */
  readonly schema: string;
  /** Connections for reading, and as many for writing. */
  readonly poolSize: number;
  /** How long anybody waits for a free connection, or for a new one to be made. */
  readonly connectTimeoutSeconds: number;
  /** The URL as it may be told. */
  readonly shown: string;
}

/** A password with a sign that ends the host part makes another URL of it. */
const form = 'Use postgres://USER:PASSWORD@HOST:PORT/DATABASE, with / ? # and % in the password percent-encoded.';
const schemes = ['postgres:', 'postgresql:'];
const loopback = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);
const numbers = {
  pool_size: { least: 1, usual: 10, most: 200 },
  connect_timeout: { least: 1, usual: 5, most: 60 },
} as const;
const files = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'];
const texts = [...files, 'application_name', 'schema', 'host', 'target_session_attrs'];
const names = [...texts, ...Object.keys(numbers)];
/** A primary and its standbys. */
const mostHosts = 8;

type Refuse = (reason: string, cause?: unknown) => Error;

/** The same URL once for each of its hosts, which libpq's form parts by commas and no URL may hold. */
function singlyHosted(url: string): readonly string[] {
  const [, before = '', hosts = '', behind = ''] = /^([a-z]+:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/is.exec(url) ?? [];
  return before === '' ? [url] : hosts.split(',').map((host) => `${before}${host}${behind}`);
}

/** A folder of sockets does not fit in front of the path of a URL, so it is a parameter. */
function hostsOf(urls: readonly URL[], named: string | null): readonly Omit<Place, 'tls'>[] {
  const placed = urls.map(({ hostname, port }) => ({
    host: decode(hostname.replace(/^\[|\]$/g, '')) || 'localhost',
    port: port === '' ? 5432 : Number(port),
  }));
  const [first] = placed;
  return named === null || !first ? placed : named.split(',').map((host) => ({ ...first, host }));
}

function placesOf(urls: readonly URL[], given: URLSearchParams, refuse: Refuse): readonly Place[] {
  const wish = given.get('target_session_attrs') ?? 'read-write';
  if (wish !== 'read-write') throw refuse('its target_session_attrs can only be read-write.');
  const hosts = hostsOf(urls, given.get('host'));
  if (hosts.length > mostHosts) throw refuse(`it names more than ${mostHosts} hosts.`);
  return hosts.map((place) => ({ ...place, tls: tlsOf(given, place.host, refuse) }));
}

/** Reads the URL. Throws `store.unusable` in plain words. */
export function settingsOf(url: string): Settings {
  const shown = maskedUrl(url);
  const refuse: Refuse = (reason, cause) => faults.unusable({ url: shown, reason }, cause);
  const single = singlyHosted(url);
  if (!single.every((one) => URL.canParse(one))) throw refuse(`it is no URL. ${form}`);
  const urls = single.map((one) => new URL(one));
  const [parsed = new URL(url)] = urls;
  if (!schemes.includes(parsed.protocol)) throw refuse('it does not begin with postgres://.');
  const given = parsed.searchParams;
  const unknown = [...given.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) throw refuse(`it has no parameter '${unknown}'. There are ${names.join(', ')}.`);
  const user = decode(parsed.username);
  if (user === '') throw refuse(`it names no user. ${form}`);
  const schema = given.get('schema') ?? 'usher';
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw refuse("its schema must be lower-case letters, digits and '_', at most 63.");
  }
  const numberOf = (name: keyof typeof numbers) => {
    const { least, usual, most } = numbers[name];
    const value = Number(given.get(name) ?? usual);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw refuse(`its ${name} must be a whole number from ${least} to ${most}.`);
  };
  return {
    places: placesOf(urls, given, refuse),
    database: decode(parsed.pathname.slice(1)) || user,
    user,
    password: decode(parsed.password),
    applicationName: given.get('application_name') ?? 'usher',
    schema,
    poolSize: numberOf('pool_size'),
    connectTimeoutSeconds: numberOf('connect_timeout'),
    shown,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * `sslmode` with libpq's words. Without one, a connection that leaves this machine is encrypted and the server's certificate
 * must be valid for its name, since a password travels on it.
 */
function tlsOf(given: URLSearchParams, host: string, refuse: Refuse): Place['tls'] {
  const local = loopback.has(host) || host.startsWith('/');
  const mode = given.get('sslmode') ?? (local && !given.has('sslrootcert') ? 'disable' : 'verify-full');
  const file = (name: string) => {
    const path = given.get(name);
    try {
      return path === null ? undefined : readFileSync(path, 'utf8');
    } catch (cause) {
      throw refuse(`its ${name} '${path}' cannot be read.`, cause);
    }
  };
  const [ca, cert, key] = [file('sslrootcert'), file('sslcert'), file('sslkey')];
  const pems = { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
  const modes: Readonly<Record<string, ConnectionOptions | false>> = {
    disable: false,
    require: { ...pems, rejectUnauthorized: false },
    'verify-ca': { ...pems, rejectUnauthorized: true, checkServerIdentity: () => undefined },
    'verify-full': { ...pems, rejectUnauthorized: true },
  };
  const found = Object.hasOwn(modes, mode) ? modes[mode] : undefined;
  if (found === undefined) throw refuse(`its sslmode must be one of ${Object.keys(modes).join(', ')}.`);
  return found;
}
