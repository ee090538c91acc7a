import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComplexType, EnumType, Property } from '../model/index.ts';
import { propertyJson } from './value-json.ts';

const rules = {};
const plain = { ieee754: false, unknownMembers: false, metadata: 'minimal' } as const;

test('whole numbers of 64 bits are texts for readers whose numbers are doubles', () => {
  const property: Property = { type: { kind: 'collection', of: { kind: 'int64' } }, rules };
  const value = [1, Number.MAX_SAFE_INTEGER];
  assert.deepEqual(propertyJson(property, value), value);
  assert.deepEqual(propertyJson(property, value, { ...plain, ieee754: true }), ['1', '9007199254740991']);
  const narrow: Property = { type: { kind: 'int32' }, rules };
  assert.equal(propertyJson(narrow, 7, { ...plain, ieee754: true }), 7);
});

test('a member that came after the sentinel is told by name only to those who are prepared', () => {
  const members = { off: 0, on: 1, unknownFutureValue: 2, sideways: 3 };
  const type: EnumType = { name: 'state', members, reserved: ['unknownFutureValue'] };
  const property: Property = { type: { kind: 'enum', type }, rules };
  assert.equal(propertyJson(property, 'on'), 'on');
  assert.equal(propertyJson(property, 'sideways'), 'unknownFutureValue');
  assert.equal(propertyJson(property, 'sideways', { ...plain, unknownMembers: true }), 'sideways');
  assert.equal(propertyJson(property, null), null);
  const free: EnumType = { name: 'free', members: { off: 0, on: 1 }, reserved: [] };
  assert.equal(propertyJson({ type: { kind: 'enum', type: free }, rules }, 'on'), 'on');
});

test('a secret is masked and what was never set is null, whoever asks', () => {
  const secret: Property = { type: { kind: 'string' }, rules: { secret: true } };
  assert.equal(propertyJson(secret, 'sealed'), '******');
  assert.equal(propertyJson(secret, undefined), null);
});

test('a value of one of several types names it, except where no metadata is wanted', () => {
  const base: ComplexType = { name: 'shape', abstract: true, open: false, properties: {}, own: [] };
  const properties: ComplexType['properties'] = {
    id: { type: { kind: 'guid' }, rules: { nullable: true } },
    sizes: { type: { kind: 'collection', of: { kind: 'int32' } }, rules: {} },
  };
  const circle: ComplexType = { name: 'circle', base, abstract: false, open: false, properties, own: ['id', 'sizes'] };
  const property: Property = { type: { kind: 'complex', type: base, variants: [circle] }, rules };
  const value = { '@odata.type': 'circle', id: '11111111-1111-4111-8111-111111111111', sizes: [1] };
  const { '@odata.type': _, ...members } = value;
  assert.deepEqual(propertyJson(property, value, { ...plain, metadata: 'none' }), members);
  assert.deepEqual(propertyJson(property, value, plain), { '@odata.type': '#microsoft.graph.circle', ...members });
  assert.deepEqual(propertyJson(property, value, { ...plain, metadata: 'full' }), {
    '@odata.type': '#microsoft.graph.circle',
    'id@odata.type': '#Guid',
    'sizes@odata.type': '#Collection(Int32)',
    ...members,
  });
  const nothing = propertyJson(property, { ...value, id: null }, { ...plain, metadata: 'full' });
  assert.equal(Object.hasOwn(nothing as object, 'id@odata.type'), false);
});
