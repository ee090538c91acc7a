import { Duplex } from 'node:stream';
import { connect } from 'node:tls';

/** What a TLS client says first (RFC 8446 §4.1.2). */
export function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const write = (chunk: Buffer, _encoding: unknown, done: () => void): void => {
      resolve(chunk);
      done();
    };
    connect({ socket: new Duplex({ read() {}, write }) });
  });
}
