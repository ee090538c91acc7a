import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen } from '../../test/support/webhook-receiver.ts';
import { createTeller } from './teller.ts';
import { openHouse } from './testing/house.ts';

test('what no write tells of is told to those who want to know', async (t) => {
  const house = await openHouse(t, 'memory:');
  const [receiver, other] = [await listen(t), await listen(t)];
  await house.addWebhook({ targetUrl: receiver.url, events: ['accountLocked'] });
  await house.addWebhook({ targetUrl: other.url, events: ['userCreated'] });
  const { directory, clock, courier } = house;
  const tell = createTeller({ directory, clock, observe: () => undefined, due: courier.wake });
  tell({ event: 'accountLocked', data: { userId: 'u1' } });
  const [call] = await receiver.received(1);
  assert.deepEqual([call?.told.type, call?.told.data], ['accountLocked', { userId: 'u1' }]);
  assert.deepEqual((await house.deliveries()).length, 1);
});
