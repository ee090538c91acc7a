import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shape } from '../model/index.ts';
import { type Key, segmentOf } from './key.ts';
import { argumentsOf } from './operation-arguments.ts';

const parameters: Shape = {
  text: { type: { kind: 'string' }, rules: { nullable: true } },
  flag: { type: { kind: 'boolean' }, rules: {} },
  number: { type: { kind: 'int32' }, rules: {} },
  ratio: { type: { kind: 'single' }, rules: {} },
  key: { type: { kind: 'guid' }, rules: {} },
};

function read(text: string): Readonly<Record<string, unknown>> {
  const key: Key | undefined = segmentOf(text).key;
  assert.ok(key?.kind === 'named', text);
  return argumentsOf(parameters, key.members);
}

test('literals of a URL become what they would be in a body', () => {
  assert.deepEqual(read("f(text='it''s, fine',FLAG=true,number=-7,ratio=1.5)"), {
    text: "it's, fine",
    flag: true,
    number: -7,
    ratio: 1.5,
  });
  assert.deepEqual(read('f(key=11111111-1111-4111-8111-111111111111)'), {
    key: '11111111-1111-4111-8111-111111111111',
  });
  assert.deepEqual(read("f(text=null,flag=false,number='7')"), { text: null, flag: false, number: '7' });
});

test('what does not fit stays as it is written, to be refused where all values are checked', () => {
  assert.deepEqual(read("f(flag=yes,number=seven,text='null')"), { flag: 'yes', number: 'seven', text: 'null' });
});
