import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { listen } from '../../test/support/webhook-receiver.ts';
import { createOutside } from '../connectors/index.ts';
import type { Directory } from '../directory/index.ts';
import { silent } from '../kernel/index.ts';
import { type EntityOf, entities } from '../model/index.ts';
import { createCouriers } from './couriers.ts';
import { mostAttempts } from './schedule.ts';
import { admin, type House, key, onEveryEngine, openHouse } from './testing/house.ts';

/** Whatever goes on by itself has gone on for a while. */
async function turns(): Promise<void> {
  for (let count = 0; count < 200; count += 1) await new Promise((resolve) => setImmediate(resolve));
}

const webhookNow = async ({ directory }: House, id: string): Promise<EntityOf<typeof entities.webhook>> => {
  const found = await directory.get({ type: entities.webhook, id });
  assert.ok(found);
  return found.entity;
};

onEveryEngine('who asked to be told of new people is told, once', async (house, t) => {
  const receiver = await listen(t);
  await house.addWebhook({ targetUrl: receiver.url });
  const userId = await house.addUser();
  const [call] = await receiver.received(1);
  assert.equal(call?.told.type, 'userCreated');
  assert.deepEqual(call?.told.data['userId'], userId);
  await house.called(1);
  const [delivery, ...others] = await house.deliveries();
  assert.deepEqual(others, []);
  assert.deepEqual(
    [delivery?.state, delivery?.attempts, delivery?.lastStatusCode, delivery?.nextAttemptDateTime, delivery?.id],
    ['succeeded', 1, 204, null, call?.headers['webhook-id']],
  );
  assert.equal(receiver.calls.length, 1);
});

onEveryEngine(
  'a receiver that fails is called again later, with the same id, until it takes the call',
  async (house, t) => {
    const receiver = await listen(t);
    receiver.answer((response, count) => void response.writeHead(count < 3 ? 500 : 200).end());
    const id = await house.addWebhook({ targetUrl: receiver.url });
    await house.addUser();
    await house.called(1);
    const [waiting] = await house.deliveries();
    assert.deepEqual([waiting?.state, waiting?.lastStatusCode], ['pending', 500]);
    assert.equal((await webhookNow(house, id)).failingSinceDateTime, '2027-01-15T08:00:00Z');
    house.courier.wake();
    assert.equal(receiver.calls.length, 1, 'nobody calls before it is due');
    for (const count of [2, 3]) {
      house.clock.advance(60);
      house.courier.wake();
      await house.called(count);
    }
    const ids = receiver.calls.map(({ headers }) => headers['webhook-id']);
    assert.equal(new Set(ids).size, 1);
    const times = receiver.calls.map(({ headers }) => Number(headers['webhook-timestamp']));
    assert.deepEqual(times, [1_800_000_000, 1_800_000_060, 1_800_000_120]);
    const [delivery] = await house.deliveries();
    assert.deepEqual([delivery?.state, delivery?.attempts], ['succeeded', 3]);
    assert.equal((await webhookNow(house, id)).failingSinceDateTime, null);
  },
);

onEveryEngine(
  'after a day of tries a delivery has failed, and is tried from the beginning when somebody says so',
  async (house, t) => {
    const receiver = await listen(t);
    receiver.answer((response) => void response.writeHead(503).end());
    await house.addWebhook({ targetUrl: receiver.url });
    await house.addUser();
    const begin = house.clock.now();
    for (let count = 1; count < mostAttempts; count += 1) {
      await house.called(count);
      const [{ nextAttemptDateTime } = { nextAttemptDateTime: null }] = await house.deliveries();
      house.clock.advance(Date.parse(nextAttemptDateTime ?? '') / 1000 - house.clock.now());
      house.courier.wake();
    }
    const calls = await house.called(mostAttempts);
    assert.equal(calls.at(-1)?.outcome, 'givenUp');
    assert.ok(house.clock.now() - begin <= 86_400);
    const [failed] = await house.deliveries();
    assert.deepEqual([failed?.state, failed?.attempts, failed?.queue], ['failed', mostAttempts, null]);
    receiver.answer((response) => void response.writeHead(200).end());
    house.clock.advance(60);
    const target = { type: entities.webhookDelivery, id: failed?.id ?? '' };
    await house.directory.invoke(admin, target, 'replay', {});
    await house.called(mostAttempts + 1);
    const [delivery] = await house.deliveries();
    assert.deepEqual([delivery?.state, delivery?.attempts, delivery?.id], ['succeeded', 1, failed?.id]);
  },
);

