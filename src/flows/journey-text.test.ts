import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Journey } from './journey.ts';
import { createJourneyTexts } from './journey-text.ts';

const plan = { flowId: 'B2C_1_susi', version: '1', steps: [], rules: {}, providers: [] } as unknown as Journey['plan'];
const journey = { id: 'one', plan, facts: { displayName: 'two\nlines, "plan":{}' }, at: 3 } as unknown as Journey;

test('a journey reads as it was written, whatever somebody typed into it', () => {
  const texts = createJourneyTexts();
  assert.deepEqual(texts.read(texts.write(journey)), journey);
  const named = { ...journey, plan: { ...plan, flowId: 'a\n,b' } };
  assert.deepEqual(texts.read(texts.write(named)), named);
});

test('journeys of one plan share it, and others do not', () => {
  const texts = createJourneyTexts();
  const [one, two] = [journey, { ...journey, id: 'two', plan: { ...plan } }].map((it) => texts.read(texts.write(it)));
  assert.equal(one?.plan, two?.plan);
  const ended = texts.read(texts.write({ ...journey, plan: { ...plan, version: '2' } }));
  assert.equal(ended.plan.version, '2');
});

test('servers of other versions read it as JSON, and what they have written is read', () => {
  const texts = createJourneyTexts();
  assert.deepEqual(JSON.parse(texts.write(journey)), journey);
  assert.deepEqual(texts.read(JSON.stringify(journey)), journey);
});
