import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCircuitBreaker, restRules } from './circuit-breaker.ts';

function setUp() {
  let now = 1_000;
  const breaker = createCircuitBreaker({ now: () => now });
  return {
    breaker,
    pass(seconds: number) {
      now += seconds;
    },
    fail(times: number, address: string) {
      for (let count = 0; count < times; count += 1) breaker.told('api', false, address);
    },
  };
}

test('who makes a server fail again and again keeps nobody from it but their own network', () => {
  const { breaker, fail } = setUp();
  fail(100, '2001:db8::1');
  assert.equal(breaker.admits('api', '2001:db8::2'), false);
  assert.equal(breaker.admits('api', '192.0.2.1'), true);
  breaker.told('api', true, '192.0.2.1');
  assert.equal(breaker.admits('api', '192.0.2.1'), true);
});

test('a server that fails for people of several networks is given a rest by all, then one tries it', () => {
  const { breaker, fail, pass } = setUp();
  fail(2, '192.0.2.1');
  fail(2, '192.0.2.2');
  assert.equal(breaker.admits('api', '192.0.2.9'), true);
  fail(1, '192.0.2.3');
  assert.equal(breaker.admits('api', '192.0.2.9'), false);
  assert.equal(breaker.admits('other', '192.0.2.9'), true);
  pass(restRules.seconds);
  assert.deepEqual([breaker.admits('api', '192.0.2.9'), breaker.admits('api', '192.0.2.8')], [true, false]);
  breaker.told('api', true, '192.0.2.9');
  assert.equal(breaker.admits('api', '192.0.2.8'), true);
});
