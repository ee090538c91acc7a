import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTls } from '../../src/cli/tls/tls-files.ts';

/** What a floor that serves says when it is ready. */
export interface Serving {
  readonly https: string;
  readonly http: string;
  /** PEM of whom to trust. */
  readonly ca: string;
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

/**
 * Makes this process a floor that serves, over TLS with such a certificate as the server makes for itself, and beside it over plain HTTP.
 * `listenerOf` is given the origin of each.
 */
export async function serving(
  listenerOf: (origin: string) => RequestListener | Promise<RequestListener>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-floor-'));
  const { tls, caFile } = openTls(folder, []);
  const ca = readFileSync(caFile, 'utf8');
  rmSync(folder, { recursive: true, force: true });
  const [secure, plain] = [createSecureServer({ ...tls, minVersion: 'TLSv1.2' }), createServer()];
  const https = `https://localhost:${await listening(secure)}`;
  const http = `http://localhost:${await listening(plain)}`;
  secure.on('request', await listenerOf(https));
  plain.on('request', await listenerOf(http));
  process.once('disconnect', () => process.exit());
  process.send?.({ https, http, ca } satisfies Serving);
}
