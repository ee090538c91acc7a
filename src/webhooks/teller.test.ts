import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen } from '../../test/support/webhook-receiver.ts';
import { openHouse } from './testing/house.ts';

test('what no write tells of is told to those who want to know', async (t) => {
  const house = await openHouse(t, 'memory:');
  const [receiver, other] = [await listen(t), await listen(t)];
  await house.addWebhook({ targetUrl: receiver.url, events: ['accountLocked'] });
  await house.addWebhook({ targetUrl: other.url, events: ['userCreated'] });
  house.courier.tell({ event: 'accountLocked', data: { userId: 'u1' } });
  const [call] = await receiver.received(1);
  assert.deepEqual([call?.told.type, call?.told.data], ['accountLocked', { userId: 'u1' }]);
  assert.deepEqual((await house.deliveries()).length, 1);
});

test('what was told when the server stops is written down, for the next one to deliver', async (t) => {
  const house = await openHouse(t, 'memory:');
  const receiver = await listen(t);
  await house.addWebhook({ targetUrl: receiver.url, events: ['accountLocked'] });
  house.courier.tell({ event: 'accountLocked', data: { userId: 'u1' } });
  assert.deepEqual(await house.deliveries(), [], 'not at once, so that the answer tells nothing by its time');
  await house.couriers.stop();
  const [delivery] = await house.deliveries();
  assert.equal(delivery?.state, 'pending');
  house.another().courier.wake();
  await receiver.received(1);
});