onEveryEngine('a receiver that hangs keeps no other waiting', async (house, t) => {
  const [hanging, quick] = [await listen(t), await listen(t)];
  hanging.answer(() => undefined);
  await house.addWebhook({ targetUrl: hanging.url });
  await house.addWebhook({ targetUrl: quick.url });
  for (let count = 0; count < 20; count += 1) await house.addUser();
  await quick.received(20);
  assert.equal(hanging.calls.length, 1, 'one that has not answered yet gets one call at a time');
});

test('a receiver that answers well gets more calls at once, and no more than eight', async (t) => {
  const house = await openHouse(t, 'memory:');
  const receiver = await listen(t);
  const held: ServerResponse[] = [];
  receiver.answer((response, count) => {
    if (count <= 4) response.writeHead(204).end();
    else held.push(response);
  });
  await house.addWebhook({ targetUrl: receiver.url });
  for (let count = 0; count < 30; count += 1) await house.addUser();
  await receiver.received(4 + 8);
  await turns();
  assert.equal(held.length, 8);
  receiver.answer((response) => void response.writeHead(204).end());
  for (const response of held) response.writeHead(204).end();
  await house.called(30);
});

test('while a webhook is disabled nobody looks at what waits for it again and again', async (t) => {
  const house = await openHouse(t, 'memory:');
  const id = await house.addWebhook({ targetUrl: 'http://127.0.0.1:9/' });
  await house.addUser();
  await house.called(1);
  await house.directory.update(admin, { type: entities.webhook, id }, { isEnabled: false });
  house.clock.advance(3600);
  let looks = 0;
  const directory: Directory = {
    ...house.directory,
    find(query) {
      looks += 1;
      return house.directory.find(query);
    },
  };
  const couriers = createCouriers({
    outside: createOutside({ allowLoopback: true }),
    clock: house.clock,
    observe: silent,
  });
  couriers.of({ directory, key: async () => key }).wake();
  await turns();
  assert.ok(looks > 0 && looks < 5, `${looks} looks`);
  await couriers.stop();
});

test('no answer in time is none, and neither is one that is too long', async (t) => {
  const answers = [
    ['timedOut', { callMilliseconds: 50 }, () => undefined],
    ['tooLong', {}, (response: ServerResponse) => void response.end(Buffer.alloc(100_000))],
  ] as const;
  for (const [failure, limits, answer] of answers) {
    const house = await openHouse(t, 'memory:', limits);
    const receiver = await listen(t);
    receiver.answer(answer);
    await house.addWebhook({ targetUrl: receiver.url });
    await house.addUser();
    await house.called(1);
    const [delivery] = await house.deliveries();
    assert.deepEqual([delivery?.state, delivery?.lastStatusCode, delivery?.lastFailure], ['pending', null, failure]);
  }
});

test('nobody inside is called', async (t) => {
  const house = await openHouse(t, 'memory:', { isClosed: true });
  const receiver = await listen(t);
  await house.addWebhook({ targetUrl: receiver.url });
  await house.addUser();
  await house.called(1);
  const [delivery] = await house.deliveries();
  assert.deepEqual([delivery?.state, delivery?.lastStatusCode, delivery?.lastFailure], ['pending', null, 'forbidden']);
  assert.equal(receiver.calls.length, 0);
});

test('a redirect is a failure and is not followed, wherever it leads', async (t) => {
  const house = await openHouse(t, 'memory:');
  const [receiver, other] = [await listen(t), await listen(t)];
  receiver.answer((response) => void response.writeHead(307, { location: other.url }).end());
  await house.addWebhook({ targetUrl: receiver.url });
  await house.addUser();
  await house.called(1);
  const [delivery] = await house.deliveries();
  assert.deepEqual([delivery?.state, delivery?.lastStatusCode], ['pending', 307]);
  assert.equal(other.calls.length, 0);
});

onEveryEngine('of several processes each delivery is made by one', async (house, t) => {
  const receiver = await listen(t);
  receiver.answer((response) => void setImmediate(() => response.writeHead(200).end()));
  await house.addWebhook({ targetUrl: receiver.url });
  const offices = [house.another(), house.another(), house.another()];
  const people = 40;
  for (let count = 0; count < people; count += 1) {
    await house.addUser();
    for (const { courier } of offices) courier.wake();
  }
  await house.called(people);
  const ids = receiver.calls.map(({ headers }) => headers['webhook-id']);
  assert.deepEqual([ids.length, new Set(ids).size], [people, people]);
});

