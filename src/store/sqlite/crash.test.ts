import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { silent, systemClock } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import type { Store } from '../store.ts';
import { sqliteDatabase } from './sqlite.ts';

const rounds = 20;
const longestLifeMilliseconds = 120;
/** Decides when each writer is killed, and is told with every failure: put the number here to repeat a run. */
const seed = randomInt(2 ** 32);
const folder = mkdtempSync(join(tmpdir(), 'usher-crash-'));
after(() => rmSync(folder, { recursive: true }));
const url = `sqlite:${join(folder, 'crash.db')}`;

/** How long a round's writer lives after its first acknowledged write, spread evenly by the seed. */
function lifeMilliseconds(round: number): number {
  return (createHash('sha256').update(`${seed} ${round}`).digest().readUInt32BE() / 2 ** 32) * longestLifeMilliseconds;
}

/** Starts the writer, kills it with SIGKILL some time after its first acknowledged write, returns what it had acknowledged. */
function killedAfterAWhile(first: number, afterMilliseconds: number): Promise<readonly number[]> {
  const script = fileURLToPath(new URL('../testing/crash-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [script, url, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stdout.once('data', () => {
    setTimeout(() => child.kill('SIGKILL'), afterMilliseconds);
  });
  return new Promise((resolve, reject) => {
    child.on('close', (_, signal) => {
      // The last line may have been cut by the kill.
      const lines = output.split('\n').slice(0, -1);
      if (signal === 'SIGKILL') resolve(lines.map(Number));
      else reject(new Error(`The writer ended by itself: ${signal}`));
    });
  });
}

test('kill -9: after twenty kills at any moment every acknowledged write is there, and each is whole', async () => {
  const acknowledged = new Set<number>();
  for (let round = 0; round < rounds; round += 1) {
    const first = (round + 1) * 100_000;
    const told = `seed ${seed}, round ${round}`;
    for (const number of await killedAfterAWhile(first, lifeMilliseconds(round))) acknowledged.add(number);
    // Opens at once: the lock died with the process.
    const database = await sqliteDatabase(url, { clock: systemClock, observe: silent, types: Object.values(entities) });
    const store = database.tenant('crash');
    const written = await readAll(store);
    for (const number of acknowledged) assert.ok(written.has(number), `${told}: ${number} is missing`);
    for (const number of written) {
      if (number < first) continue;
      const where = { op: 'eq', path: ['issuerAssignedId'], value: `u${number}` } as const;
      const filter = { op: 'any', path: ['identities'], where } as const;
      const { items } = await store.read((r) => r.find({ type: entities.user, limit: 1, filter }));
      assert.equal(items[0]?.id, `u${number}`, told);
      assert.equal((await store.ephemeral.get('journey', `u${number}`))?.payload, number, told);
    }
    await database.close();
  }
  assert.ok(acknowledged.size > rounds, `seed ${seed}: only ${acknowledged.size} writes were acknowledged`);
});

async function readAll(store: Store): Promise<Set<number>> {
  const numbers = new Set<number>();
  let next: string | undefined;
  do {
    const position = next === undefined ? {} : { after: next };
    const page = await store.read((r) => r.find({ type: entities.user, limit: 999, ...position }));
    for (const { id } of page.items) numbers.add(Number(id.slice(1)));
    next = page.next;
  } while (next !== undefined);
  return numbers;
}
