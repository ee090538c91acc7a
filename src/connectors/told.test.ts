import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../kernel/index.ts';
import { toldMailer, toldTexter } from './told.ts';

test('of a letter or text message it is told whether it was taken, and neither to whom nor what', async () => {
  const observed: Observation[] = [];
  const telling = { observe: (one: Observation) => void observed.push(one) };
  const letter = { to: 'secret', subject: 'secret', text: 'secret', html: 'secret', purpose: 'signUp' };
  const refuse = async () => Promise.reject(new Error('secret'));
  await toldMailer({ send: async () => undefined }, telling).send(letter);
  await assert.rejects(toldMailer({ send: refuse }, telling).send(letter), /secret/);
  await assert.rejects(toldTexter({ send: refuse }, telling).send(letter), /secret/);
  const told = observed.map((one) => one.kind === 'message.handed' && [one.channel, one.outcome]);
  assert.deepEqual(told, [
    ['mail', 'taken'],
    ['mail', 'failed'],
    ['text', 'failed'],
  ]);
  assert.doesNotMatch(JSON.stringify(observed), /secret/);
});
