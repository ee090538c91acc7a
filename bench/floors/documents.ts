import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConnection } from '../client/connection.ts';
import { lanes, type Subject } from '../measure.ts';
import { foreignFloor, type ServingFloor, unmeasured } from './start.ts';

export interface DocumentFloor {
  /** Sends the document, over TLS and over plain HTTP; keys: `tls {key}` and `plain {key}`. */
  readonly subjects: readonly Subject[];
  readonly why?: string;
  close(): Promise<void>;
}

/** Fastify that sends one document, of so many bytes as ours; no subjects where it cannot be had. */
export async function documentFloor(key: string, text: string, type: string, atOnce: number): Promise<DocumentFloor> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-bench-'));
  const file = join(folder, 'document');
  writeFileSync(file, text);
  const floor = await foreignFloor('document', [file, type]);
  const subject = (floor: ServingFloor, over: string, origin: string, key: string): Subject => ({
    key,
    name: `floor: Fastify, ${over}, the same ${sizeOf(text)}`,
    pid: floor.pid,
    run: lanes(atOnce, () => {
      const connection = openConnection(origin, floor.ca);
      return async () => void (await connection.ask({ path: '/document' }));
    }),
  });
  return {
    ...unmeasured(floor),
    subjects: floor
      ? [subject(floor, 'TLS', floor.https, `tls ${key}`), subject(floor, 'plain HTTP', floor.http, `plain ${key}`)]
      : [],
    async close() {
      await floor?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const sizeOf = (text: string): string => `${(Buffer.byteLength(text) / 1024).toFixed(1)} KB`;
