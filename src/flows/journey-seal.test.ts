import assert from 'node:assert/strict';
import { createCipheriv, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { isFault } from '../kernel/index.ts';
import type { Journey } from './journey.ts';
import { createJourneySeal, keyOf } from './journey-seal.ts';

const plan = { flowId: 'B2C_1_susi', version: '1', steps: [], rules: {}, providers: [] } as unknown as Journey['plan'];
const journey = { id: 'one', plan, facts: { displayName: 'two\nlines, "plan":{}' }, at: 3 } as unknown as Journey;
const otherPlan = { ...journey, plan: { ...plan, version: '2' } };
const key = keyOf('secret');

test('a journey is opened as it was sealed, by whom has its key, also on another server', () => {
  const one = createJourneySeal();
  const stored = one.seal(journey, key);
  assert.deepEqual(one.open(stored, key), journey);
  assert.deepEqual(createJourneySeal().open(stored, key), journey);
  assert.throws(() => one.open(stored, keyOf('another')));
});

test('journeys of one plan share it, and others do not', () => {
  const seal = createJourneySeal();
  const opened = [journey, { ...journey, plan: { ...plan } }, otherPlan].map((it) =>
    seal.open(seal.seal(it, key), key),
  );
  assert.equal(opened[0]?.plan, opened[1]?.plan);
  assert.equal(opened[2]?.plan.version, '2');
});

test('the plan is sealed once, and anew when it is another one', () => {
  const seal = createJourneySeal();
  const stored = seal.seal(journey, key);
  const held = { stored, journey: seal.open(stored, key) };
  const later = seal.seal({ ...held.journey, at: 4 }, key, held);
  assert.equal(later.plan, stored.plan);
  assert.equal(seal.open(later, key).at, 4);
  const ended = seal.seal({ ...held.journey, plan: otherPlan.plan }, key, held);
  assert.notEqual(ended.plan, stored.plan);
  assert.deepEqual(createJourneySeal().open(ended, key), otherPlan);
});

test('parts that do not belong together are no journey', () => {
  const [stored, other] = [createJourneySeal().seal(journey, key), createJourneySeal().seal(otherPlan, key)];
  const lost = (error: unknown) => isFault(error, 'flows.journeyLost');
  assert.throws(() => createJourneySeal().open({ ...stored, plan: other.plan ?? '' }, key), lost);
  assert.throws(() => createJourneySeal().open({ sealed: stored.plan ?? '', plan: stored.plan ?? '' }, key), lost);
});

test('what an earlier version of the server has sealed whole is opened', () => {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(JSON.stringify(journey)), cipher.final()]);
  const sealed = Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
  assert.deepEqual(createJourneySeal().open({ sealed }, key), journey);
});

test('a seal that was cut short is no seal, though it begins as the right one does', () => {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.final();
  const sealed = Buffer.concat([nonce, cipher.getAuthTag().subarray(0, 4)]).toString('base64');
  assert.throws(() => createJourneySeal().open({ sealed }, key), /authentication tag/);
});
