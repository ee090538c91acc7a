import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { heldLimits, limitsPage } from '../scripts/limits.ts';
import { isFault } from '../src/kernel/index.ts';
import { allTypes, type EntityType, validate } from '../src/model/index.ts';

test('docs/limits.md is what the source says (else: npm run golden)', () => {
  assert.equal(readFileSync(new URL('../docs/limits.md', import.meta.url), 'utf8'), limitsPage());
});

test('every room that strangers reach holds limits, and each of them is a bound', () => {
  const held = heldLimits();
  const rooms = new Set(held.map(({ room }) => room));
  for (const room of ['http', 'oidc', 'pages', 'graph', 'flows', 'identity', 'model', 'directory', 'federation']) {
    assert.ok(rooms.has(room), room);
  }
  assert.deepEqual(
    held.filter(({ value }) => value === '0' || value === '' || value.includes('NaN')),
    [],
  );
});

/** Whether the model refuses this value for a reason that has to do with it, and not with the rest of the body. */
function refuses(type: EntityType, name: string, value: unknown): boolean {
  try {
    validate(type, { [name]: value }, 'update', { trusted: true });
    return false;
  } catch (error) {
    assert.ok(['model.tooMany', 'model.invalidValue', 'model.immutableProperty'].some((code) => isFault(error, code)));
    return true;
  }
}

test('no collection of the model takes more than a thousand items, and no declared length is only declared', () => {
  let [collections, texts] = [0, 0];
  for (const type of allTypes()) {
    for (const [name, { type: of, rules }] of Object.entries(type.properties)) {
      if (rules.access === 'create') continue;
      if (of.kind === 'collection') {
        collections += 1;
        assert.ok(
          refuses(
            type,
            name,
            Array.from({ length: 1_001 }, () => null),
          ),
          `${type.name}/${name}`,
        );
      }
      if (of.kind === 'string' && of.maxLength !== undefined) {
        texts += 1;
        assert.ok(refuses(type, name, 'x'.repeat(of.maxLength + 1)), `${type.name}/${name}`);
      }
    }
  }
  assert.ok(collections > 20 && texts > 50, `${collections} collections, ${texts} texts`);
});
