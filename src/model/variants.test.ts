import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complete, merge } from './complete.ts';
import { actionOn, entity } from './entity.ts';
import { complexType, flags, flagsType, int32, string, variant } from './property.ts';
import { validate, validateParameters } from './validate.ts';

const authentication = complexType('authentication', {}, { abstract: true });
const basic = complexType(
  'basic',
  { username: string({ required: true }), password: string({ required: true, secret: true }) },
  { base: authentication },
);
const certificate = complexType(
  'certificate',
  { value: string({ nullable: true }) },
  { base: authentication, open: true },
);
const method = flagsType('method', { email: 1, userName: 2, phone: 4, unknownFutureValue: 16 });
const connector = entity('connector', {
  properties: {
    authentication: variant(authentication, [basic, certificate], { nullable: true }),
    methods: flags(method, { default: '0' }),
  },
  operations: { upload: actionOn('entity', { parameters: { value: string({ required: true }), size: int32() } }) },
  source: 'a test',
});

test('a value of several possible types is the one its @odata.type names, in any of the published spellings', () => {
  for (const name of [
    '#microsoft.graph.basic',
    'microsoft.graph.Basic',
    'basic',
    '#Microsoft.Cpim.Api.DataModels.basic',
  ]) {
    const given = { '@odata.type': name, username: 'u', password: 'p' };
    const read = validate(connector, { authentication: given }, 'create');
    assert.deepEqual(read['authentication'], { '@odata.type': 'basic', username: 'u', password: 'p' });
  }
});

test('a value that names no type, or one that does not fit, is refused with the types that do', () => {
  for (const name of [undefined, 'application', 7]) {
    assert.throws(() => validate(connector, { authentication: { '@odata.type': name, username: 'u' } }, 'create'), {
      code: 'model.invalidValue',
      data: {
        name: '@odata.type',
        type: 'connector',
        target: 'authentication/@odata.type',
        expected: 'one of #microsoft.graph.basic, #microsoft.graph.certificate',
      },
    });
  }
});

test('a patch merges a value of the same type and replaces one of another', () => {
  const current = { authentication: { '@odata.type': 'basic', username: 'u', password: 'p' }, methods: '0' };
  const renamed = validate(connector, { authentication: { '@odata.type': 'basic', username: 'v' } }, 'update');
  assert.deepEqual(merge(connector, current, renamed)['authentication'], {
    '@odata.type': 'basic',
    username: 'v',
    password: 'p',
  });
  const other = validate(connector, { authentication: { '@odata.type': 'certificate', extra: 1 } }, 'update');
  assert.deepEqual(complete(connector, merge(connector, current, other))['authentication'], {
    value: null,
    '@odata.type': 'certificate',
    extra: 1,
  });
});

test('flags are read in any order, case or as a number and written in the order of their values', () => {
  const read = (methods: unknown) => validate(connector, { methods }, 'create')['methods'];
  assert.equal(read('phone, EMAIL'), 'email,phone');
  assert.equal(read('3'), 'email,userName');
  assert.equal(read('0'), '0');
  for (const wrong of ['fax', '8', '16', '17', 'unknownFutureValue', 'email,', '', 3]) {
    assert.throws(() => read(wrong), { code: 'model.invalidValue' }, JSON.stringify(wrong));
  }
});

test('parameters of an operation are checked like the properties of an entity', () => {
  const { parameters } = connector.operations['upload'] ?? assert.fail('declared');
  assert.deepEqual(validateParameters('upload', parameters, { Value: 'x' }), { value: 'x' });
  assert.throws(() => validateParameters('upload', parameters, { size: 1 }), { code: 'model.requiredProperty' });
  assert.throws(() => validateParameters('upload', parameters, { value: 'x', other: 1 }), {
    code: 'model.unknownProperty',
  });
});
