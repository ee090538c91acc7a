import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Observation, type SpanFacts, systemClock, type Trace, untraced } from '../kernel/index.ts';
import { openDatabase } from './open.ts';

test('each question to the database and what came of it are told, and nothing of what was asked', async () => {
  const [observed, facts]: [Observation[], (SpanFacts | undefined)[]] = [[], []];
  const trace: Trace = {
    ...untraced,
    span(start, run) {
      facts.push(start.facts);
      return untraced.span(start, run);
    },
  };
  const observe = (one: Observation) => void observed.push(one);
  const database = await openDatabase('memory:', { clock: systemClock, observe, trace, types: [] });
  const { ephemeral, write } = database.tenant('t');
  const record = { id: 'secret', payload: { mail: 'secret' }, ttlSeconds: 60 };
  await ephemeral.put('journey', record, 0);
  await assert.rejects(ephemeral.put('journey', record, 0), { code: 'store.stale' });
  assert.deepEqual((await ephemeral.take('journey', 'secret'))?.payload, { mail: 'secret' });
  await write(async () => undefined);
  await assert.rejects(
    write(async () => {
      throw new TypeError('secret');
    }),
  );
  await database.close();
  assert.deepEqual(
    observed.map((one) => one.kind === 'store.asked' && [one.operation, one.outcome]),
    [
      ['ephemeral.put', 'ok'],
      ['ephemeral.put', 'store.stale'],
      ['ephemeral.take', 'ok'],
      ['write', 'ok'],
      ['write', 'failed'],
    ],
  );
  assert.deepEqual(facts[0], { 'db.system.name': 'memory', 'db.operation.name': 'ephemeral.put' });
  assert.doesNotMatch(JSON.stringify([observed, facts]), /secret/);
});
