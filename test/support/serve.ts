import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateFor } from './certificate.ts';
import { freePort } from './free-port.ts';
import { launch, startUsher, temporaryFolder, type Usher } from './usher.ts';

/** What all servers on one database share. */
export interface Deployment {
  /** `sqlite:PATH` or `postgres://…`. */
  readonly database: string;
  /** 32 bytes in hexadecimal. */
  readonly key: string;
  /** A certificate for `localhost` that signs itself, and its key; paths of PEM files. */
  readonly certificate: string;
  readonly certificateKey: string;
}

/** Writes a certificate for `localhost`; the same paths again replace it. */
export function writeCertificate(folder: string): Pick<Deployment, 'certificate' | 'certificateKey'> {
  const [certificate, certificateKey] = [join(folder, 'server.pem'), join(folder, 'server-key.pem')];
  const made = certificateFor('localhost');
  writeFileSync(certificateKey, made.key, { mode: 0o600 });
  writeFileSync(certificate, made.certificate);
  return { certificate, certificateKey };
}

/** A database with tables and the seeded tenant (which only development mode makes), as an operator would bring one along. Absent: a SQLite file. */
export async function deployment(database?: string): Promise<Deployment> {
  const folder = temporaryFolder();
  const key = randomBytes(32).toString('hex');
  const url = database ?? `sqlite:${join(folder, 'usher.db')}`;
  const args = ['--encryption-key', key];
  const first = await startUsher({ data: folder, database: async () => url, args });
  await first.stop();
  return { database: url, key, ...writeCertificate(folder) };
}

export interface ServeOptions {
  /** What people reach it by, e.g. the address of a balancer; absent: `https://localhost` and its own port. */
  readonly publicUrl?: string;
  readonly port?: number;
  readonly args?: readonly string[];
  /** Where the program lies; absent: here. */
  readonly folder?: string;
}

/** The flags that a server of the deployment needs. */
export const serveFlags = ({ database, key, certificate, certificateKey }: Deployment): readonly string[] => [
  ...['--database', database, '--encryption-key', key],
  ...['--tls-cert', certificate, '--tls-key', certificateKey],
];

/** Starts `usher serve` and trusts its certificate in this process. Rejects with its output when it does not come up. */
export async function startServe(deployed: Deployment, options: ServeOptions = {}): Promise<Usher> {
  const port = options.port ?? (options.publicUrl === undefined ? await freePort() : 0);
  const publicUrl = options.publicUrl ?? `https://localhost:${port}`;
  const listen = ['--port', String(port), '--public-url', publicUrl, '--json'];
  const command = ['serve', ...listen, ...serveFlags(deployed), ...(options.args ?? [])];
  return launch(command, '', deployed.certificate, [], options.folder);
}
