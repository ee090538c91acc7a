import { createHash } from 'node:crypto';
import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { createLru } from '../../kernel/index.ts';

/** By what the server proves to another who it is: PEM, the certificate with those that signed it. */
export interface ClientCredentials {
  readonly cert: string;
  readonly key: string;
}

/** How a request gets a connection. */
export interface Connection {
  /** False: one of its own, closed afterwards. */
  readonly plain: PlainAgent | false;
  readonly secure: SecureAgent | false;
  readonly secureContext: SecureContext;
}

/** Purposes whose connections are kept; one more closes none, its connections only time out. */
const mostPurposes = 500;
/** Connections of one purpose at once; more requests wait for one, within their time. */
const mostConnections = 64;
/** How long a connection waits for the next request, in milliseconds; most servers say a shorter time themselves. */
const idleMilliseconds = 30_000;

const kept = { keepAlive: true, maxSockets: mostConnections, maxFreeSockets: 8, timeout: idleMilliseconds } as const;

/** Connections to servers outside, kept open per purpose, over TLS 1.2 at least (RFC 9325 §3.1.1). */
export function createConnections(authorities: readonly string[]) {
  const purposes = createLru<Connection>(mostPurposes);

  const contextFor = (credentials: ClientCredentials | undefined): SecureContext =>
    createSecureContext({
      minVersion: 'TLSv1.2',
      ...(credentials ? { cert: credentials.cert, key: credentials.key } : {}),
      // Reading the authorities of the system anew takes some milliseconds, so only where there are others besides.
      ...(authorities.length > 0 ? { ca: [...getCACertificates('default'), ...authorities] } : {}),
    });

  let nobody: SecureContext | undefined;
  /** For who proves nothing. */
  const anonymous = (): SecureContext => {
    nobody ??= contextFor(undefined);
    return nobody;
  };

  return {
    /** `purpose`: whose requests may follow one another on a connection; never those with other credentials. */
    for(purpose: string | undefined, credentials: ClientCredentials | undefined): Connection {
      const secureContext = credentials ? undefined : anonymous();
      if (purpose === undefined) {
        return { plain: false, secure: false, secureContext: secureContext ?? contextFor(credentials) };
      }
      const proof = credentials ? `${credentials.cert}\n${credentials.key}` : '';
      const key = `${purpose} ${createHash('sha256').update(proof).digest('base64')}`;
      const known = purposes.get(key);
      if (known) return known;
      const made: Connection = {
        plain: new PlainAgent(kept),
        secure: new SecureAgent(kept),
        secureContext: secureContext ?? contextFor(credentials),
      };
      purposes.set(key, made);
      return made;
    },
  };
}
