import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digest } from '../kernel/index.ts';
import { createAbsences } from './away.ts';
import { openHouse } from './testing/harness.ts';

test('an answer is handed over once, and nothing of it is kept afterwards', async (t) => {
  const house = await openHouse();
  t.after(() => house.close());
  const { ephemeral, clock } = house;
  const absences = createAbsences({ ephemeral, clock, lifetimeSeconds: 3600 });
  const state = 'a-state-that-nobody-guesses';
  const answer = { params: { state, code: 'c'.repeat(40_000) } };
  const kept = async () => JSON.stringify((await ephemeral.get('away', digest(state)))?.payload);
  await absences.begin(state, 'journey');
  await absences.bringBack(answer);
  assert.ok((await kept()).length > 40_000);
  const taken = await Promise.all([absences.take(state), absences.take(state), absences.take(state)]);
  assert.deepEqual(
    taken.filter((one) => one !== undefined),
    [answer],
  );
  assert.ok((await kept()).length < 200);
  assert.deepEqual(await absences.bringBack(answer), { journeyId: 'journey' });
  assert.equal(await absences.take(state), undefined, 'a second answer is nobody’s');
  clock.advance(3601);
  await assert.rejects(absences.bringBack(answer), { code: 'flows.journeyLost' });
});
