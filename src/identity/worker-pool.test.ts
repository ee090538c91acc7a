import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkerPool } from './worker-pool.ts';

/** A thread that dies when told to, fails when told to, and else answers its thread id and the message. */
const worker = `
  import { parentPort, threadId } from 'node:worker_threads';
  parentPort.on('message', (message) => {
    if (message === 'exit') process.exit(3);
    if (message === 'throw') throw new TypeError('out of luck');
    if (message === 'refuse') return parentPort.postMessage({ error: 'no' });
    parentPort.postMessage({ value: { message, threadId, environment: Object.keys(process.env) } });
  });
`;
const file = new URL(`data:text/javascript,${encodeURIComponent(worker)}`);
function pool(workers: number, queueLimit = 1_000) {
  const threads = new WorkerPool({ file, workers, queueLimit });
  return {
    close: () => threads.close(),
    enter: (lane: string) => threads.enter(lane),
    async run(message: unknown, lane = 'somebody'): Promise<unknown> {
      const place = threads.enter(lane);
      return place.run(message).finally(place.leave);
    },
  };
}

const threadOf = (answer: unknown): number => (answer as { threadId: number }).threadId;

test('a thread that dies fails its own job only and is replaced', async () => {
  const threads = pool(1);
  const before = await threads.run('a');
  const [dead, next] = await Promise.allSettled([threads.run('exit'), threads.run('b')]);
  assert.equal(dead.status === 'rejected' && dead.reason.code, 'identity.hashFailed');
  assert.ok(next.status === 'fulfilled');
  assert.notEqual(threadOf(next.value), threadOf(before));
  await threads.close();
});

test('an uncaught error in a thread is the cause of the fault and does not end the process', async () => {
  const threads = pool(1);
  await assert.rejects(threads.run('throw'), (fault: Error) => {
    assert.equal((fault.cause as Error).message, 'out of luck');
    return true;
  });
  assert.ok(await threads.run('still here'));
  await threads.close();
});

test('a refused job leaves its thread in place', async () => {
  const threads = pool(1);
  const before = await threads.run('a');
  await assert.rejects(threads.run('refuse'), { code: 'identity.hashFailed' });
  assert.equal(threadOf(await threads.run('b')), threadOf(before));
  await threads.close();
});

test('no more threads are started than allowed, and none before there is work for it', async () => {
  const threads = pool(2);
  const one = new Set([threadOf(await threads.run('a')), threadOf(await threads.run('b'))]);
  assert.equal(one.size, 1);
  const many = await Promise.all(Array.from({ length: 20 }, (_, index) => threads.run(index)));
  assert.equal(new Set(many.map(threadOf)).size, 2);
  await threads.close();
});

test('a crash in the middle of a full queue loses nothing else', async () => {
  const threads = pool(2);
  const messages = Array.from({ length: 30 }, (_, index) => (index % 7 === 3 ? 'exit' : index));
  const outcomes = await Promise.allSettled(messages.map((message) => threads.run(message)));
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status),
    messages.map((message) => (message === 'exit' ? 'rejected' : 'fulfilled')),
  );
  await threads.close();
});

test('a thread sees no environment variable', async () => {
  const threads = pool(1);
  const { environment } = (await threads.run('a')) as { readonly environment: readonly string[] };
  assert.deepEqual(environment, []);
  await threads.close();
});

test('whoever has one job waits for one of every other, however many those have', async () => {
  const threads = pool(1);
  const order: string[] = [];
  const note = (name: string) => () => void order.push(name);
  const flood = Array.from({ length: 50 }, (_, index) => threads.run(index, 'flood').then(note('flood')));
  const others = ['a', 'b'].map((lane) => threads.run(lane, lane).then(note(lane)));
  await Promise.all([...flood, ...others]);
  assert.deepEqual(order.slice(0, 4), ['flood', 'flood', 'a', 'b']);
  await threads.close();
});

test('a flood has at most half of the places, and the next one is let in', async () => {
  const threads = pool(1, 9);
  const flood = Array.from({ length: 100 }, (_, index) => threads.run(index, 'flood'));
  const somebody = threads.run('somebody');
  const outcomes = await Promise.allSettled(flood);
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 5);
  assert.ok(outcomes.every((one) => one.status === 'fulfilled' || one.reason.code === 'identity.busy'));
  assert.ok(await somebody);
  await threads.close();
});

test('a place that was left is free for the next one', async () => {
  const threads = pool(1, 1);
  const place = threads.enter('a');
  assert.throws(() => threads.enter('a'), { code: 'identity.busy' });
  await place.run('first');
  await place.run('second');
  place.leave();
  assert.ok(await threads.run('third', 'a'));
  await threads.close();
});

test('a closed pool lets nobody in', async () => {
  const threads = pool(1);
  const place = threads.enter('a');
  await threads.close();
  await assert.rejects(place.run('late'), { code: 'identity.busy' });
  assert.throws(() => threads.enter('b'), { code: 'identity.busy' });
});
