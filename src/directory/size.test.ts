import assert from 'node:assert/strict';
import { entities } from '../model/index.ts';
import { app, flowDraft, flowRef, onEveryEngine, server } from './harness.test.ts';

const { b2cIdentityUserFlow, user } = entities;

const numbers = (count: number, from = 0): readonly number[] => Array.from({ length: count }, (_, n) => from + n);
const members = (count: number, of: (n: number) => unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`q${n + 100}`, of(n)]));

const tooLarge = (target: string) => ({ code: 'directory.tooLarge', status: 400, data: { target } });

onEveryEngine('an entity of too many single values is refused, however they come', async ({ directory }) => {
  const flood = members(240, () => numbers(1000));
  await assert.rejects(directory.create(app, user, { displayName: 'x', ...flood }), tooLarge('q100'));
  const { entity } = await directory.create(app, user, { displayName: 'x', q0: numbers(1000), q1: numbers(900) });
  const ref = { type: user, id: entity.id };
  await assert.rejects(directory.update(app, ref, { q2: numbers(200), jobTitle: 'none' }), tooLarge('q0'));
  await assert.rejects(directory.update(server, ref, { q2: numbers(200) }), tooLarge('q0'));
  await assert.rejects(directory.put(app, ref, { displayName: 'x', ...flood }), tooLarge('q100'));
  assert.deepEqual((await directory.get(ref))?.entity, entity, 'nothing of it was stored');
  await directory.update(app, ref, { q0: numbers(800, 7), q2: numbers(200) });
});

onEveryEngine('declared collections count together with the rest', async ({ directory }) => {
  const otherMails = numbers(1000).map((n) => `m${n}@contoso.example`);
  const { entity } = await directory.create(app, user, { displayName: 'x', otherMails });
  const patch = { q: numbers(1000), flag: true };
  await assert.rejects(directory.update(app, { type: user, id: entity.id }, patch), tooLarge('otherMails'));
});

onEveryEngine('an entity does not grow beyond 256 KiB by small steps', async ({ directory }) => {
  const { entity } = await directory.create(app, user, { displayName: 'x' });
  const ref = { type: user, id: entity.id };
  const step = (name: string) =>
    directory.update(app, ref, { [name]: Array.from({ length: 20 }, () => 'ä'.repeat(2000)) });
  await step('z1');
  await step('z2');
  await step('z3');
  await assert.rejects(step('z4'), tooLarge('z1'));
  await directory.update(app, ref, { z1: null });
  await step('z4');
  const long = Array.from({ length: 70 }, () => 'x'.repeat(4000));
  await assert.rejects(directory.create(app, user, { displayName: 'x', short: 1, long }), tooLarge('long'));
});

onEveryEngine('what there are few of may be larger: a user flow holds the letters of all languages', async (bench) => {
  const letters = (count: number) => {
    const letter = (n: number) => ({ kind: 'passwordReset', languageTag: `de-x-${n}`, body: 'x'.repeat(4000) });
    return { settings: { emailTexts: numbers(count).map(letter) } };
  };
  await bench.directory.create(app, b2cIdentityUserFlow, { ...flowDraft, ...letters(200) });
  await assert.rejects(bench.directory.update(app, flowRef, letters(300)), tooLarge('settings'));
});
