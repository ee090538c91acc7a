import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { unlessAborted } from './unless-aborted.ts';

const never = new Promise<never>(() => undefined);

test('it settles as the work does, or to nothing when that is aborted first', async () => {
  const { signal } = new AbortController();
  assert.equal(await unlessAborted(Promise.resolve('done'), signal), 'done');
  await assert.rejects(unlessAborted(Promise.reject(new Error('failed')), signal), /failed/);
  assert.equal(await unlessAborted(never, AbortSignal.abort()), undefined);
  const later = new AbortController();
  const waiting = unlessAborted(never, later.signal);
  later.abort();
  assert.equal(await waiting, undefined);
});

test('work of days leaves nothing at the signal that would have ended it', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { signal } = new AbortController();
  const turns = async (count: number): Promise<number> => {
    for (let turn = 0; turn < count; turn += 1) await unlessAborted(Promise.resolve(turn), signal);
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = await turns(1_000);
  const grown = (await turns(20_000)) - before;
  assert.ok(grown < 1_000_000, `${grown} bytes more`);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});
