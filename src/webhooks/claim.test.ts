import assert from 'node:assert/strict';
import { entities } from '../model/index.ts';
import { claim } from './claim.ts';
import { deliveryOf } from './delivery.ts';
import { admin, type House, onEveryEngine } from './testing/house.ts';

const targetUrl = 'http://127.0.0.1:9/';

/** A delivery that nobody tries but the test. */
async function deliver({ directory, clock }: House, webhookId: string, delaySeconds = 0): Promise<string> {
  const event = { event: 'userCreated', data: {} } as const;
  const now = clock.now() + delaySeconds;
  const entry = deliveryOf(webhookId, event, { tenantId: directory.tenant.id, now, correlationId: null });
  await directory.append(entities.webhookDelivery, [entry]);
  const [id] = (await directory.find({ type: entities.webhookDelivery, limit: 999 })).items.map(
    ({ entity }) => entity.id,
  );
  return id ?? '';
}

const attemptsOf = async ({ directory }: House, id: string) =>
  (await directory.get({ type: entities.webhookDelivery, id }))?.entity.attempts;

onEveryEngine('a delivery is claimed by one, counted, and by nobody else until the claim is over', async (house) => {
  const id = await deliver(house, await house.addWebhook({ targetUrl }));
  const all = await Promise.all(Array.from({ length: 5 }, () => claim(house, id)));
  assert.equal(all.filter((one) => one !== undefined).length, 1);
  assert.equal(await attemptsOf(house, id), 1);
  house.clock.advance(59);
  assert.equal(await claim(house, id), undefined);
  house.clock.advance(1);
  assert.equal((await claim(house, id))?.entity.attempts, 2);
});

onEveryEngine(
  'what is not due, or is for a webhook that is disabled, is not claimed and not counted',
  async (house) => {
    const webhookId = await house.addWebhook({ targetUrl });
    const id = await deliver(house, webhookId, 10);
    assert.equal(await claim(house, id), undefined);
    house.clock.advance(10);
    await house.directory.update(admin, { type: entities.webhook, id: webhookId }, { isEnabled: false });
    assert.equal(await claim(house, id), undefined);
    assert.equal(await attemptsOf(house, id), 0);
  },
);
