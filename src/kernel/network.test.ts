import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOwnAddress, networkOf } from './network.ts';

test('addresses of one /64 are one sender, however they are written', () => {
  const one = '2001:db8:0:1::/64';
  for (const address of [
    '2001:db8:0:1::1',
    '2001:DB8:0:1:ffff:ffff:ffff:ffff',
    '2001:0db8:0000:0001::',
    '2001:db8::1:0:0:0:5',
  ]) {
    assert.equal(networkOf(address), one, address);
  }
  assert.notEqual(networkOf('2001:db8:0:2::1'), one);
  assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64');
  assert.equal(networkOf('fe80::2'), 'fe80:0:0:0::/64');
  for (const address of ['::1', '::']) assert.equal(networkOf(address), '0:0:0:0::/64');
  assert.equal(networkOf('2001:db8:0:2::'), '2001:db8:0:2::/64');
});

test('an address of version 4 is the same sender on a socket of version 6', () => {
  assert.equal(networkOf('192.0.2.1'), '192.0.2.1');
  assert.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1');
  assert.notEqual(networkOf('192.0.2.2'), '192.0.2.1');
});

test('what is no address stands for itself', () => {
  assert.equal(networkOf(''), '');
  assert.equal(networkOf('unix socket'), 'unix socket');
});

test('only the machine itself has its own addresses', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
    assert.equal(isOwnAddress(address), true, address);
  for (const address of ['', '128.0.0.1', '10.127.0.1', '::2', '1127.0.0.1'])
    assert.equal(isOwnAddress(address), false, address);
});