onEveryEngine(
  'what a process that died had claimed is delivered by another, when its claim is over',
  async (house, t) => {
    const receiver = await listen(t);
    receiver.answer(() => undefined);
    await house.addWebhook({ targetUrl: receiver.url });
    await house.addUser();
    await receiver.received(1);
    receiver.answer((response) => void response.writeHead(200).end());
    const { courier } = house.another();
    courier.wake();
    const [claimed] = await house.deliveries();
    assert.deepEqual([claimed?.state, claimed?.attempts], ['pending', 1]);
    house.clock.advance(61);
    courier.wake();
    await receiver.received(2);
    await house.called(1);
    const [delivery] = await house.deliveries();
    assert.deepEqual([delivery?.state, delivery?.attempts], ['succeeded', 2]);
  },
);

onEveryEngine('a server that stops gives its calls up, and the next one makes them at once', async (house, t) => {
  const receiver = await listen(t);
  receiver.answer(() => undefined);
  await house.addWebhook({ targetUrl: receiver.url });
  await house.addUser();
  await receiver.received(1);
  await house.couriers.stop();
  const [left] = await house.deliveries();
  assert.deepEqual([left?.state, left?.attempts], ['pending', 0]);
  receiver.answer((response) => void response.writeHead(200).end());
  house.another().courier.wake();
  await house.called(1);
  assert.equal((await house.deliveries())[0]?.state, 'succeeded');
});

test('a receiver that answers 410 is called no more, until it is enabled again', async (t) => {
  const house = await openHouse(t, 'memory:');
  const receiver = await listen(t);
  receiver.answer((response) => void response.writeHead(410).end());
  const id = await house.addWebhook({ targetUrl: receiver.url });
  await house.addUser();
  await house.called(1);
  const gone = await webhookNow(house, id);
  assert.deepEqual([gone.isEnabled, gone.disabledReason], [false, 'gone']);
  house.clock.advance(3600);
  await house.addUser();
  house.courier.wake();
  assert.deepEqual([receiver.calls.length, (await house.deliveries()).length], [1, 1], 'nothing new is written down');
  receiver.answer((response) => void response.writeHead(200).end());
  await house.directory.update(admin, { type: entities.webhook, id }, { isEnabled: true });
  await house.called(2);
  const back = await webhookNow(house, id);
  assert.deepEqual([back.isEnabled, back.disabledReason, back.failingSinceDateTime], [true, null, null]);
});

test('a receiver that has taken nothing for three days is disabled', async (t) => {
  const house = await openHouse(t, 'memory:');
  const receiver = await listen(t);
  receiver.answer((response) => void response.writeHead(500).end());
  const id = await house.addWebhook({ targetUrl: receiver.url });
  await house.addUser();
  await house.called(1);
  house.clock.advance(3 * 86_400);
  house.courier.wake();
  await house.called(2);
  assert.deepEqual([(await webhookNow(house, id)).disabledReason], ['failing']);
});

test('what waits for a webhook that is deleted is given up, without a pause in between', async (t) => {
  const house = await openHouse(t, 'memory:');
  const receiver = await listen(t);
  receiver.answer((response) => void response.writeHead(500).end());
  const id = await house.addWebhook({ targetUrl: receiver.url });
  await house.addUser();
  await house.called(1);
  for (let count = 0; count < 3; count += 1) await house.addUser();
  await house.directory.remove(admin, { type: entities.webhook, id });
  house.clock.advance(60);
  house.courier.wake();
  await house.called(5);
  for (const { state, lastFailure } of await house.deliveries()) {
    assert.deepEqual([state, lastFailure], ['failed', 'webhookRemoved']);
  }
  assert.equal(receiver.calls.length, 1);
});

test('a tenant hears nothing of another', async (t) => {
  const house = await openHouse(t, 'memory:');
  const [receiver, neighbour] = [await listen(t), await listen(t)];
  const other = house.another(await house.createTenant('fabrikam.onmicrosoft.com'));
  await house.addWebhook({ targetUrl: receiver.url });
  await house.addWebhook({ targetUrl: neighbour.url }, other.directory);
  const userId = await house.addUser();
  const otherId = await house.addUser(other.directory);
  await house.called(2);
  const told = [receiver, neighbour].map(({ calls }) => calls.map((call) => call.told.data['userId']));
  assert.deepEqual(told, [[userId], [otherId]]);
  assert.equal((await house.deliveries(other.directory)).length, 1);
  assert.deepEqual(neighbour.calls[0]?.told['tenantId'], other.directory.tenant.id);
});
