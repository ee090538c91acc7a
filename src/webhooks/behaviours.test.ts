import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen } from '../../test/support/webhook-receiver.ts';
import { entities } from '../model/index.ts';
import { maximumWebhooks } from './behaviours.ts';
import { admin, type House, onEveryEngine, openHouse } from './testing/house.ts';

const targetUrl = 'https://crm.example/usher';
const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

test('an address that nobody may call, a secret that is none, and a list without events are refused', async (t) => {
  const house = await openHouse(t, 'memory:');
  const refused = async (draft: Readonly<Record<string, unknown>>, code: string) => {
    await assert.rejects(house.addWebhook({ targetUrl, ...draft }), { code, status: 400 }, JSON.stringify(draft));
  };
  for (const url of [
    'http://crm.example/',
    'ftp://crm.example/',
    'https://a:b@crm.example/',
    'crm.example',
    'https://x/#y',
  ]) {
    await refused({ targetUrl: url }, 'webhooks.badTargetUrl');
  }
  for (const text of ['hush', 'whsec_c2hvcnQ=']) await refused({ signingSecret: text }, 'webhooks.badSecret');
  await refused({ events: [] }, 'webhooks.noEvents');
  await refused({ events: undefined }, 'model.requiredProperty');
  await refused({ events: ['userRenamed'] }, 'model.invalidValue');
  await refused({ events: ['test'] }, 'webhooks.sampleOnly');
  const id = await house.addWebhook({ targetUrl, events: ['userCreated', 'userCreated'] });
  const ref = { type: entities.webhook, id };
  assert.deepEqual((await house.directory.get(ref))?.entity.events, ['userCreated']);
  await assert.rejects(house.directory.update(admin, ref, { events: [] }), { code: 'webhooks.noEvents' });
});

test('a secret reads back masked', async (t) => {
  const house = await openHouse(t, 'memory:');
  const id = await house.addWebhook({ targetUrl, signingSecret: secret });
  const found = await house.directory.get({ type: entities.webhook, id });
  assert.equal(found?.entity.signingSecret, '******');
});

test('a tenant has a bounded number of webhooks', async (t) => {
  const house = await openHouse(t, 'memory:');
  for (let count = 0; count < maximumWebhooks; count += 1) await house.addWebhook({ targetUrl });
  await assert.rejects(house.addWebhook({ targetUrl }), { code: 'webhooks.tooManyWebhooks', status: 400 });
});

test('a sample is sent, also while the webhook is disabled', async (t) => {
  const house = await openHouse(t, 'memory:');
  const receiver = await listen(t);
  const id = await house.addWebhook({ targetUrl: receiver.url, isEnabled: false, signingSecret: secret });
  await house.directory.invoke(admin, { type: entities.webhook, id }, 'test', {});
  const [call] = await receiver.received(1);
  assert.deepEqual([call?.told.type, call?.told.data], ['test', { webhookId: id }]);
  assert.match(String(call?.headers['webhook-signature']), /^v1,/);
});

const replayAll = (house: House, id: string, parameters: Readonly<Record<string, unknown>>) =>
  house.directory.invoke(admin, { type: entities.webhook, id }, 'replay', parameters);

onEveryEngine(
  'what happened since a moment is sent again with the same ids, and what is younger or another’s is not',
  async (house, t) => {
    const [receiver, other] = [await listen(t), await listen(t)];
    const id = await house.addWebhook({ targetUrl: receiver.url });
    await house.addWebhook({ targetUrl: other.url });
    for (let count = 1; count <= 4; count += 1) {
      await house.addUser();
      await house.called(2 * count);
      house.clock.advance(60);
    }
    const span = { since: '2027-01-15T08:01:00Z', until: '2027-01-15T08:02:30Z' };
    assert.equal(await replayAll(house, id, { ...span, state: 'failed' }), 0);
    assert.equal(await replayAll(house, id, span), 2);
    await house.called(10);
    const ids = receiver.calls.map(({ headers }) => headers['webhook-id']);
    assert.deepEqual(ids.slice(4).sort(), ids.slice(1, 3).sort());
    assert.equal(other.calls.length, 4);
    assert.equal(await replayAll(house, id, { since: '2027-01-15T09:00:00Z' }), 0);
    await assert.rejects(replayAll(house, id, {}), { status: 400 });
    await assert.rejects(replayAll(house, id, { since: 'yesterday' }), { status: 400 });
  },
);

test('more than a thousand deliveries are not sent again by one call', async (t) => {
  const house = await openHouse(t, 'memory:');
  const id = await house.addWebhook({ targetUrl });
  const over = { webhookId: id, event: 'userCreated', state: 'failed', payload: '{}' } as const;
  const entries = Array.from({ length: 1001 }, () => ({ ...over, createdDateTime: '2027-01-15T08:00:00Z' }));
  await house.directory.append(entities.webhookDelivery, entries);
  const refused = { code: 'webhooks.tooManyToReplay', status: 400 };
  await assert.rejects(replayAll(house, id, { since: '2027-01-15T00:00:00Z' }), refused);
  assert.equal((await house.deliveries()).filter(({ state }) => state === 'pending').length, 0);
});

test('what still waits is not sent again', async (t) => {
  const house = await openHouse(t, 'memory:');
  const receiver = await listen(t);
  receiver.answer((response) => void response.writeHead(500).end());
  const id = await house.addWebhook({ targetUrl: receiver.url });
  await house.addUser();
  await house.called(1);
  const [before] = await house.deliveries();
  assert.equal(await replayAll(house, id, { since: '2027-01-15T00:00:00Z' }), 0);
  assert.deepEqual((await house.deliveries())[0], before);
});
