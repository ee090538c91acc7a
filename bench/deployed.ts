import { randomBytes } from 'node:crypto';
import { type Deployment, writeCertificate } from '../test/support/serve.ts';
import { temporaryFolder } from '../test/support/usher.ts';

let certificate: ReturnType<typeof writeCertificate> | undefined;

/** A key of its own for the servers of one database. All share a certificate: a client that trusts several for one name takes any of them. */
export function deploymentOf(database: string): Deployment {
  certificate ??= writeCertificate(temporaryFolder());
  return { database, key: randomBytes(32).toString('hex'), ...certificate };
}
