import assert from 'node:assert/strict';
import type { Move } from '../host.ts';
import { english } from './english.ts';

interface Told {
  readonly id: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

const isText = (value: object): value is Told =>
  'id' in value && typeof value.id === 'string' && Object.keys(value).every((key) => key === 'id' || key === 'values');

function textsIn(value: unknown): readonly Told[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(isText(value) ? [value] : []), ...Object.values(value).flatMap(textsIn)];
}

/** Everything that is shown has words, is named by its step, and fills the places of its words. */
export function assertTold(move: Move): Move {
  if (move.kind === 'go') return move;
  for (const { id, values = {} } of textsIn(move.screen)) {
    const text = Object.hasOwn(english, id) ? english[id] : undefined;
    assert.ok(text !== undefined, `${move.screen.id}: no step names ${id}`);
    assert.notEqual(text, id, `${move.screen.id}: there are no words for ${id}`);
    const empty = [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).filter((name) => !(name in values));
    assert.deepEqual(empty, [], `${id} is said without ${empty.join()}`);
  }
  return move;
}
