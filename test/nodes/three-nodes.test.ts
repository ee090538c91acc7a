import { after, before, describe } from 'node:test';
import { testCaches } from './caches/index.ts';
import { testEnding } from './ending.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { testKeys } from './keys.ts';
import { testManagement } from './management.ts';
import { testProtocols } from './protocols.ts';
import { testSingleUse } from './single-use.ts';

/** One fleet for all parts; the last one ends some of its nodes. */
describe('three nodes behind a balancer on PostgreSQL', () => {
  let fleet: Fleet;
  before(async () => {
    fleet = await startFleet(3);
  });
  after(() => fleet?.stop());

  for (const part of [testProtocols, testManagement, testSingleUse, testCaches, testKeys, testEnding])
    part(() => fleet);
});
