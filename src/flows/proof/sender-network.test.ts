import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from './sender-network.ts';

test('addresses that belong to one sender are one network, however they are written', () => {
  const same = [
    ['203.0.113.7', '203.0.113.7', '::ffff:203.0.113.7'],
    ['2001:db8:0:1::/64', '2001:db8:0:1::5', '2001:0DB8::1:a:b:c:d', '2001:db8:0:1:ffff:ffff:ffff:ffff'],
    ['fe80:0:0:0::/64', 'fe80::1%eth0', 'fe80::2'],
    ['0:0:0:0::/64', '::1', '::'],
    ['2001:db8:0:2::/64', '2001:db8:0:2::'],
    ['unknown', 'unknown'],
  ];
  for (const [network, ...addresses] of same) {
    for (const address of addresses) assert.equal(networkOf(address), network, address);
  }
});
