import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthPages } from './health.ts';
import { createManagement, ownVoice } from './management.ts';
import type { Vitals } from './page.ts';
import { createVitals } from './vitals.ts';

const pageAt = (path: string) => {
  const page = healthPages.find((one) => one.path === path);
  assert.ok(page);
  return page;
};

/** What a server of these processes answers to `/readyz`. */
async function readiness(...processes: readonly Vitals[]): Promise<readonly [number, string]> {
  const page = pageAt('/readyz');
  const { status, body } = page.answer(await Promise.all(processes.map((vitals) => page.tell(vitals))));
  return [status, (JSON.parse(body) as { readonly status: string }).status];
}

const sound = () => createVitals(async () => undefined);
const cutOff = () => createVitals(() => Promise.reject(new Error('no route')));

function draining(): Vitals {
  const vitals = sound();
  vitals.drain();
  return vitals;
}

test('a server is ready while one of its processes is, and says why none is', async () => {
  assert.deepEqual(await readiness(sound()), [200, 'ready']);
  assert.deepEqual(await readiness(cutOff(), sound()), [200, 'ready']);
  assert.deepEqual(await readiness(cutOff()), [503, 'the database does not answer']);
  assert.deepEqual(await readiness(draining(), draining()), [503, 'draining']);
  assert.deepEqual(await readiness(), [503, 'not answering']);
});

test('a database that does not answer within two seconds is told as such, and is asked one question at a time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let questions = 0;
  const vitals = createVitals(() => {
    questions += 1;
    return new Promise(() => undefined);
  });
  const asked = [readiness(vitals), readiness(vitals), readiness(vitals)];
  t.mock.timers.tick(2_000);
  for (const answer of await Promise.all(asked)) assert.deepEqual(answer, [503, 'the database does not answer']);
  assert.equal(questions, 1);
});

test('a database that answers again is asked again', async () => {
  let works = false;
  const vitals = createVitals(() => (works ? Promise.resolve() : Promise.reject(new Error('away'))));
  assert.equal((await readiness(vitals))[0], 503);
  works = true;
  assert.equal((await readiness(vitals))[0], 200);
});

test('a server lives while a process answers, whatever the database does', async () => {
  const page = pageAt('/livez');
  assert.equal(page.answer([await page.tell(cutOff())]).status, 200);
  assert.equal(page.answer([]).status, 503);
});

test('a page that fails tells nothing of why', async (t) => {
  const broken = {
    path: '/broken',
    tell: () => Promise.reject(new Error('postgres://usher:secret@db')),
    answer: () => assert.fail(),
  };
  const management = createManagement({ pages: [broken], ask: ownVoice([broken], sound()) });
  t.after(management.close);
  const { port } = await management.listen('127.0.0.1', 0);
  const answer = await fetch(`http://127.0.0.1:${port}/broken`);
  assert.deepEqual([answer.status, await answer.text()], [500, 'Something went wrong on the server.\n']);
});
