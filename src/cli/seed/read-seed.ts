import { readFileSync, statSync } from 'node:fs';
import { faults } from '../faults.ts';
import type { Seed } from './load-seed.ts';

const largestBytes = 16_777_216;

/** Reads a seed file, JSON when its name says so, else YAML 1.2. Throws `cli.unreadableSeed`. */
export async function readSeed(path: string): Promise<Seed> {
  try {
    if (statSync(path).size > largestBytes) throw new RangeError(`it is larger than ${largestBytes} bytes`);
    const text = readFileSync(path, 'utf8');
    return { origin: path, content: path.endsWith('.json') ? JSON.parse(text) : (await import('yaml')).parse(text) };
  } catch (cause) {
    throw faults.unreadableSeed({ path, reason: reasonOf(cause) }, cause);
  }
}

/** The first line as a sentence; the parser of YAML ends it in a colon, since it goes on to show the place. */
function reasonOf(cause: unknown): string {
  const [first = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1);
  return `${first.replace(/[:.]\s*$/, '')}.`;
}
