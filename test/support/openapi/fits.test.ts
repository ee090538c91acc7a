import assert from 'node:assert/strict';
import { test } from 'node:test';
import { misfits, type Schema } from './fits.ts';

const components = {
  base: { type: 'object', required: ['id'], properties: { id: { type: 'string', maxLength: 3 } } },
  kind: { type: 'string', enum: ['a', 'b'] },
};
const reasons = (value: unknown, schema: Schema) => misfits(value, schema, { components, path: '' });

test('what fits a schema has nothing wrong', () => {
  const schema = {
    allOf: [{ $ref: '#/components/schemas/base' }],
    properties: { kinds: { type: 'array', items: {} } },
  };
  assert.deepEqual(reasons({ id: 'x', kinds: [1], more: true }, schema), []);
  assert.deepEqual(reasons(null, { type: ['string', 'null'] }), []);
  assert.deepEqual(reasons('a', { oneOf: [{ type: 'number' }, { $ref: '#/components/schemas/kind' }] }), []);
});

test('what does not fit is told with its place', () => {
  const base = { $ref: '#/components/schemas/base' };
  const kinds = { properties: { kinds: { type: 'array', items: { $ref: '#/components/schemas/kind' } } } };
  assert.deepEqual(reasons({}, base), ['/id: missing']);
  assert.deepEqual(reasons({ id: 'long' }, base), ['/id: too long']);
  assert.deepEqual(reasons({ kinds: ['a', 'c'] }, kinds), ['/kinds/1: not one of a, b']);
  assert.deepEqual(reasons('1', { type: 'integer' }), [': not integer']);
  assert.deepEqual(reasons(7, { type: 'integer', maximum: 6 }), [': out of range']);
  assert.deepEqual(reasons('x', { type: 'string', format: 'uuid' }).length, 1);
  assert.deepEqual(reasons(true, { anyOf: [{ type: 'string' }, { type: 'null' }] }), [': fits none of 2']);
});

test('a keyword that is not understood is never passed over', () => {
  assert.throws(() => reasons({}, { patternProperties: {} }), /patternProperties/);
  assert.throws(() => reasons({}, { $ref: '#/components/schemas/none' }), /none/);
});
