import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptedJson, jsonType, usualFormat } from './accept.ts';

const level = (accept?: string, format?: string) => acceptedJson(accept, format)?.metadata;

test('without a wish, or with any JSON, the answer is what everybody gets', () => {
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  for (const accept of [
    undefined,
    '',
    '*/*',
    'application/*',
    'application/json',
    'APPLICATION/JSON;charset=UTF-8',
    browser,
  ]) {
    assert.deepEqual(acceptedJson(accept, undefined), usualFormat, accept);
  }
  assert.equal(
    jsonType(usualFormat),
    'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
  );
});

test('the level of metadata is the one that weighs most', () => {
  assert.equal(level('application/json;odata.metadata=none'), 'none');
  assert.equal(level('application/json; odata.metadata="full"; odata.streaming=false'), 'full');
  assert.equal(level('application/json;metadata=full'), 'full');
  assert.equal(level('application/json;odata.metadata=none;q=0.1, application/json;odata.metadata=full;q=0.2'), 'full');
  assert.equal(level('*/*, application/json;odata.metadata=none;q=0.1'), 'none');
  assert.equal(level('text/plain;odata.metadata=none, */*'), 'minimal');
  assert.equal(level('application/json;odata.metadata=full', 'application/json;odata.metadata=none'), 'none');
  assert.equal(level('application/xml', 'json'), 'minimal');
});

test('numbers that a double cannot hold are wanted as texts', () => {
  const format = acceptedJson('application/json;IEEE754Compatible=true', undefined);
  assert.deepEqual(format, { metadata: 'minimal', ieee754: true });
  assert.match(jsonType(format ?? usualFormat), /IEEE754Compatible=true/);
});

test('what cannot be served is not accepted', () => {
  for (const accept of [
    'application/xml',
    'text/html, image/*',
    'application/json;q=0, */*',
    'application/json;odata=verbose',
    'application/json;odata.metadata=everything',
    'application/json;charset=utf-16',
    'application/json;q=2',
    '*/*;q=0',
    'nonsense here',
    '"',
  ]) {
    assert.equal(acceptedJson(accept, undefined), undefined, accept);
  }
  assert.equal(acceptedJson(undefined, 'application/json;odata=verbose'), undefined);
  assert.deepEqual(acceptedJson('application/json;odata=verbose, */*;q=0.1', undefined), usualFormat);
});
