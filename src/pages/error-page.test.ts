import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../kernel/index.ts';
import { createErrorPages } from './error-page.ts';
import { createWords } from './words.ts';

test('an error page is shown whatever its flow does to it, and the operator is told why it looks plain', async () => {
  const observed: Observation[] = [];
  const trouble = new TypeError('the database is gone');
  const unused = () => assert.fail('a plain page has no template');
  const pages = createErrorPages({
    flowsOf: () => Promise.reject(trouble),
    tenantName: unused,
    observe: (observation) => void observed.push(observation),
    words: createWords(),
    templates: { of: unused },
  });
  const info = { status: 404, message: 'There is nothing.', correlationId: 'c', timestamp: '2026-11-21 10:00:00Z' };
  const reply = await pages({ ...info, flow: { tenant: 'contoso', id: 'B2C_1_susi' } }, ['en']);
  assert.equal(reply.status, 404);
  assert.match(String(reply.body), /There is nothing here[\s\S]*There is nothing\./);
  assert.deepEqual(observed, [
    { kind: 'warning', message: 'an error page was shown without the looks of its flow', error: trouble },
  ]);
  assert.doesNotMatch(String(reply.body), /database/);
});
