import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allows, readAllowance } from './outside-allowance.ts';

const allowed = (text: string, host: string, port: number, address: string): boolean => {
  const allowance = readAllowance(text) ?? assert.fail(`'${text}' is not read`);
  return allows(allowance, { host, port, address });
};

test('a network allows its addresses, whatever the name and the port', () => {
  assert.ok(allowed('10.1.0.0/16', 'api.internal', 443, '10.1.2.3'));
  assert.ok(!allowed('10.1.0.0/16', 'api.internal', 443, '10.2.0.1'));
  assert.ok(allowed('fd00::/8', 'api.internal', 443, 'fd00::1'));
  assert.ok(!allowed('fd00::/8', 'api.internal', 443, '10.1.2.3'));
  assert.ok(allowed('127.0.0.1/32', 'localhost', 9000, '127.0.0.1'));
});

test('a name allows itself alone, at its port if one is named', () => {
  assert.ok(allowed('API.internal', 'api.internal', 443, '10.1.2.3'));
  assert.ok(!allowed('api.internal', 'other.internal', 443, '10.1.2.3'));
  assert.ok(!allowed('api.internal', 'sub.api.internal', 443, '10.1.2.3'));
  assert.ok(allowed('localhost:9000', 'localhost', 9000, '127.0.0.1'));
  assert.ok(!allowed('localhost:9000', 'localhost', 9001, '127.0.0.1'));
  assert.ok(!allowed('api.internal:443', 'api.internal', 8443, '10.1.2.3'));
  assert.ok(allowed('[::1]:9000', '::1', 9000, '::1'));
  assert.ok(allowed('10.0.0.5', '10.0.0.5', 443, '10.0.0.5'));
});

test('what is neither a network nor a host is refused', () => {
  const others = [
    '',
    '*',
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0/8',
    'https://api.internal',
    'a/b',
    'a b',
    'x:',
    'x:0x1',
  ];
  for (const text of [...others, 'x:99999', 'user@host', '10.0.0.0/', '/8', '::1/64/2']) {
    assert.equal(readAllowance(text), undefined, text);
  }
});
