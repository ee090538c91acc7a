import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type House, openHouse, prove, type Visitor } from './testing/harness.ts';
import { flowWords } from './words.ts';

const sources = new URL('.', import.meta.url);

/** Every message id in a value that was shown. */
function idsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'id' in value && typeof value.id === 'string' && value.id.includes('.') ? [value.id] : [];
  return [...own, ...Object.values(value).flatMap(idsIn)];
}

test('steps name every id they show', async () => {
  const house: House = await openHouse();
  const seen = new Set<string>();
  const note = ({ move }: Visitor) => {
    if (move.kind === 'show') for (const id of idsIn(move.screen)) seen.add(id);
  };
  const visitor = await house.begin();
  note(visitor);
  for (const values of [{}, { email: 'x', password: 'x' }, { email: 'nobody@contoso.example', password: 'x' }]) {
    await visitor.press('next', values);
    note(visitor);
  }
  await prove(house, visitor, 'nobody@contoso.example');
  note(visitor);
  await visitor.press('continue', { newPassword: 'x', reenterPassword: 'y' });
  note(visitor);
  const unnamed = [...seen].filter((id) => !flowWords.includes(id) && !id.startsWith('password.'));
  assert.deepEqual(unnamed, []);
  assert.ok(seen.size > 20, `${seen.size} ids seen`);
  await house.close();
});

test('no source of this room holds words of its own for people', () => {
  const screens = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  const literal = screens.filter((name) => /literal: ['"`]/.test(readFileSync(new URL(name, sources), 'utf8')));
  assert.deepEqual(literal, []);
});
