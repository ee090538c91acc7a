import type { IncomingMessage } from 'node:http';
import { faults } from './faults.ts';

/** What the request announces, in bytes; undefined with chunked encoding or no body. Node refuses anything but digits. */
function announced(request: IncomingMessage): number | undefined {
  const length = request.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

/**
 * Collects the body. Throws `http.tooLarge` before reading when the announced length is beyond the limit, and as soon as
 * more than that has come; `http.aborted` when the peer goes away or is too slow.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if ((announced(request) ?? 0) > limitBytes) return Promise.reject(faults.tooLarge({ limit: limitBytes }));
  if (request.destroyed && !request.readableEnded) return Promise.reject(faults.aborted());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onError);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= limitBytes) return;
      stop();
      request.pause();
      reject(faults.tooLarge({ limit: limitBytes }));
    };
    const onEnd = (): void => {
      stop();
      resolve(Buffer.concat(chunks, size));
    };
    const onClose = (): void => {
      stop();
      reject(faults.aborted());
    };
    const onError = (error: Error): void => {
      stop();
      // A late error event must find a listener, else it ends the process.
      request.on('error', () => undefined);
      reject(faults.aborted({}, error));
    };
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onError);
  });
}

/** Reads at most once: later calls give the same bytes, or the same fault. */
export function bodyOnce(request: IncomingMessage, limitBytes: number): () => Promise<Buffer> {
  let reading: Promise<Buffer> | undefined;
  return () => {
    reading ??= readBody(request, limitBytes);
    return reading;
  };
}
